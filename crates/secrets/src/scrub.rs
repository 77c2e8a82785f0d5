//! Takes found secrets out of other strings, in every form they may have there. The values stay
//! in here: nothing of this type can be printed, read or serialized.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::verify::base64_encode;

/// Most bytes of values that are kept; a hostile input cannot make it grow beyond that.
const MOST_BYTES: usize = 4 << 20;
/// Values shorter than this would tear holes into any text.
const SHORTEST: usize = 4;

/// The values of found secrets, for hiding them. Deliberately without `Debug`, `Clone` or any
/// way to look inside.
#[derive(Default)]
pub struct Scrubber {
    /// Value to replacement; longer values first when they are replaced.
    values: BTreeMap<Vec<u8>, String>,
    held: usize,
}

impl Scrubber {
    /// A scrubber that hides nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what another one hides.
    pub fn merge(&mut self, other: Self) {
        for (value, mask) in other.values {
            self.add(&value, &mask);
        }
    }

    pub(crate) fn add(&mut self, value: &[u8], mask: &str) {
        if value.len() < SHORTEST || self.values.contains_key(value) {
            return;
        }
        if self.held + value.len() > MOST_BYTES {
            return;
        }
        self.held += value.len();
        self.values.insert(value.to_vec(), mask.to_owned());
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The text without any of the values: as they are, in base64 at any offset, in hexadecimal,
    /// percent-encoded, and escaped as JSON and shells do.
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut out = Cow::Borrowed(text);
        let mut values: Vec<_> = self.values.iter().collect();
        values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        for (value, mask) in values {
            for form in forms(value) {
                if out.contains(&form) {
                    out = Cow::Owned(out.replace(&form, mask));
                }
            }
        }
        out
    }
}

/// Every way a value may be written in another text.
fn forms(value: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    if let Ok(text) = std::str::from_utf8(value) {
        out.push(text.to_owned());
        out.push(escape(text, |it| matches!(it, '"' | '\\'), "\\"));
        out.push(text.replace('\n', "\\n"));
        out.push(escape(text, |it| matches!(it, '"' | '\\'), "\\").replace('\n', "\\n"));
        out.push(escape(
            text,
            |it| !it.is_ascii_alphanumeric() && !"_-./:@%+=,".contains(it),
            "\\",
        ));
        out.push(text.replace('\'', "'\\''"));
        out.push(
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;"),
        );
        out.push(text.replace('$', "$$"));
    } else {
        out.push(String::from_utf8_lossy(value).into_owned());
    }
    out.push(percent(value, |it| it.is_ascii_alphanumeric() || b"-_.~".contains(&it)));
    out.push(percent(value, |it| {
        it.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@/?".contains(&it)
    }));
    out.push(percent(value, |_| false));
    // Short values in base64 or hexadecimal are too common to be told from other text.
    if value.len() >= 6 {
        out.push(value.iter().map(|it| format!("{it:02x}")).collect());
        out.push(value.iter().map(|it| format!("{it:02X}")).collect());
        for url in [false, true] {
            out.extend((0..3).map(|offset| base64_inside(value, offset, url)));
        }
    }
    out.sort_by_key(|it| std::cmp::Reverse(it.len()));
    out.dedup();
    out.retain(|it| it.len() >= SHORTEST);
    out
}

/// What base64 makes of the value when `offset` other bytes stand before it: the characters that
/// depend on the value alone.
fn base64_inside(value: &[u8], offset: usize, url: bool) -> String {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(value);
    let encoded = base64_encode(&padded, url);
    let skip = match offset {
        0 => 0,
        1 => 2,
        _ => 3,
    };
    let whole = padded.len() * 8 / 6;
    encoded.get(skip..whole.min(encoded.len())).unwrap_or_default().to_owned()
}

fn escape(text: &str, special: impl Fn(char) -> bool, with: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        if special(it) {
            out.push_str(with);
        }
        out.push(it);
    }
    out
}

fn percent(value: &[u8], plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value {
        if plain(*byte) {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubber(value: &str) -> Scrubber {
        let mut out = Scrubber::new();
        out.add(value.as_bytes(), "[hidden]");
        out
    }

    #[test]
    fn every_form_of_a_value_is_hidden() {
        let value = "p@ss \"w0rd\"/9z";
        let scrubber = scrubber(value);
        let forms = [
            value.to_owned(),
            r#"p@ss \"w0rd\"/9z"#.to_owned(),
            "p%40ss%20%22w0rd%22%2F9z".to_owned(),
            base64_encode(value.as_bytes(), false),
            base64_encode(format!("user:{value}").as_bytes(), false),
            base64_encode(format!("users:{value}@host").as_bytes(), true),
            value.bytes().map(|it| format!("{it:02x}")).collect(),
        ];
        for form in forms {
            let text = format!("before {form} after");
            let scrubbed = scrubber.scrub(&text);
            assert!(
                scrubbed.contains("[hidden]") && scrubbed.contains("before"),
                "{text}: {scrubbed}"
            );
            for piece in form.as_bytes().windows(8) {
                let piece = std::str::from_utf8(piece).unwrap();
                let edge = form.len() > value.len();
                assert!(edge || !scrubbed.contains(piece), "{scrubbed}");
            }
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(scrubber("hunter22").scrub("nothing here"), Cow::Borrowed(_)));
        assert!(Scrubber::new().is_empty());
    }
}
