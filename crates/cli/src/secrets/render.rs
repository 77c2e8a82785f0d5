//! Writes what was found, masked, as text, JSON and SARIF.

use std::collections::BTreeMap;
use std::fmt::Write;

use secrets::{Confidence, Encoding, Hit, Severity, Verification};
use serde_json::{Value, json};

use super::{Finding, Found, Place};

/// The name of the shape of the JSON form.
const SCHEMA: &str = "plimsoll-secrets/1";

pub(super) fn text(found: &Found) -> String {
    let mut out = String::new();
    for it in &found.findings {
        finding(it, &mut out);
    }
    if !found.allowed.is_empty() {
        let _ = writeln!(out, "Accepted by comments in the files: {}", found.allowed.len());
        for it in &found.allowed {
            let _ = writeln!(out, "  {}  {}", first(it), title(&it.hit));
        }
        out.push('\n');
    }
    if found.dropped > 0 {
        let _ = writeln!(out, "Left out because there are too many: {}\n", found.dropped);
    }
    let counts =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note];
    let counts: Vec<String> = counts
        .into_iter()
        .map(|it| (it, found.findings.iter().filter(|one| one.hit.severity == it).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {}", severity_name(severity)))
        .collect();
    let counts = if counts.is_empty() { "no secrets".to_owned() } else { counts.join(", ") };
    let (files, megabytes) = (found.files, found.bytes / 1_000_000);
    let _ = writeln!(out, "{counts} in {files} files ({megabytes} MB)");
    out
}

fn finding(it: &Finding, out: &mut String) {
    let hit = &it.hit;
    let _ = writeln!(out, "{}  {}  {}", severity_name(hit.severity), first(it), hit.kind.id);
    let likely = if hit.confidence == Confidence::Likely { ", likely" } else { "" };
    let _ = writeln!(out, "  {} {}{likely}", title(hit), hit.masked);
    for fact in &hit.facts {
        let _ = writeln!(out, "  {}: {}", fact.name, text::visible(&fact.value));
    }
    if let Some(what) = verification(hit) {
        let _ = writeln!(out, "  {what}");
    }
    for place in it.places.iter().skip(1) {
        let _ = writeln!(out, "  also at {}:{}:{}", place.path, place.line, place.column);
    }
    let _ = writeln!(out, "  to rotate it: {}\n", hit.kind.rotate);
}

fn first(it: &Finding) -> String {
    it.places.first().map(|it| format!("{}:{}:{}", it.path, it.line, it.column)).unwrap_or_default()
}

fn title(hit: &Hit) -> String {
    format!("{}: {}", hit.kind.provider, hit.kind.title)
}

fn severity_name(it: Severity) -> &'static str {
    match it {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Note => "note",
    }
}

/// What was found out about it, when that changes what it is worth.
fn verification(hit: &Hit) -> Option<String> {
    Some(match hit.verification {
        Verification::Checksum => "its checksum is right".to_owned(),
        Verification::Structure => "its structure is right".to_owned(),
        Verification::Form => return None,
        Verification::Guess => "a guess, by its name and its randomness".to_owned(),
        Verification::ChecksumFails => "its checksum is wrong: not a real one".to_owned(),
        Verification::Example(_) => "an example or a stand-in".to_owned(),
        Verification::Expired(day) => format!("expired on {day}"),
        Verification::Encrypted => "encrypted with a passphrase".to_owned(),
        Verification::PublicTestKey => "a key that is published with a library's tests".to_owned(),
        Verification::DefaultLogin => "the default login of a product".to_owned(),
        Verification::Public => "public by design".to_owned(),
    })
}

fn verification_id(hit: &Hit) -> &'static str {
    match hit.verification {
        Verification::Checksum => "checksum",
        Verification::Structure => "structure",
        Verification::Form => "form",
        Verification::Guess => "guess",
        Verification::ChecksumFails => "checksum-fails",
        Verification::Example(_) => "example",
        Verification::Expired(_) => "expired",
        Verification::Encrypted => "encrypted",
        Verification::PublicTestKey => "public-test-key",
        Verification::DefaultLogin => "default-login",
        Verification::Public => "public",
    }
}

pub(super) fn json(found: &Found) -> String {
    let list = |of: &[Finding]| of.iter().map(as_json).collect::<Vec<_>>();
    let unread = found.unread.iter().map(|(path, why)| json!({ "path": path, "reason": why }));
    pretty(&json!({
        "schema": SCHEMA,
        "files": found.files,
        "bytes": found.bytes,
        "findings": list(&found.findings),
        "accepted": list(&found.allowed),
        "dropped": found.dropped,
        "unread": unread.collect::<Vec<_>>(),
    }))
}

fn as_json(it: &Finding) -> Value {
    let hit = &it.hit;
    let facts: BTreeMap<&str, &str> = hit.facts.iter().map(|it| (it.name, &*it.value)).collect();
    json!({
        "kind": hit.kind.id,
        "provider": hit.kind.provider,
        "title": hit.kind.title,
        "severity": severity_name(hit.severity),
        "confidence": if hit.confidence == Confidence::Likely { "likely" } else { "certain" },
        "verification": verification_id(hit),
        "masked": hit.masked,
        "fingerprint": hit.fingerprint.to_string(),
        "encoding": hit.encoding.map(encoding),
        "facts": facts,
        "rotate": hit.kind.rotate,
        "places": it.places.iter().map(place).collect::<Vec<_>>(),
    })
}

fn encoding(it: Encoding) -> &'static str {
    match it {
        Encoding::Base64 => "base64",
        Encoding::Hex => "hex",
        Encoding::Percent => "percent",
    }
}

fn place(it: &Place) -> Value {
    json!({
        "path": it.path,
        "line": it.line,
        "column": it.column,
        "offset": it.offset,
        "length": it.length,
    })
}

pub(super) fn sarif(found: &Found) -> String {
    let all = || found.findings.iter().chain(&found.allowed);
    let mut kinds: BTreeMap<&str, Value> = BTreeMap::new();
    for it in all() {
        let kind = it.hit.kind;
        kinds.entry(kind.id).or_insert_with(|| {
            json!({
                "id": kind.id,
                "shortDescription": { "text": title(&it.hit) },
                "help": { "text": format!("To rotate it: {}", kind.rotate) },
                "properties": { "tags": ["security", "secret"], "security-severity": score(kind.severity) },
            })
        });
    }
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "plimsoll",
                "version": rules::VERSION,
                "rules": kinds.into_values().collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": all().map(result).collect::<Vec<_>>(),
        }],
    }))
}

fn score(it: Severity) -> &'static str {
    match it {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Note => "0.0",
    }
}

fn result(it: &Finding) -> Value {
    let hit = &it.hit;
    let level = match hit.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "note",
    };
    let mut out = json!({
        "ruleId": hit.kind.id,
        "level": level,
        "message": { "text": format!("{} {}", title(hit), hit.masked) },
        "locations": it.places.iter().take(1).map(location).collect::<Vec<_>>(),
        "relatedLocations": it.places.iter().skip(1).map(location).collect::<Vec<_>>(),
        "partialFingerprints": { "plimsollSecret/v1": hit.fingerprint.to_string() },
    });
    if let (true, Some(fields)) = (hit.allowed, out.as_object_mut()) {
        fields.insert("suppressions".to_owned(), json!([{ "kind": "inSource" }]));
    }
    out
}

fn location(it: &Place) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&it.path) },
        "region": {
            "startLine": it.line,
            "startColumn": it.column,
            "byteOffset": it.offset,
            "byteLength": it.length,
        },
    }})
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&it);
    path.bytes()
        .map(|it| if plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}

fn pretty(value: &Value) -> String {
    let mut out = serde_json::to_string_pretty(value).unwrap_or_default();
    out.push('\n');
    out
}
