//! Key files that are no PEM blocks: SSH2, PuTTY, minisign, OpenVPN, Tor.

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::Verification;
use crate::structure::Reader;
use crate::table::{self, Severity};
use crate::verify::base64_decode;

const MOST: usize = 12 << 10;

fn report(
    window: &Window<'_>,
    id: &str,
    span: Range<usize>,
    verification: Verification,
    severity: Option<Severity>,
    out: &mut Findings,
) {
    let Some(kind) = table::kind(id) else { return };
    let mut it = Candidate::new(kind, Rank::Structure, span);
    it.verification = verification;
    it.severity = severity.unwrap_or(it.severity);
    out.report(window, it);
}

pub(super) fn ssh2(window: &Window<'_>, at: usize, out: &mut Findings) {
    let area = bytes::slice(window.bytes, at, at + MOST);
    let Some(end) = bytes::find(area, b"---- END SSH2") else { return };
    out.claim(window, Reader::Ssh2, at + end);
    let head = bytes::slice(area, 0, 60);
    let id = "ssh2-enc";
    let encrypted = bytes::find(head, b"ENCRYPTED").is_some();
    if bytes::find(head, b"PRIVATE").is_some() || encrypted {
        let verification = if encrypted { Verification::Encrypted } else { Verification::Form };
        report(window, id, at..at + end, verification, None, out);
    }
}

pub(super) fn putty(window: &Window<'_>, at: usize, out: &mut Findings) {
    let area = bytes::slice(window.bytes, at, at + MOST);
    let Some(private) = bytes::find(area, b"Private-Lines: ") else { return };
    let count = at + private + b"Private-Lines: ".len();
    let digits = bytes::run_end(window.bytes, count, Set::DIGIT, 4);
    let body = bytes::run_end(window.bytes, digits, Set::SPACE, 4);
    let end = bytes::run_end(window.bytes, body, Set::BASE64.with(b"=\r\n"), MOST);
    out.claim(window, Reader::Putty, end);
    if end - body < 24 {
        return;
    }
    let head = bytes::slice(area, 0, private);
    let open = bytes::find(head, b"Encryption: none").is_some();
    let (verification, severity) = if open {
        (Verification::Structure, Some(Severity::Critical))
    } else {
        (Verification::Encrypted, None)
    };
    report(window, "putty-ppk", body..end, verification, severity, out);
}

pub(super) fn minisign(window: &Window<'_>, at: usize, out: &mut Findings) {
    let (_, line_end) = bytes::line(window.bytes, at, 200);
    let body = bytes::run_end(window.bytes, line_end, Set::SPACE, 4);
    let end = bytes::run_end(window.bytes, body, Set::BASE64.with(b"="), 400);
    let raw = base64_decode(bytes::slice(window.bytes, body, end));
    if raw.is_some_and(|it| it.len() > 80 && it.starts_with(b"Ed")) {
        report(window, "minisign-key", body..end, Verification::Structure, None, out);
    }
}

pub(super) fn openvpn(window: &Window<'_>, at: usize, out: &mut Findings) {
    let (_, line_end) = bytes::line(window.bytes, at, 200);
    let end = bytes::run_end(window.bytes, line_end, Set::HEX.or(Set::SPACE), 1_200);
    out.claim(window, Reader::OpenVpn, end);
    let start = bytes::run_end(window.bytes, line_end, Set::SPACE, 4);
    let digits = bytes::slice(window.bytes, start, end).iter().filter(|it| it.is_ascii_hexdigit());
    if digits.count() >= 500 {
        report(window, "openvpn-static", start..end, Verification::Structure, None, out);
    }
}

pub(super) fn tor(window: &Window<'_>, at: usize, out: &mut Findings) {
    // The header is padded with zeros to 32 bytes; 64 bytes of key follow.
    let end = at + 96;
    if end <= window.bytes.len() && bytes::slice(window.bytes, at, at + 32).ends_with(&[0; 3]) {
        report(window, "tor-onion-key", at + 32..end, Verification::Structure, None, out);
    }
}
