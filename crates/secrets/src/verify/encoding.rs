//! What the encoding of a token tells: bech32, base58check, macaroons, clamped keys, account ids.

use sha2::{Digest, Sha256};

use super::codec::base64_decode;
use crate::bytes;

const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Whether the bech32 checksum of `PREFIX1DATA` passes.
pub(super) fn bech32(text: &[u8]) -> bool {
    let text = text.to_ascii_lowercase();
    let Some(one) = text.iter().rposition(|it| *it == b'1') else { return false };
    let (prefix, data) = text.split_at(one);
    let Some(values) = bech32_values(data) else { return false };
    polymod(prefix, &values) == 1
}

fn bech32_values(data: &[u8]) -> Option<Vec<u32>> {
    let value = |it: &u8| u32::try_from(BECH32.iter().position(|member| member == it)?).ok();
    data.iter().skip(1).map(value).collect()
}

fn polymod(prefix: &[u8], values: &[u32]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let high = prefix.iter().map(|it| u32::from(it >> 5));
    let low = prefix.iter().map(|it| u32::from(it & 31));
    let all = high.chain([0]).chain(low).chain(values.iter().copied());
    all.fold(1, |sum: u32, value| {
        let top = sum >> 25;
        let mut next = (sum & 0x1ff_ffff) << 5 ^ value;
        for (bit, generator) in GENERATOR.iter().enumerate() {
            if top >> bit & 1 == 1 {
                next ^= generator;
            }
        }
        next
    })
}

/// Whether the last four bytes are the double SHA-256 of the rest.
pub(super) fn base58check(text: &[u8]) -> bool {
    let Some(raw) = base58_decode(text) else { return false };
    let Some((rest, sum)) = raw.split_last_chunk::<4>() else { return false };
    let twice = Sha256::digest(Sha256::digest(rest));
    twice.starts_with(sum) && rest.first() == Some(&0x80)
}

fn base58_decode(text: &[u8]) -> Option<Vec<u8>> {
    // Low byte first while it grows.
    let mut out: Vec<u8> = Vec::new();
    for byte in text {
        let mut carry = BASE58.iter().position(|it| it == byte)?;
        for place in &mut out {
            carry += usize::from(*place) * 58;
            *place = u8::try_from(carry & 255).ok()?;
            carry >>= 8;
        }
        while carry > 0 {
            out.push(u8::try_from(carry & 255).ok()?);
            carry >>= 8;
        }
    }
    out.reverse();
    Some(out)
}

/// The account that an access key id names: base 32 of 16 letters, of which six bytes less the
/// first and the last seven bits count. Older ids name none.
pub(crate) fn aws_account(key: &[u8]) -> Option<u64> {
    let letters = key.get(4..20)?;
    // Ids made before 2019 have an I or a J here, and other letters up to these.
    if letters.first().is_some_and(|it| !(b'Q'..=b'Z').contains(it) && !it.is_ascii_digit()) {
        return None;
    }
    let mut bits: u128 = 0;
    for letter in letters {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u128::from(value);
    }
    // 80 bits were read; the first six bytes of them hold the account.
    let head = u64::try_from(bits >> 32).ok()?;
    Some((head & 0x7fff_ffff_ff80) >> 7)
}

/// Whether the base64 body decodes to text that holds `wanted`.
pub(super) fn holds_text(body: &[u8], wanted: &str) -> bool {
    let bare = body.iter().rposition(|it| *it != b'=').map_or(0, |it| it + 1);
    let body = bytes::slice(body, 0, bare - usize::from(bare % 4 == 1));
    base64_decode(body).is_some_and(|it| bytes::find(&it, wanted.as_bytes()).is_some())
}

/// Whether the token is a version 2 macaroon whose place is the package index or its test twin.
pub(super) fn macaroon(whole: &[u8]) -> bool {
    let Some(body) = whole.strip_prefix(b"pypi-") else { return false };
    let cut = bytes::slice(body, 0, body.len() / 4 * 4);
    let Some(raw) = base64_decode(cut) else { return false };
    let [2, 1, length, rest @ ..] = raw.as_slice() else { return false };
    let (place, rest) = rest.split_at_checked(usize::from(*length)).unwrap_or_default();
    (place == b"pypi.org" || place == b"test.pypi.org") && rest.first() == Some(&2)
}

/// Whether the 32 bytes are clamped as private keys of Curve25519 are. A preshared key need not
/// be, so a key that is not clamped still counts if it is not text.
pub(super) fn is_curve25519(body: &[u8]) -> bool {
    let Some(raw) = base64_decode(body) else { return false };
    raw.len() == 32 && raw.iter().any(|it| !it.is_ascii_graphic())
}

/// Whether the UUID is more than a placeholder: more than a few different digits.
pub(super) fn is_random_uuid(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in body {
        if let Some(it) = seen.get_mut(usize::from(byte.to_ascii_lowercase())) {
            *it = true;
        }
    }
    seen.iter().filter(|it| **it).count() >= 6
}

/// Writes the right bech32 checksum over the last six characters.
#[cfg(test)]
pub(crate) fn complete_bech32(text: &mut [u8]) {
    let one = text.iter().rposition(|it| *it == b'1').unwrap();
    let lower = text.to_ascii_lowercase();
    let mut values = bech32_values(&lower[one..lower.len() - 6]).unwrap();
    values.extend([0; 6]);
    let sum = polymod(&lower[..one], &values) ^ 1;
    let n = text.len();
    for (place, to) in text[n - 6..].iter_mut().enumerate() {
        *to = BECH32[(sum >> (5 * (5 - place)) & 31) as usize].to_ascii_uppercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bech32_passes_and_fails_as_the_standard_says() {
        assert!(bech32(b"A12UEL5L"));
        assert!(bech32(b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"));
        assert!(!bech32(b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxq"));
        let mut made = b"AGE-SECRET-KEY-1QQQQQQPPPPPPZZZZZZ".to_vec();
        complete_bech32(&mut made);
        assert!(bech32(&made));
    }

    #[test]
    fn the_account_is_read_from_a_key_id() {
        // Made from the formula: the account 123456789012 in the six leading bytes.
        let head: u128 = 123_456_789_012 << 7 | 1 << 47;
        let bits = head << 32 | 0x1234_5678;
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let letters = (0..16).map(|it| alphabet[(bits >> (75 - 5 * it) & 31) as usize]);
        let key: Vec<u8> = b"AKIA".iter().copied().chain(letters).collect();
        assert_eq!(aws_account(&key), Some(123_456_789_012));
        assert_eq!(aws_account(b"AKIAIAAAAAAAAAAAAAAA"), None);
    }

    #[test]
    fn base58check_decides() {
        // The private key 1, as wallets write it; in parts so that it is not one string here.
        let parts = ["5HpHagT65TZzG1PH3CSu63k8DbpvD", "8s5ip4nEB3kEsreAnchuDf"];
        assert!(base58check(parts.concat().as_bytes()));
        assert!(!base58check(parts.concat().replace("AnchuDf", "AnchuDg").as_bytes()));
    }
}
