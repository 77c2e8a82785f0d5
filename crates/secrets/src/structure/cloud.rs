//! Cloud credentials that are parsed: Google's JSON files, Azure's connection strings and
//! signatures, and a few more.

use std::ops::Range;

use text::Date;

use super::{around, member, quote_end, value_after};
use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::Verification;
use crate::placeholder;
use crate::random;
use crate::structure::Reader;
use crate::table::{self, Severity};
use crate::verify::{base64_size, percent_decode};

pub(super) fn service_account(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let before = bytes::slice(hay, at.saturating_sub(40), at);
    if bytes::find(before, b"type").is_none() {
        return;
    }
    let area = around(hay, at, 4_096, 6_144);
    out.claim(window, Reader::ServiceAccount, area.end);
    out.steps += u64::try_from(area.len()).unwrap_or_default();
    let Some(key) = member(hay, &area, "private_key") else { return };
    if bytes::find(bytes::slice(hay, key.start, key.end), b"PRIVATE KEY").is_none() {
        return;
    }
    let Some(kind) = table::kind("gcp-service-account") else { return };
    // One byte to either side, so that this reading wins over the PEM block inside.
    let wider = key.start.saturating_sub(1)..hay.len().min(key.end + 1);
    let mut it = Candidate::new(kind, Rank::Structure, wider);
    it.verification = Verification::Structure;
    for (name, key) in
        [("account", "client_email"), ("project", "project_id"), ("key id", "private_key_id")]
    {
        if let Some(value) = member(hay, &area, key) {
            it.fact(name, bytes::slice(hay, value.start, value.end));
        }
    }
    out.report(window, it);
}

pub(super) fn user_credentials(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let area = around(hay, at, 1_024, 1_024);
    let Some(token) = member(hay, &area, "refresh_token") else { return };
    let client = member(hay, &area, "client_secret");
    out.claim(window, Reader::UserCredentials, area.end);
    out.steps += u64::try_from(area.len()).unwrap_or_default();
    let google =
        bytes::find(bytes::slice(hay, area.start, area.end), b"googleusercontent").is_some();
    if !google || client.is_none() || token.len() < 20 {
        return;
    }
    let Some(kind) = table::kind("gcp-adc") else { return };
    for value in [Some(token), client].into_iter().flatten() {
        let mut it = Candidate::new(kind, Rank::Structure, value);
        it.verification = Verification::Structure;
        out.report(window, it);
    }
}

pub(super) fn shared_access_signature(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let query = Set::ALNUM.with(b"%&=-_.:+/~");
    let start = bytes::run_start(hay, at, query, 500);
    let value_start = at + 5;
    let value_end = bytes::run_end(hay, value_start, Set::ALNUM.with(b"%+/_-="), 120);
    let end = bytes::run_end(hay, value_end, query, 400);
    out.steps += u64::try_from(end - start).unwrap_or_default();
    let whole = bytes::slice(hay, start, end);
    let field = |name: &str| {
        let at = bytes::find(whole, name.as_bytes())? + name.len();
        Some(bytes::slice(whole, at, bytes::run_end(whole, at, Set::EMPTY.with(b"&").not(), 60)))
    };
    let signature = percent_decode(bytes::slice(hay, value_start, value_end));
    if field("sv=").or(field("api-version=")).is_none()
        || base64_size(&signature) != Some(32) && signature.len() < 43
    {
        return;
    }
    let Some(kind) = table::kind("azure-sas-token") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value_start..value_end);
    it.verification = Verification::Structure;
    if let Some(permissions) = field("sp=") {
        it.fact("permissions", permissions);
    }
    let expiry =
        field("se=").and_then(|it| std::str::from_utf8(it.get(..10)?).ok()?.parse::<Date>().ok());
    if let Some(date) = expiry {
        it.fact("expires", date.to_string().as_bytes());
        if date < out.today {
            it.verification = Verification::Expired(date);
        }
    }
    out.report(window, it);
}

/// `AccountKey=…` and `SharedAccessKey=…` of connection strings.
pub(super) fn shared_access_key(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let storage = bytes::starts(hay, at, b"AccountKey=");
    let sign = bytes::run_end(hay, at, Set::ALPHA, 20);
    let start = sign + 1;
    let end = bytes::run_end(hay, start, Set::BASE64.with(b"="), 120);
    let value = bytes::slice(hay, start, end);
    let size = base64_size(value);
    let (line, _) = bytes::line(hay, at, 400);
    let before = bytes::slice(hay, line, at);
    let (id, right) = if storage {
        ("azure-storage-key-legacy", size == Some(64))
    } else {
        (
            "azure-servicebus-connstr",
            size == Some(32) || bytes::find(before, b"servicebus").is_some(),
        )
    };
    let Some(kind) = table::kind(id) else { return };
    if value.len() < 20 || !random::looks_random(value, 20) {
        return;
    }
    let mut it = Candidate::new(kind, Rank::Structure, start..end);
    it.verification = if right { Verification::Structure } else { Verification::Form };
    if !right {
        it.severity = it.severity.max(Severity::Medium);
    }
    if let Some(host) = bytes::find(before, b"Endpoint=sb://") {
        let from = host + 14;
        it.fact(
            "host",
            bytes::slice(before, from, bytes::run_end(before, from, Set::ALNUM.with(b".-"), 80)),
        );
    }
    out.report(window, it);
}

pub(super) fn app_config(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let rest = bytes::slice(hay, at, at + 300);
    let Some(secret) = bytes::find(rest, b";Secret=") else { return };
    let start = at + secret + 8;
    let end = bytes::run_end(hay, start, Set::BASE64.with(b"="), 120);
    if end - start < 36 {
        return;
    }
    let Some(kind) = table::kind("azure-appconfig-connstr") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, start..end);
    it.verification = Verification::Structure;
    out.report(window, it);
}

/// The key of Coinbase's developer platform: a name under `organizations/` and a PEM block.
pub(super) fn coinbase(window: &Window<'_>, at: usize, out: &mut Findings) {
    let area = around(window.bytes, at, 2_048, 2_048);
    let Some(key) = member(window.bytes, &area, "privateKey") else { return };
    out.claim(window, Reader::Coinbase, area.end);
    if bytes::find(bytes::slice(window.bytes, key.start, key.end), b"PRIVATE KEY").is_none() {
        return;
    }
    let Some(kind) = table::kind("coinbase-cdp") else { return };
    let wider = key.start.saturating_sub(1)..window.bytes.len().min(key.end + 1);
    let mut it = Candidate::new(kind, Rank::Structure, wider);
    it.verification = Verification::Structure;
    out.report(window, it);
}

/// `chpasswd:` of user data: `user:password` rows below `list:`.
pub(super) fn cloud_init(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let mut from = bytes::line(hay, at, 200).1;
    for _ in 0..12 {
        let line = next_line(hay, from);
        from = line.end;
        let text = bytes::slice(hay, line.start, line.end);
        let start = text.iter().position(|it| !b" -\t".contains(it)).unwrap_or(text.len());
        let row = bytes::slice(text, start, text.len());
        if start == 0 && !row.is_empty() {
            return;
        }
        let Some(colon) = row.iter().position(|it| *it == b':') else { continue };
        let value = line.start + start + colon + 1
            ..line.start + start + bytes::run_end(row, colon + 1, Set::SPACE.not(), 100);
        let word = bytes::slice(hay, value.start, value.end);
        if word.len() < 4
            || row.starts_with(b"list")
            || row.starts_with(b"expire")
            || placeholder::is_reference(word)
            || word == b"RANDOM"
        {
            continue;
        }
        let Some(kind) = table::kind("cloud-init") else { return };
        let mut it = Candidate::new(kind, Rank::Structure, value);
        it.password = true;
        out.report(window, it);
    }
}

fn next_line(hay: &[u8], from: usize) -> Range<usize> {
    let start = bytes::run_end(hay, from, Set::EMPTY.with(b"\r\n"), 4);
    start..bytes::run_end(hay, start, Set::EMPTY.with(b"\r\n\0").not(), 300)
}

/// The signing configuration of Oracle Cloud: it names the key file, and is no secret itself.
pub(super) fn oci_config(window: &Window<'_>, at: usize, out: &mut Findings) {
    let area = bytes::slice(window.bytes, at.saturating_sub(600), at + 600);
    let has = |it: &str| bytes::find(area, it.as_bytes()).is_some();
    if !has("ocid1.user") || !has("fingerprint=") {
        return;
    }
    let Some(kind) = table::kind("oracle-oci-key") else { return };
    let end = quote_end(window.bytes, at + 9, b'\n', 200);
    let mut it = Candidate::new(kind, Rank::Structure, at + 9..end);
    it.severity = Severity::Note;
    it.verification = Verification::Structure;
    out.report(window, it);
    let _ = value_after;
}

/// A DSN in its old form, with a secret beside the public key.
pub(super) fn sentry_dsn(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let start = bytes::run_start(hay, at, Set::ALNUM.with(b":@.-/"), 120);
    let text = bytes::slice(hay, start, at);
    let Some(scheme) = bytes::find(text, b"://") else { return };
    let Some(sign) = text.iter().position(|it| *it == b'@') else { return };
    let login = bytes::slice(text, scheme + 3, sign);
    let Some(colon) = login.iter().position(|it| *it == b':') else { return };
    if login.len() - colon < 16 {
        return;
    }
    let Some(kind) = table::kind("sentry-dsn") else { return };
    let from = start + scheme + 3 + colon + 1;
    out.report(window, Candidate::new(kind, Rank::Structure, from..start + sign));
}
