//! Numbers and texts out of bytes, none of which can be read past the end.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A little-endian number of two bytes.
pub(crate) fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A little-endian number of four bytes.
pub(crate) fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number of two bytes.
pub(crate) fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number of four bytes.
pub(crate) fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// What stands before the first NUL.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

/// Bytes without blanks at either end.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// The first `from` bytes cut off; nothing where there are fewer.
pub(crate) fn after(bytes: &[u8], from: usize) -> &[u8] {
    bytes.get(from..).unwrap_or_default()
}

/// The lines of a text, without their ends.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|it| *it == b'\n').map(|it| it.strip_suffix(b"\r").unwrap_or(it))
}

/// The text of bytes; what is not UTF-8 becomes the replacement character.
pub(crate) fn text(bytes: &[u8]) -> Box<str> {
    String::from_utf8_lossy(bytes).into()
}

/// A name as people may see it: control characters, direction marks and bytes that are not UTF-8
/// are written as escapes, so that a name cannot pose as another one or move the cursor.
pub fn visible(name: &[u8]) -> Cow<'_, str> {
    if let Ok(plain) = std::str::from_utf8(name)
        && !plain.chars().any(is_deceptive)
    {
        return Cow::Borrowed(plain);
    }
    let mut out = String::new();
    for chunk in name.utf8_chunks() {
        for it in chunk.valid().chars() {
            if is_deceptive(it) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(it));
            } else {
                out.push(it);
            }
        }
        for it in chunk.invalid() {
            let _ = write!(out, "\\x{it:02x}");
        }
    }
    Cow::Owned(out)
}

/// Control characters, and the marks that change the direction of writing (Unicode UAX #9) or
/// have no width.
fn is_deceptive(it: char) -> bool {
    let marks = ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2060}'..='\u{2069}'];
    it.is_control() || it == '\u{feff}' || marks.iter().any(|range| range.contains(&it))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0');
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}

/// Decodes base 64, standard or URL alphabet, padded or not (RFC 4648 sections 4 and 5). Blanks
/// are passed over; anything else ends the text.
pub(crate) fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for it in text {
        let value = match it {
            b'A'..=b'Z' => it - b'A',
            b'a'..=b'z' => it - b'a' + 26,
            b'0'..=b'9' => it - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b' ' | b'\n' | b'\r' | b'\t' => continue,
            _ => break,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held).to_le_bytes()[0]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_deceive_are_shown_as_they_are() {
        assert_eq!(visible(b"etc/passwd"), "etc/passwd");
        assert_eq!(visible("caf\u{e9}".as_bytes()), "caf\u{e9}");
        assert_eq!(visible(b"a\x1b[2Kb\xe9"), "a\\u{1b}[2Kb\\xe9");
        assert_eq!(visible("x\u{202e}gpj.exe".as_bytes()), "x\\u{202e}gpj.exe");
    }

    #[test]
    fn base_64_of_rfc_4648() {
        for (text, plain) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg", "foob"),
            ("Zm9v\nYmFy", "foobar"),
        ] {
            assert_eq!(base64(text.as_bytes()), plain.as_bytes(), "{text}");
        }
        assert_eq!(base64(b"-_8"), [0xfb, 0xff]);
    }

    #[test]
    fn hexadecimal() {
        assert_eq!(hex(&[0, 0x9f, 0xff]), "009fff");
    }
}
