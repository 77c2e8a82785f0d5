//! What a scan gives out: where a secret lies and what is known of it, never the secret.

use std::fmt;

use text::Date;

use crate::placeholder::Example;
use crate::table::{Kind, Severity};

/// How sure it is that this is what it looks like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// The form, a checksum or the structure says so.
    Certain,
    /// A name and the look of the value say so.
    Likely,
}

/// What could be found out about a secret without asking anybody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verification {
    /// Its checksum passes.
    Checksum,
    /// It was decoded, and its structure is right.
    Structure,
    /// It has the form; nothing in it can be checked.
    Form,
    /// Only its name and its randomness speak for it.
    Guess,
    /// It has the form, but its checksum does not pass: not a real one.
    ChecksumFails,
    /// An example or a stand-in.
    Example(Example),
    /// It was valid until that day.
    Expired(Date),
    /// It is encrypted; a passphrase protects it.
    Encrypted,
    /// A key that is published with a library's tests.
    PublicTestKey,
    /// A login that ships as the default of a product.
    DefaultLogin,
    /// Public by design.
    Public,
}

/// How the secret was wrapped where it was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Encoding {
    /// Base64, either alphabet.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// Percent signs as in URLs.
    Percent,
}

/// A place in the scanned bytes. Offsets are 64 bits wide: a layer may be larger than a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// Where it starts.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
}

impl Place {
    /// First offset after it.
    pub fn end(self) -> u64 {
        self.offset + u64::from(self.length)
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.offset < other.end() && other.offset < self.end()
    }
}

/// A keyed digest of kind and value: equal for the same secret in two places, of no use to
/// anybody who does not have the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fingerprint(pub(crate) [u8; 10]);

impl fmt::Display for Fingerprint {
    /// Sixteen letters of base 32.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        for place in (0..16).rev() {
            let digit = u8::try_from(bits >> (5 * place) & 31).unwrap_or_default();
            let letter = if digit < 26 { b'a' + digit } else { b'2' + digit - 26 };
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}

/// Something public that a secret tells about itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fact {
    /// Such as `account` or `issuer`.
    pub name: &'static str,
    /// Its value, cut to what a line of a report bears.
    pub value: String,
}

/// One secret in one place. It holds nothing of the value but what is public.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What kind of secret.
    pub kind: &'static Kind,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What was found out offline.
    pub verification: Verification,
    /// Where it stands, with its public prefix and, if it was encoded, the whole encoded text.
    pub place: Place,
    /// What of it must be hidden in an excerpt.
    pub hide: Place,
    /// The public prefix and the length, to show instead of the value.
    pub masked: String,
    /// Equal for equal secrets under one key.
    pub fingerprint: Fingerprint,
    /// Public facts, in a fixed order.
    pub facts: Vec<Fact>,
    /// How it was wrapped.
    pub encoding: Option<Encoding>,
    /// The name of the variable or the key that holds it, if there is one.
    pub name: Option<String>,
    /// The line asks for it to be left out (`gitleaks:allow` and the like). Never dropped here.
    pub allowed: bool,
    /// The path says that it is a fixture or a document; the severity is a step milder for it.
    pub fixture: bool,
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.kind.id == other.kind.id
            && self.severity == other.severity
            && self.confidence == other.confidence
            && self.verification == other.verification
            && self.place == other.place
            && self.hide == other.hide
            && self.masked == other.masked
            && self.fingerprint == other.fingerprint
            && self.facts == other.facts
            && self.encoding == other.encoding
            && self.name == other.name
            && self.allowed == other.allowed
            && self.fixture == other.fixture
    }
}

impl Eq for Hit {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_sixteen_letters() {
        assert_eq!(Fingerprint([0; 10]).to_string(), "aaaaaaaaaaaaaaaa");
        assert_eq!(Fingerprint([255; 10]).to_string(), "7777777777777777");
    }

    #[test]
    fn places_overlap_when_they_share_a_byte() {
        let place = |offset, length| Place { offset, length };
        assert!(place(3, 2).overlaps(place(4, 1)));
        assert!(!place(3, 2).overlaps(place(5, 1)));
    }
}
