//! The container format of OpenSSH private keys.

use crate::bytes;

/// What the container says.
pub(super) struct Key<'a> {
    pub(super) encrypted: bool,
    /// Such as `ssh-ed25519`.
    pub(super) kind: &'a [u8],
}

/// Reads the container; `None` if it is not one.
pub(super) fn parse(raw: &[u8]) -> Option<Key<'_>> {
    let rest = raw.strip_prefix(b"openssh-key-v1\0")?;
    let (cipher, rest) = string(rest)?;
    let (_kdf, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let (public, rest) = string(rest)?;
    let (kind, _) = string(public)?;
    let encrypted = cipher != b"none";
    let plausible = u32::from_be_bytes(*count) == 1 && kind.iter().all(|it| it.is_ascii_graphic());
    if !plausible {
        return None;
    }
    if !encrypted {
        let (private, _) = string(rest)?;
        let (first, second) = (bytes::slice(private, 0, 4), bytes::slice(private, 4, 8));
        if first != second || first.len() < 4 {
            return None;
        }
    }
    Some(Key { encrypted, kind })
}

/// A string with its length before it.
fn string(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = raw.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A made-up container, without meaning but of the right form.
    pub(crate) fn made(cipher: &str) -> Vec<u8> {
        let string = |it: &[u8]| [&u32::try_from(it.len()).unwrap().to_be_bytes(), it].concat();
        let public = [string(b"ssh-ed25519"), string(&[7; 32])].concat();
        let private = [
            &[1, 2, 3, 4, 1, 2, 3, 4][..],
            &public,
            &string(&[9; 64]),
            &string(b"me@host"),
            &[1, 2, 3],
        ]
        .concat();
        [
            b"openssh-key-v1\0".to_vec(),
            string(cipher.as_bytes()),
            string(b"none"),
            string(b""),
            1u32.to_be_bytes().to_vec(),
            string(&public),
            string(&private),
        ]
        .concat()
    }

    #[test]
    fn containers_are_read() {
        let raw = made("none");
        let key = parse(&raw).unwrap();
        assert!(!key.encrypted && key.kind == b"ssh-ed25519");
        assert!(parse(&made("aes256-ctr")).unwrap().encrypted);
        assert!(parse(b"openssh-key-v1\0\0\0\0\xff").is_none());
    }
}
