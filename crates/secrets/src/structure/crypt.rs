//! Password hashes in the modular crypt format.

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::Verification;
use crate::table;

const HASH64: Set = Set::ALNUM.with(b"./");

pub(super) fn read(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    if bytes::before(hay, at).is_some_and(|it| Set::ALNUM.with(b"$\\").has(it)) {
        return;
    }
    let Some((end, scheme)) = hash_end(hay, at) else { return };
    out.steps += u64::try_from(end - at).unwrap_or_default();
    if bytes::at(hay, end).is_some_and(|it| HASH64.has(it)) {
        return;
    }
    let value = bytes::slice(hay, at, end);
    if crate::random::distinct(value) < 14 {
        return;
    }
    let Some(kind) = table::kind("crypt-hash") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, at..end);
    it.verification = Verification::Structure;
    it.prefix = bytes::slice(value, 1, value.len())
        .iter()
        .position(|it| *it == b'$')
        .map_or(0, |it| it + 2);
    it.fact("scheme", scheme.as_bytes());
    out.report(window, it);
}

/// Where the hash ends, if salt and length are as the scheme wants them.
fn hash_end(hay: &[u8], at: usize) -> Option<(usize, &'static str)> {
    let rest = bytes::slice(hay, at, at + 300);
    let sized = |salt_most: usize, sizes: &[usize], rounds: bool| {
        let mut from = at + bytes::slice(rest, 1, 8).iter().position(|it| *it == b'$')? + 2;
        if rounds && bytes::starts(hay, from, b"rounds=") {
            from = bytes::run_end(hay, from + 7, Set::DIGIT, 10);
            from += usize::from(bytes::at(hay, from) == Some(b'$'));
        }
        let salt = bytes::run_end(hay, from, HASH64, salt_most);
        (salt > from && bytes::at(hay, salt) == Some(b'$')).then_some(())?;
        let end = bytes::run_end(hay, salt + 1, HASH64, 90);
        sizes.contains(&(end - salt - 1)).then_some(end)
    };
    match rest {
        [b'$', b'1', b'$', ..] => Some((sized(8, &[22], false)?, "md5")),
        [b'$', b'a', b'p', b'r', b'1', ..] => Some((sized(8, &[22], false)?, "apr1")),
        [b'$', b'5', b'$', ..] => Some((sized(16, &[43], true)?, "sha256")),
        [b'$', b'6', b'$', ..] => Some((sized(16, &[86], true)?, "sha512")),
        [b'$', b'8', b'$', ..] => Some((sized(14, &[43], false)?, "pbkdf2")),
        [b'$', b'9', b'$', ..] => Some((sized(14, &[43], false)?, "scrypt")),
        [b'$', b'2', b'a' | b'b' | b'y', b'$', ..] => {
            let end = bytes::run_end(hay, at + 7, HASH64, 60);
            (bytes::at(hay, at + 6) == Some(b'$') && end == at + 60).then_some((end, "bcrypt"))
        }
        [b'$', b'y' | b'7', b'$', ..] => {
            let end = bytes::run_end(hay, at + 3, HASH64.with(b"$"), 140);
            let dollars = bytes::slice(hay, at, end).iter().filter(|it| **it == b'$').count();
            (end - at >= 60 && dollars >= 3).then_some((end, "yescrypt"))
        }
        [b'$', b'a', b'r', b'g', ..] => {
            let end = bytes::run_end(hay, at, HASH64.with(b"$=,+"), 220);
            let dollars = bytes::slice(hay, at, end).iter().filter(|it| **it == b'$').count();
            (end - at >= 60 && dollars >= 4).then_some((end, "argon2"))
        }
        _ => None,
    }
}
