//! Base64, hexadecimal and percent encoding, one level, of bounded inputs.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// Decodes either alphabet, with or without padding.
#[inline(never)]
pub(crate) fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    let bare = text.strip_suffix(b"=").unwrap_or(text);
    let bare = bare.strip_suffix(b"=").unwrap_or(bare);
    if bare.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(bare.len() / 4 * 3 + 2);
    for group in bare.chunks(4) {
        let mut bits = 0;
        for byte in group {
            bits = bits << 6 | value(*byte)?;
        }
        bits <<= 6 * (4 - group.len());
        let [_, bytes @ ..] = bits.to_be_bytes();
        out.extend_from_slice(bytes.get(..group.len() - 1)?);
    }
    Some(out)
}

/// How many bytes the text decodes to, if it is base64.
pub(crate) fn base64_size(text: &[u8]) -> Option<usize> {
    let bare = text.strip_suffix(b"=").unwrap_or(text);
    let bare = bare.strip_suffix(b"=").unwrap_or(bare);
    let fits = bare.len() % 4 != 1 && bare.iter().all(|it| value(*it).is_some());
    fits.then_some(bare.len() * 6 / 8)
}

/// Encodes without padding, in the URL alphabet or the plain one.
#[inline(never)]
pub(crate) fn base64_encode(bytes: &[u8], url: bool) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for group in bytes.chunks(3) {
        let mut word = [0u8; 4];
        for (to, from) in word.iter_mut().skip(1).zip(group) {
            *to = *from;
        }
        let bits = u32::from_be_bytes(word);
        for place in 0..=group.len() {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            let byte = ALPHABET.get(digit).copied().unwrap_or(b'=');
            out.push(char::from(match byte {
                b'+' if url => b'-',
                b'/' if url => b'_',
                byte => byte,
            }));
        }
    }
    out
}

/// Decodes pairs of hexadecimal digits.
#[inline(never)]
pub(crate) fn hex_decode(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

/// Decodes `%41`; other bytes stay as they are.
#[inline(never)]
pub(crate) fn percent_decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut left = text;
    while let [first, rest @ ..] = left {
        let decoded = match (first, rest) {
            (b'%', [high, low, rest @ ..]) => {
                digit(*high).zip(digit(*low)).map(|(high, low)| (high << 4 | low, rest))
            }
            _ => None,
        };
        let (byte, rest) = decoded.unwrap_or((*first, rest));
        out.push(byte);
        left = rest;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{ff}\u{fe}>>??"] {
            for url in [false, true] {
                let encoded = base64_encode(text.as_bytes(), url);
                assert_eq!(base64_decode(encoded.as_bytes()).unwrap(), text.as_bytes());
                assert_eq!(base64_size(encoded.as_bytes()), Some(text.len()));
            }
        }
        assert_eq!(base64_encode(b"foob", false), "Zm9vYg");
        assert_eq!(base64_decode(b"Zm9vYg==").unwrap(), b"foob");
        assert!(base64_decode(b"Zm9vY").is_none() && base64_decode(b"Zm 9").is_none());
    }

    #[test]
    fn hex_and_percent_are_decoded() {
        assert_eq!(hex_decode(b"4a4B").unwrap(), b"JK");
        assert!(hex_decode(b"4a4").is_none() && hex_decode(b"zz").is_none());
        assert_eq!(percent_decode(b"a%2Fb%zz%4"), b"a/b%zz%4");
    }
}
