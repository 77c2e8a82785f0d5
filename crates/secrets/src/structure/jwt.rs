//! JSON Web Tokens: the header and the payload are decoded, the signature is not checked.

use text::Date;

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::Verification;
use crate::placeholder::Example;
use crate::table::{self, Severity};
use crate::verify::base64_decode;

const MOST: usize = 8_192;

pub(super) fn read(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    if bytes::before(hay, at).is_some_and(|it| Set::BASE64_URL.with(b".+/").has(it))
        && !crate::findings::starts_clean(hay, at, true)
    {
        return;
    }
    let header_end = part_end(hay, at);
    if header_end - at < 15 || bytes::at(hay, header_end) != Some(b'.') {
        return;
    }
    let payload_end = part_end(hay, header_end + 1);
    let signed = bytes::at(hay, payload_end) == Some(b'.');
    let end = if signed { part_end(hay, payload_end + 1) } else { payload_end };
    let end = bytes::run_end(hay, end, Set::EMPTY.with(b"="), 2);
    out.steps += u64::try_from(end - at).unwrap_or_default();
    let header = bytes::slice(hay, at, header_end);
    let payload = bytes::slice(hay, header_end + 1, payload_end);
    let Some(header) = base64_decode(header) else { return };
    let Some(payload) = base64_decode(payload) else { return };
    let is_header = ["\"alg\"", "\"typ\"", "\"kid\"", "\"enc\""];
    if payload.len() < 10
        || !is_header.iter().any(|it| bytes::find(&header, it.as_bytes()).is_some())
    {
        return;
    }
    // The payload of an encrypted token is no JSON, and that is right.
    let encrypted = bytes::find(&header, b"\"enc\"").is_some();
    if !encrypted && payload.first() != Some(&b'{') {
        return;
    }
    judge(window, at..end, &header, &payload, signed && end > payload_end + 20, out);
}

fn judge(
    window: &Window<'_>,
    span: std::ops::Range<usize>,
    header: &[u8],
    payload: &[u8],
    signed: bool,
    out: &mut Findings,
) {
    let service_account = bytes::find(payload, b"serviceaccount").is_some();
    let artifactory =
        bytes::find(payload, b"jfrt@").is_some() || bytes::find(payload, b"\"iss\":\"jf").is_some();
    let id = match (service_account, artifactory) {
        (true, _) => "k8s-sa-token",
        (false, true) => "jfrog-identity",
        (false, false) => "jwt",
    };
    let Some(kind) = table::kind(id) else { return };
    let mut it = Candidate::new(kind, Rank::Structure, span);
    it.verification = Verification::Structure;
    for (name, key) in [("algorithm", "alg"), ("issuer", "iss"), ("subject", "sub")] {
        let part = if key == "alg" { header } else { payload };
        if let Some(value) = string_member(part, key) {
            it.fact(name, value);
        }
    }
    let expiry = number_member(payload, "exp").and_then(date);
    if let Some(date) = expiry {
        it.fact("expires", date.to_string().as_bytes());
    }
    let unsigned =
        !signed || string_member(header, "alg").is_some_and(|it| it.eq_ignore_ascii_case(b"none"));
    let demo = bytes::find(payload, b"John Doe").is_some()
        && bytes::find(payload, b"1234567890").is_some();
    if demo {
        it.verification = Verification::Example(Example::Documentation);
    } else if expiry.is_some_and(|date| date < out.today) {
        it.verification = expiry.map_or(it.verification, Verification::Expired);
    } else if unsigned {
        it.severity = Severity::Note;
    }
    out.report(window, it);
}

fn part_end(hay: &[u8], from: usize) -> usize {
    bytes::run_end(hay, from, Set::BASE64_URL, MOST)
}

fn string_member<'a>(json: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let range = super::member(json, &(0..json.len()), key)?;
    json.get(range)
}

fn number_member(json: &[u8], key: &str) -> Option<u64> {
    let quoted = format!("\"{key}\"");
    let at = bytes::find(json, quoted.as_bytes())? + quoted.len();
    let start = bytes::run_end(json, at, Set::SPACE.with(b":"), 8);
    let end = bytes::run_end(json, start, Set::DIGIT, 15);
    std::str::from_utf8(json.get(start..end)?).ok()?.parse().ok()
}

fn date(seconds: u64) -> Option<Date> {
    Date::from_unix_days(u32::try_from(seconds / 86_400).ok().filter(|it| *it < 1_000_000)?)
}
