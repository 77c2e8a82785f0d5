//! Control files: `Field: value` lines in paragraphs (Debian Policy 5.1; Python's metadata and
//! jar manifests are written much the same way).

use crate::bytes::{lines, text, trim};

/// A paragraph: names and values of its fields. Lines that go on are left out, no value that is
/// read here has any.
#[derive(Default, Debug)]
pub(super) struct Stanza<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Stanza<'a> {
    /// The value of a field. Of several the last counts; the case of its name does not.
    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        let is_it = |it: &&(&[u8], &[u8])| it.0.eq_ignore_ascii_case(name.as_bytes());
        let value = self.fields.iter().rev().find(is_it).map(|it| it.1);
        value.filter(|it| !it.is_empty())
    }

    /// The value of a field as text.
    pub(super) fn text(&self, name: &str) -> Option<Box<str>> {
        self.get(name).map(text)
    }
}

/// The paragraphs of a control file. Only the fields that are named are kept.
pub(super) fn stanzas<'a>(
    file: &'a [u8],
    wanted: &'a [&'a str],
) -> impl Iterator<Item = Stanza<'a>> {
    let mut lines = lines(file);
    std::iter::from_fn(move || {
        let mut stanza = Stanza::default();
        let mut is_empty = true;
        for line in lines.by_ref() {
            if trim(line).is_empty() {
                if is_empty {
                    continue;
                }
                return Some(stanza);
            }
            is_empty = false;
            if let Some((name, value)) = field(line)
                && wanted.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(name))
            {
                stanza.fields.push((name, value));
            }
        }
        (!is_empty).then_some(stanza)
    })
}

fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if line.first().is_none_or(u8::is_ascii_whitespace) {
        return None;
    }
    let (name, value) = line.split_at_checked(memchr::memchr(b':', line)?)?;
    Some((trim(name), trim(value.get(1..)?)))
}
