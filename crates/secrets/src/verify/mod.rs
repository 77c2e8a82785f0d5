//! What a candidate says about itself: checksums, encodings, and how random it looks. All of it
//! offline, all of it without keeping the value.

mod checksum;
mod codec;
mod encoding;
mod marvin;

pub(crate) use checksum::{Crc, crc24};
pub(crate) use codec::{base64_decode, base64_encode, base64_size, hex_decode, percent_decode};
pub(crate) use encoding::aws_account;

use crate::placeholder;
use crate::random;

/// One check of a kind's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Check {
    /// A CRC-32 in one of several notations.
    Crc(Crc),
    /// A Marvin32 checksum with one of these seeds.
    Marvin(Vec<u64>),
    /// A bech32 checksum.
    Bech32,
    /// A base58check checksum.
    Base58,
    /// An AWS account id is spelled in the key id.
    Account,
    /// Decodes to so many bytes.
    Base64(usize),
    /// Decodes to a text that has this in it.
    Base64Text(&'static str),
    /// A macaroon of the package index.
    Macaroon,
    /// A private key of Curve25519.
    Clamp,
    /// A UUID that is not all zeros or the like.
    Uuid,
    /// Upper and lower case.
    Mixed,
    /// At least one digit.
    Digit,
    /// At least one byte that is neither letter nor digit.
    Special,
    /// Shannon entropy per byte, in tenths of a bit.
    Entropy(u16),
    /// No word such as `commit` or `sha256` before it.
    NotHash,
    /// Not a row of hexadecimal digits.
    NotHex,
    /// A word such as `secret` or `key` between the gate word and the value.
    SecretWord,
    /// May stand inside a longer word.
    Free,
    /// May not follow a letter, a digit, or `-`, `_`, `.`, `/`, `+`.
    Tight,
    /// Never more than a note.
    Note,
    /// A default that ships with the product.
    Default,
    /// The value must be assigned to a name.
    Keyword,
    /// The run before the anchor is no longer than the shape says.
    FixedRun,
    /// Both sides of the anchor are alike in length.
    Pair(usize),
    /// Long, or next to the word `bearer`.
    Bearer,
    /// Random, or an example of something random.
    Randomish,
    /// Names an account or a resource; looked for only when asked.
    Identifier,
}

/// What the checks of a kind made of a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Judged {
    /// A checksum passed.
    Checksum,
    /// The encoding or the structure is right.
    Structure,
    /// Nothing to check but the shape.
    Shape,
    /// A checksum did not pass.
    Broken,
    /// Not of this kind after all.
    Refused,
}

impl Check {
    pub(crate) fn read(text: &'static str) -> Option<Self> {
        let (name, argument) = text.split_once(':').unwrap_or((text, ""));
        Some(match name {
            "crc-b62" => Self::Crc(Crc::Base62Body),
            "crc-b62-full" => Self::Crc(Crc::Base62Whole),
            "crc-b36" => Self::Crc(Crc::Base36),
            "crc-hex" => Self::Crc(Crc::HexWhole),
            "crc-hex-32" => Self::Crc(Crc::HexBody(32)),
            "crc-hex-40" => Self::Crc(Crc::HexBody(40)),
            "crc-le" => Self::Crc(Crc::HexLittle),
            "marvin" => Self::Marvin(argument.split('+').map(marvin::seed).collect::<Option<_>>()?),
            "bech32" => Self::Bech32,
            "b58check" => Self::Base58,
            "account" => Self::Account,
            "b64" | "b64u" => Self::Base64(argument.parse().ok()?),
            "b64text" => Self::Base64Text(argument),
            "macaroon" => Self::Macaroon,
            "clamp" => Self::Clamp,
            "uuid" => Self::Uuid,
            "mixed" => Self::Mixed,
            "digit" => Self::Digit,
            "special" => Self::Special,
            "entropy" => Self::Entropy(argument.parse().ok()?),
            "nothash" => Self::NotHash,
            "nothex" => Self::NotHex,
            "secretword" => Self::SecretWord,
            "free" => Self::Free,
            "tight" => Self::Tight,
            "note" => Self::Note,
            "default" => Self::Default,
            "keyword" => Self::Keyword,
            "fixedrun" => Self::FixedRun,
            "pair" => Self::Pair(argument.parse().ok()?),
            "bearer" => Self::Bearer,
            "randomish" => Self::Randomish,
            "identifier" => Self::Identifier,
            _ => return None,
        })
    }
}

/// Applies the checks that need nothing but the candidate. `body` is the candidate without its
/// public prefix.
#[inline(never)]
pub(crate) fn judge(checks: &[Check], whole: &[u8], body: &[u8]) -> Judged {
    let mut verdict = Judged::Shape;
    for check in checks {
        let one = judge_one(check, whole, body);
        match one {
            Judged::Refused => return Judged::Refused,
            Judged::Shape => {}
            Judged::Checksum | Judged::Structure | Judged::Broken => verdict = one,
        }
    }
    verdict
}

fn judge_one(check: &Check, whole: &[u8], body: &[u8]) -> Judged {
    let sum = |passes: bool| if passes { Judged::Checksum } else { Judged::Broken };
    let structure = |passes: bool| if passes { Judged::Structure } else { Judged::Broken };
    let must = |holds: bool| if holds { Judged::Shape } else { Judged::Refused };
    match check {
        Check::Crc(it) => match it.passes(whole, body) {
            Some(passes) => sum(passes),
            None => Judged::Shape,
        },
        Check::Marvin(seeds) => sum(marvin::passes(whole, seeds)),
        Check::Bech32 => sum(encoding::bech32(whole)),
        Check::Base58 => must(encoding::base58check(whole)),
        Check::Account => match aws_account(whole) {
            Some(0) => Judged::Broken,
            Some(_) | None => Judged::Shape,
        },
        Check::Base64(size) => must(base64_size(body) == Some(*size)),
        Check::Base64Text(text) => structure(encoding::holds_text(body, text)),
        Check::Macaroon => structure(encoding::macaroon(whole)),
        Check::Clamp => must(encoding::is_curve25519(body)),
        Check::Uuid => must(encoding::is_random_uuid(body)),
        Check::Mixed => {
            must(body.iter().any(u8::is_ascii_uppercase) && body.iter().any(u8::is_ascii_lowercase))
        }
        Check::Digit => must(body.iter().any(u8::is_ascii_digit)),
        Check::Special => must(body.iter().any(|it| !it.is_ascii_alphanumeric())),
        Check::Entropy(tenths) => must(random::entropy_tenths(body) >= u32::from(*tenths)),
        Check::Randomish => {
            must(random::looks_random(body, 8) || placeholder::example(body).is_some())
        }
        Check::NotHex => must(!body.iter().all(u8::is_ascii_hexdigit)),
        Check::Pair(_)
        | Check::NotHash
        | Check::SecretWord
        | Check::Free
        | Check::Tight
        | Check::Note
        | Check::Default
        | Check::Keyword
        | Check::FixedRun
        | Check::Identifier
        | Check::Bearer => Judged::Shape,
    }
}

/// Whether the text is a UUID of more than a few different digits.
#[inline(never)]
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    let form = text.len() == 36
        && text.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    form && encoding::is_random_uuid(text)
}

#[cfg(test)]
pub(crate) use {
    checksum::tests::complete, encoding::complete_bech32,
    marvin::tests::complete as complete_marvin,
};
