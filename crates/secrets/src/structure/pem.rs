//! PEM blocks with a private key: PKCS#1, SEC1, PKCS#8, OpenSSH, OpenPGP.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::openssh;
use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Encoding, Verification};
use crate::placeholder::Example;
use crate::structure::Reader;
use crate::table::{self, Severity, data_lines};
use crate::verify::{base64_decode, crc24};

/// Longest block that is read.
const MOST: usize = 16 << 10;
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

/// What a block turned out to be.
struct Block {
    kind: &'static str,
    verification: Verification,
    severity: Option<Severity>,
    algorithm: Option<Vec<u8>>,
}

pub(super) fn read(window: &Window<'_>, at: usize, out: &mut Findings) {
    let Some((label, span)) = block(window.bytes, at) else { return };
    out.steps += u64::try_from(span.len()).unwrap_or_default();
    out.claim(window, Reader::Pem, span.end);
    let body_start = at + BEGIN.len() + label.len() + 5;
    let text = bytes::slice(window.bytes, body_start, span.end);
    let text = bytes::slice(text, 0, bytes::find(text, b"-----END").unwrap_or(text.len()));
    let base64 = bare_base64(text);
    let Some(found) = judge(label, text, &base64) else { return };
    let Some(kind) = table::kind(found.kind) else { return };
    let mut it = Candidate::new(kind, Rank::Structure, span);
    it.prefix = BEGIN.len() + label.len() + 5;
    it.verification = found.verification;
    it.severity = found.severity.unwrap_or(it.severity);
    if let Some(algorithm) = found.algorithm {
        it.fact("key type", &algorithm);
    }
    it.derived.push(base64);
    out.report(window, it);
}

/// The label and the whole of the block that starts at `at`, if it is a private key's.
fn block(hay: &[u8], at: usize) -> Option<(&[u8], Range<usize>)> {
    let label_start = at + BEGIN.len();
    let label_end = bytes::run_end(hay, label_start, Set::UPPER.or(Set::DIGIT).with(b" "), 40);
    let label = bytes::slice(hay, label_start, label_end);
    let private = bytes::find(label, b"PRIVATE KEY").is_some();
    if !private || !bytes::starts(hay, label_end, b"-----") {
        return None;
    }
    let rest = bytes::slice(hay, label_end + 5, at.saturating_add(MOST));
    let end = bytes::find(rest, END);
    let next = bytes::find(rest, BEGIN).unwrap_or(rest.len());
    let end = end.filter(|it| *it < next);
    let body_start = label_end + 5;
    let stop = match end {
        Some(it) => {
            let tail = body_start + it + END.len();
            let label_end = bytes::run_end(hay, tail, Set::UPPER.or(Set::DIGIT).with(b" "), 40);
            bytes::run_end(hay, label_end, Set::EMPTY.with(b"-"), 5)
        }
        // A cut-off block: the rows of base64 that are there.
        None => {
            let set = Set::BASE64.or(Set::SPACE).with(b"=\\\"':,.-");
            bytes::run_end(hay, body_start, set, next.min(MOST))
        }
    };
    Some((label, at..stop))
}

/// The base64 of a body without line ends, escapes, quotes and header lines.
fn bare_base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut left = text;
    // Header lines (`Proc-Type: …`) end at an empty line.
    if let Some(colon) = bytes::find(bytes::slice(left, 0, 60), b": ") {
        let blank = [b"\n\n".as_slice(), b"\r\n\r\n", b"\\n\\n"];
        let skip = blank.iter().filter_map(|it| Some(bytes::find(left, it)? + it.len())).min();
        left = bytes::slice(left, skip.unwrap_or(colon + 2), left.len());
    }
    while let [first, rest @ ..] = left {
        left = match (first, rest) {
            (b'\\', [b'n' | b'r' | b't', rest @ ..]) => rest,
            // Pieces of a string that a program joins: `…" +⏎ "…`.
            (b'"' | b'\'', _) => {
                let join = Set::SPACE.with(b"+.,\"'\\&");
                bytes::slice(rest, bytes::run_end(rest, 0, join, 80), rest.len())
            }
            (byte, rest) => {
                if Set::BASE64.with(b"=").has(*byte) {
                    out.push(*byte);
                }
                rest
            }
        };
    }
    out
}

fn judge(label: &[u8], text: &[u8], base64: &[u8]) -> Option<Block> {
    if label.starts_with(b"PGP") {
        return judge_pgp(base64);
    }
    let random = base64.len() >= 24 && crate::random::entropy_tenths(base64) >= 36;
    let kind = kind_of(label);
    let block = |verification, severity| Block { kind, verification, severity, algorithm: None };
    if !random {
        // A label with some words below it: an example in a document.
        return (base64.len() >= 12 && bytes::find(text, b" ").is_some())
            .then(|| block(Verification::Example(Example::Word), None));
    }
    let Some(raw) = base64_decode(base64) else {
        return Some(block(Verification::Form, Some(Severity::Medium)));
    };
    if is_public_test_key(&raw) {
        return Some(block(Verification::PublicTestKey, None));
    }
    if let Some(key) = openssh::parse(&raw) {
        let verification =
            if key.encrypted { Verification::Encrypted } else { Verification::Structure };
        return Some(Block {
            kind: "pem-openssh",
            verification,
            severity: None,
            algorithm: Some(key.kind.to_vec()),
        });
    }
    let encrypted = bytes::find(text, b"ENCRYPTED").is_some() || label.starts_with(b"ENCRYPTED");
    if encrypted {
        return Some(block(Verification::Encrypted, None));
    }
    if is_der(&raw) {
        let algorithm = algorithm(label, &raw).map(|it| it.as_bytes().to_vec());
        return Some(Block {
            kind,
            verification: Verification::Structure,
            severity: None,
            algorithm,
        });
    }
    Some(block(Verification::Form, Some(Severity::Medium)))
}

fn judge_pgp(base64: &[u8]) -> Option<Block> {
    // The armor ends with `=` and the four characters of its checksum.
    let cut = base64.iter().rposition(|it| *it == b'=').filter(|it| base64.len() - it == 5);
    let body = bytes::slice(base64, 0, cut.unwrap_or(base64.len()));
    let raw = base64_decode(body)?;
    let tag = raw.first().map(|it| if it & 0x40 == 0 { it >> 2 & 15 } else { it & 63 });
    let sum = cut.map(|it| base64_decode(bytes::slice(base64, it + 1, base64.len())));
    let fits = match sum {
        Some(Some(sum)) => sum == crc24(&raw).to_be_bytes().get(1..).unwrap_or_default(),
        Some(None) => false,
        None => true,
    };
    let verification = match (fits, tag) {
        (true, Some(5 | 7)) => Verification::Structure,
        (true, _) => Verification::Form,
        (false, _) => Verification::ChecksumFails,
    };
    let severity = (verification == Verification::Form).then_some(Severity::Medium);
    (raw.len() > 40).then_some(Block {
        kind: "pgp-private",
        verification,
        severity,
        algorithm: None,
    })
}

fn kind_of(label: &[u8]) -> &'static str {
    match label {
        b"RSA PRIVATE KEY" => "pem-rsa",
        b"EC PRIVATE KEY" => "pem-ec",
        b"DSA PRIVATE KEY" => "pem-dsa",
        b"ENCRYPTED PRIVATE KEY" => "pem-pkcs8-enc",
        b"OPENSSH PRIVATE KEY" => "pem-openssh",
        it if it.starts_with(b"ENCRYPTED") => "cosign-key",
        _ => "pem-pkcs8",
    }
}

/// Whether the bytes are one ASN.1 sequence that starts with a small version number.
fn is_der(raw: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = raw else { return false };
    let (length, rest) = match length {
        0x80 => return false,
        it if it & 0x80 == 0 => (usize::from(*it), rest),
        it => {
            let Some((size, rest)) = rest.split_at_checked(usize::from(it & 0x7f)) else {
                return false;
            };
            (
                size.iter().fold(0usize, |sum, it| {
                    sum.saturating_mul(256).saturating_add(usize::from(*it))
                }),
                rest,
            )
        }
    };
    rest.len() == length && rest.starts_with(&[2, 1])
}

/// The algorithm by label or by the object identifier of PKCS#8.
fn algorithm(label: &[u8], raw: &[u8]) -> Option<&'static str> {
    const NAMES: [(&[u8], &str); 5] = [
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01], "RSA"),
        (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], "EC"),
        (&[0x2b, 0x65, 0x70], "Ed25519"),
        (&[0x2b, 0x65, 0x6e], "X25519"),
        (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "DSA"),
    ];
    match label {
        b"RSA PRIVATE KEY" => Some("RSA"),
        b"EC PRIVATE KEY" => Some("EC"),
        b"DSA PRIVATE KEY" => Some("DSA"),
        _ => {
            let head = bytes::slice(raw, 0, 40);
            NAMES.iter().find(|(oid, _)| bytes::find(head, oid).is_some()).map(|it| it.1)
        }
    }
}

/// Whether the key is one that a library's tests publish. Only half of each digest is kept: it
/// names a key, it does not have to withstand a forger.
fn is_public_test_key(raw: &[u8]) -> bool {
    let digest = Sha256::digest(raw);
    let head: String = digest.iter().take(16).map(|it| format!("{it:02x}")).collect();
    data_lines(include_str!("../../data/public-keys.tsv")).any(|it| it.starts_with(&head))
}

/// A PEM block in base64, as CI variables and manifests hold it.
pub(super) fn read_encoded(window: &Window<'_>, at: usize, out: &mut Findings) {
    let set = Set::BASE64.with(b"=");
    let end = bytes::run_end(window.bytes, at, set, MOST);
    out.claim(window, Reader::PemBase64, end);
    out.steps += u64::try_from(end - at).unwrap_or_default();
    let text = bytes::slice(window.bytes, at, end);
    let whole = if base64_decode(text).is_some() {
        text
    } else {
        bytes::slice(text, 0, text.len() / 4 * 4)
    };
    let Some(decoded) = base64_decode(whole) else { return };
    crate::engine::nested(window, at..end, &decoded, Encoding::Base64, out);
}
