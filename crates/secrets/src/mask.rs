//! What is shown instead of a secret: its public prefix and its length; and the keyed digest that
//! tells equal secrets.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::hit::Fingerprint;
use crate::table::Kind;

/// The prefix and the length of a token, or only a length bucket of a password.
pub(crate) fn masked(prefix: &[u8], length: usize, password: bool) -> String {
    if password {
        let least = match length {
            0..8 => 1,
            it => 1 << it.ilog2(),
        };
        let most = if least == 1 { 7 } else { least * 2 - 1 };
        return format!("… ({least} to {most} characters)");
    }
    let prefix = String::from_utf8_lossy(prefix);
    format!("{prefix}… ({length} characters)")
}

/// What is shown of a password, or of any value whose form nobody knows: roughly how long it is.
pub fn masked_password(value: &str) -> String {
    masked(b"", value.len(), true)
}

/// HMAC-SHA-256 over the kind, a zero, and the value; the first ten bytes.
pub(crate) fn fingerprint(key: &[u8; 32], kind: &Kind, value: &[u8]) -> Fingerprint {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Fingerprint([0; 10]) };
    mac.update(kind.id.as_bytes());
    mac.update(&[0]);
    mac.update(value);
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    Fingerprint(digest.first_chunk().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_prefix_and_length_only() {
        assert_eq!(masked(b"ghp_", 40, false), "ghp_… (40 characters)");
        assert_eq!(masked(b"", 5, true), "… (1 to 7 characters)");
        assert_eq!(masked(b"", 8, true), "… (8 to 15 characters)");
        assert_eq!(masked(b"", 31, true), "… (16 to 31 characters)");
    }

    #[test]
    fn fingerprints_depend_on_key_kind_and_value() {
        let kinds = crate::kinds();
        let base = fingerprint(&[1; 32], &kinds[0], b"value");
        assert_eq!(base, fingerprint(&[1; 32], &kinds[0], b"value"));
        assert_ne!(base, fingerprint(&[2; 32], &kinds[0], b"value"));
        assert_ne!(base, fingerprint(&[1; 32], &kinds[1], b"value"));
        assert_ne!(base, fingerprint(&[1; 32], &kinds[0], b"valuf"));
    }
}
