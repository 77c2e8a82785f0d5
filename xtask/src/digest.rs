//! Digests of files: one for integrity attributes and file names, one for downloads.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384, Sha512};

/// The value of an `integrity` attribute.
pub fn sha384(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// The same in hexadecimal, as `sha384sum` writes it.
pub fn sha384_hex(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

/// The form in which the npm registry states digests.
pub fn sha512(bytes: &[u8]) -> String {
    format!("sha512-{}", STANDARD.encode(Sha512::digest(bytes)))
}

/// Sixteen hexadecimal digits that change with the content: enough to tell versions of a file.
pub fn short(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().take(8).map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{sha384, sha512, short};

    #[test]
    fn known_digests() {
        // Both digests of "abc" are the examples of FIPS 180-4.
        assert_eq!(
            sha384(b"abc"),
            "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
        );
        assert_eq!(
            sha512(b"abc"),
            "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="
        );
        assert_eq!(short(b"abc"), "cb00753f45a35e8b");
    }
}
