//! Logins of Docker configurations, and what Kubernetes manifests and kubeconfigs hold.

use std::ops::Range;

use super::{headers, value_after};
use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Encoding, Verification};
use crate::names::{self, Name};
use crate::placeholder;
use crate::structure::Reader;
use crate::table::{self, Severity};
use crate::verify::base64_decode;

/// `"auth": "…"`: base64 of user and password.
pub(super) fn docker_auth(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let Some(value) = value_after(hay, at + 6, 2_048) else { return };
    let text = bytes::slice(hay, value.start, value.end);
    if text.len() < 6 {
        return;
    }
    out.steps += u64::try_from(text.len()).unwrap_or_default();
    // Some tools leave the padding away, and some cut the last group.
    let whole = bytes::slice(text, 0, text.len() - usize::from(text.len() % 4 == 1));
    let Some((user, password)) = headers::login(whole).filter(|it| !it.1.is_empty()) else {
        return;
    };
    let Some(kind) = table::kind("docker-config-auth") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.verification = Verification::Structure;
    it.password = true;
    it.fact("user", &user);
    if let Some(host) = key_before(hay, at) {
        it.fact("registry", bytes::slice(hay, host.start, host.end));
    }
    if placeholder::is_whole_word(&password) {
        it.verification = Verification::Example(placeholder::Example::Word);
    }
    it.derived.push(password);
    out.report(window, it);
}

/// The key of the object that `at` is in: `"registry": {`.
fn key_before(hay: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at.saturating_sub(300);
    let brace = start + bytes::slice(hay, start, at).iter().rposition(|it| *it == b'{')?;
    let close = start + bytes::slice(hay, start, brace).iter().rposition(|it| *it == b'"')?;
    let open = start + bytes::slice(hay, start, close).iter().rposition(|it| *it == b'"')?;
    Some(open + 1..close)
}

/// `.dockerconfigjson: …` of a Secret: a whole Docker configuration in base64.
pub(super) fn docker_config_value(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let word = bytes::run_end(hay, at, Set::ALNUM.with(b"."), 24);
    let Some(value) = value_after(hay, word, 8_192) else { return };
    let value = block_value(hay, value);
    let text = bytes::slice(hay, value.start, value.end);
    out.steps += u64::try_from(text.len()).unwrap_or_default();
    if text.len() < 8
        || !text.starts_with(b"e")
        || !text.iter().all(|it| Set::BASE64.with(b"=").has(*it))
    {
        return;
    }
    let whole =
        bytes::slice(text, 0, text.len() - usize::from(text.trim_ascii_end().len() % 4 == 1));
    let decoded = base64_decode(whole).unwrap_or_default();
    crate::engine::nested(window, value.clone(), &decoded, Encoding::Base64, out);
    let Some(kind) = table::kind("docker-cfg-legacy") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.password = true;
    let has_auth = bytes::find(&decoded, b"\"auth").is_some();
    it.verification = if has_auth { Verification::Structure } else { Verification::Form };
    if !has_auth {
        it.severity = Severity::Medium;
    }
    out.report(window, it);
}

/// The text of a YAML block (`key: |` and an indented line), or the value itself.
fn block_value(hay: &[u8], value: Range<usize>) -> Range<usize> {
    let text = bytes::slice(hay, value.start, value.end);
    if !matches!(text, b"|" | b"|-" | b">" | b">-" | b"") {
        return value;
    }
    let start = bytes::run_end(hay, value.end, Set::SPACE.with(b">-"), 200);
    start..bytes::run_end(hay, start, Set::SPACE.with(b"\"'\0").not(), 8_192)
}

/// `client-key-data:` of a kubeconfig, and the token or the password of the same user.
pub(super) fn kube_key(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let Some(value) = value_after(hay, at + 15, 8_192) else { return };
    let value = block_value(hay, value);
    let text = bytes::slice(hay, value.start, value.end);
    out.steps += u64::try_from(text.len()).unwrap_or_default();
    let decoded = base64_decode(text).unwrap_or_default();
    if text.len() < 40 {
        return;
    }
    let Some(kind) = table::kind("kubeconfig") else { return };
    let mut it = Candidate::new(kind, Rank::Checksum, value);
    let is_key = bytes::find(&decoded, b"PRIVATE KEY").is_some();
    it.rank = if is_key { Rank::Checksum } else { Rank::Form };
    it.verification = if is_key { Verification::Structure } else { Verification::Form };
    if !is_key {
        it.severity = Severity::Medium;
    }
    it.derived.push(decoded);
    out.report(window, it);
}

/// The values of a Secret manifest, which may stand before or after its kind.
pub(super) fn kube_secret(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let line_end = bytes::line(hay, at, 100).1;
    let word = Set::ALNUM.with(b"-_");
    let kind_end = bytes::run_end(hay, at + 6, Set::SPACE.with(b"\"':").or(word), 30);
    if kind_end < line_end.min(at + 40)
        && bytes::slice(hay, kind_end, line_end).iter().any(u8::is_ascii_alphanumeric)
    {
        return;
    }
    let name = bytes::slice(hay, at, line_end);
    let is_secret = bytes::find_fold(name, b"secret")
        .is_some_and(|it| bytes::at(name, it + 6).is_none_or(|it| !word.has(it)));
    if !is_secret {
        return;
    }
    let area = document(hay, at);
    out.claim(window, Reader::KubeSecret, area.end);
    out.steps += u64::try_from(area.len()).unwrap_or_default();
    let mut inside = None;
    let mut from = area.start;
    while from < area.end {
        let end = bytes::run_end(hay, from, Set::EMPTY.with(b"\n").not(), area.end - from);
        let next = end + 1;
        let line = bytes::slice(hay, from, end);
        let indent = line.iter().take_while(|it| Set::BLANK.has(**it)).count();
        let text = bytes::slice(line, indent, line.len()).trim_ascii();
        match inside {
            Some((plain, outer)) if indent > outer => {
                manifest_entry(window, from + indent..end, plain, out)
            }
            _ => inside = None,
        }
        if text == b"data:" || text == b"stringData:" {
            inside = Some((text == b"stringData:", indent));
        }
        from = next.max(from + 1);
    }
    json_data(window, &area, out);
}

/// The YAML document around `at`: between `---` lines, at most a few kilobytes.
fn document(hay: &[u8], at: usize) -> Range<usize> {
    let first = at.saturating_sub(4_096);
    let mark: &[u8] = b"\n---";
    let left = bytes::slice(hay, first, at);
    let start = left.windows(mark.len()).rposition(|it| it == mark).map_or(first, |it| first + it);
    let right = bytes::slice(hay, at, at + 8_192);
    start..at + bytes::find(right, mark).unwrap_or(right.len())
}

/// `"data": {"key": "…"}` of a manifest in JSON.
fn json_data(window: &Window<'_>, area: &Range<usize>, out: &mut Findings) {
    let hay = window.bytes;
    let Some(data) = bytes::find(bytes::slice(hay, area.start, area.end), b"\"data\"") else {
        return;
    };
    let mut from = area.start + data + 6;
    let stop =
        from + bytes::slice(hay, from, area.end).iter().position(|it| *it == b'}').unwrap_or(0);
    while let Some(quote) = bytes::slice(hay, from, stop).iter().position(|it| *it == b'"') {
        let key = from + quote + 1;
        let key_end = super::quote_end(hay, key, b'"', 200);
        let Some(value) = value_after(hay, key_end, 8_192) else { return };
        manifest_value(window, key..key_end, value.clone(), false, out);
        from = value.end + 1;
    }
}

/// One line `key: value` of a manifest.
fn manifest_entry(window: &Window<'_>, line: Range<usize>, plain: bool, out: &mut Findings) {
    let hay = window.bytes;
    let text = bytes::slice(hay, line.start, line.end);
    let Some(colon) = text.iter().position(|it| *it == b':') else { return };
    let Some(value) = value_after(hay, line.start + colon, 8_192) else { return };
    manifest_value(window, line.start..line.start + colon, block_value(hay, value), plain, out);
}

fn manifest_value(
    window: &Window<'_>,
    key: Range<usize>,
    value: Range<usize>,
    plain: bool,
    out: &mut Findings,
) {
    let hay = window.bytes;
    let text = bytes::slice(hay, value.start, value.end);
    let reference = placeholder::is_reference(text)
        || text.starts_with(b"ENC[")
        || bytes::find(text, b"{{").is_some();
    if text.len() < if plain { 4 } else { 10 } || reference {
        return;
    }
    let decoded =
        if plain { text.to_vec() } else { base64_decode(text.trim_ascii()).unwrap_or_default() };
    if decoded.len() < 4 {
        return;
    }
    if !plain {
        crate::engine::nested(window, value.clone(), &decoded, Encoding::Base64, out);
    }
    let name = bytes::slice(hay, key.start, key.end).trim_ascii();
    let judged = names::in_text(&String::from_utf8_lossy(name));
    let secret = matches!(judged, Name::Password | Name::Secret);
    let Some(kind) = table::kind("k8s-secret-manifest") else { return };
    let mut it = Candidate::new(kind, Rank::Header, value);
    it.verification = Verification::Structure;
    it.password = true;
    it.name = Some(name);
    if placeholder::is_whole_word(decoded.trim_ascii())
        || placeholder::is_reference(decoded.trim_ascii())
    {
        it.verification = Verification::Example(placeholder::Example::Word);
    } else if !secret {
        it.severity = Severity::Medium;
        it.confidence = Confidence::Likely;
    }
    it.derived.push(decoded);
    out.report(window, it);
}

pub(super) fn sealed_secret(window: &Window<'_>, at: usize, out: &mut Findings) {
    let Some(kind) = table::kind("sealed-secret") else { return };
    let mut it = Candidate::new(kind, Rank::Guess, at..at + 18);
    it.severity = Severity::Note;
    it.verification = Verification::Encrypted;
    it.prefix = 18;
    out.report(window, it);
}
