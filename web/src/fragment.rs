//! Texts that come along with a link, as the examples of the companion do: `#text=` has the Dockerfile and
//! each `beside=` another input, as base64url of UTF-8. A fragment is sent to nobody.

use crate::state::{Action, Attachment};

/// More than any example has; a link of others may have anything.
const MOST: usize = 200_000;

/// The texts of a fragment replace all inputs. Nothing if it holds none, or something else.
pub(crate) fn taken_in(fragment: &str) -> Option<Action> {
    let mut text = String::new();
    let mut beside = Vec::new();
    for part in fragment.trim_start_matches('#').split('&') {
        match part.split_once('=')? {
            ("text", packed) => text = unpacked(packed)?,
            ("beside", packed) => {
                let name = format!("linked-{}", beside.len() + 1);
                beside.push(Attachment::text(&name, &unpacked(packed)?));
            }
            _ => return None,
        }
    }
    Some(Action::Swapped { text, beside })
}

/// Text from base64url without padding.
fn unpacked(packed: &str) -> Option<String> {
    if packed.len() > MOST {
        return None;
    }
    let mut bytes = Vec::with_capacity(packed.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0_u32, 0_u32);
    for it in packed.bytes() {
        let value = match it {
            b'A'..=b'Z' => it - b'A',
            b'a'..=b'z' => it - b'a' + 26,
            b'0'..=b'9' => it - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits & 0xff) as u8);
        }
    }
    // The editor knows one kind of line end only.
    String::from_utf8(bytes).ok().map(|it| it.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Body;

    #[test]
    fn texts_are_unpacked() {
        let action = taken_in("#text=RlJPTSBhPGIK&beside=W10K").unwrap();
        let Action::Swapped { text, beside } = action else { panic!("{action:?}") };
        assert_eq!(text, "FROM a<b\n");
        let [Attachment { name, body: Body::Text(source, false), .. }] = &beside[..] else {
            panic!("{beside:?}")
        };
        assert_eq!((name.as_str(), source.text()), ("linked-1", "[]\n"));
        assert_eq!(unpacked("w6TCsSDigJM").as_deref(), Some("\u{e4}\u{b1} \u{2013}"));
    }

    #[test]
    fn what_is_no_such_text_is_refused() {
        for it in ["#text", "#text=a+b", "#text=_w", "#text=RlJPTQ&other=x", "#other=RlJPTQ"] {
            assert!(taken_in(it).is_none(), "{it}");
        }
        assert!(unpacked(&"A".repeat(MOST + 1)).is_none());
    }
}
