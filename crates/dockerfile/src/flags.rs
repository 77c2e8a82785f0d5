//! `--name=value` flags before an instruction's arguments.

use text::{Cooked, Span};

use crate::Word;

/// A flag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flag {
    /// All of it.
    pub span: Span,
    /// Its name, without the dashes.
    pub name: String,
    /// Its value, quotes and escapes removed, variables as written. Nothing when no `=` follows.
    pub value: Option<Word>,
}

impl Flag {
    /// Its value as written; empty when it has none.
    pub fn value_str(&self) -> &str {
        self.value.as_ref().map(Word::as_str).unwrap_or_default()
    }

    /// Whether it switches something on: no value, or one that says so.
    pub fn is_on(&self) -> bool {
        self.value.is_none() || self.value_str().eq_ignore_ascii_case("true")
    }
}

/// Takes the flags off the front of an instruction's text and gives the rest.
///
/// Quotes may enclose parts of a flag and a backslash escapes one character, whatever the escape
/// directive says. A bare `--` ends the flags.
pub(crate) fn take(text: &Cooked) -> (Vec<Flag>, Cooked) {
    let line = text.as_str();
    let mut flags = Vec::new();
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start().len();
        let rest = line.get(at..).unwrap_or_default();
        if !rest.starts_with("--") {
            break;
        }
        let (value, end) = unquote(text, at);
        if value.as_str() == "--" {
            at = end;
            break;
        }
        flags.push(flag(value, text.span(at..end)));
        at = end;
    }
    let rest = line.get(at..).unwrap_or_default();
    let lead = rest.len() - rest.trim_start().len();
    (flags, text.slice(at + lead..at + lead + rest.trim().len()))
}

fn flag(text: Cooked, span: Span) -> Flag {
    let all = text.as_str();
    let body = all.strip_prefix("--").unwrap_or(all);
    match body.split_once('=') {
        Some((name, value)) => {
            let name = name.to_owned();
            let value = Word::new(text.slice(all.len() - value.len()..all.len()));
            Flag { span, name, value: Some(value) }
        }
        None => Flag { span, name: body.to_owned(), value: None },
    }
}

/// The word at `start` without its quotes and escapes, and where it ends.
fn unquote(text: &Cooked, start: usize) -> (Cooked, usize) {
    let line = text.as_str();
    let mut out = Cooked::empty(text.span(start..start).start());
    let mut quote = None;
    let mut chars = line.get(start..).unwrap_or_default().char_indices();
    while let Some((index, mut it)) = chars.next() {
        let mut at = start + index;
        match quote {
            None if it.is_whitespace() => return (out, at),
            None if it == '\'' || it == '"' => {
                quote = Some(it);
                continue;
            }
            Some(open) if it == open => {
                quote = None;
                continue;
            }
            _ => {}
        }
        if it == '\\' {
            let Some((index, escaped)) = chars.next() else { break };
            (it, at) = (escaped, start + index);
        }
        out.push(it.encode_utf8(&mut [0; 4]), text.span(at..at).start());
    }
    (out, line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_taken_off_the_front() {
        let text = Cooked::plain(r#"--from=a --chown="b c":d --link x --y"#, 5);
        let (flags, rest) = take(&text);
        let read: Vec<_> = flags.iter().map(|it| (&it.name[..], it.value_str())).collect();
        assert_eq!(read, [("from", "a"), ("chown", "b c:d"), ("link", "")]);
        assert_eq!(rest.as_str(), "x --y");
        assert_eq!(flags[1].span, Span::new(14, 29));
    }

    #[test]
    fn two_dashes_end_the_flags() {
        let (flags, rest) = take(&Cooked::plain("-- --from=a b", 0));
        assert!(flags.is_empty());
        assert_eq!(rest.as_str(), "--from=a b");
        let (flags, rest) = take(&Cooked::plain("--a", 0));
        assert_eq!((flags.len(), rest.as_str()), (1, ""));
    }
}
