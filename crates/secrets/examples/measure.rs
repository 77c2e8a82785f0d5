//! Measures the engine against labelled cases, one JSON object a line with `corpus`, `detector`,
//! `text`, `expected` and perhaps `file_path` and `lines`. A case that should be found counts as
//! found when anything is reported, look-alikes included; a case that should not be found counts
//! as wrong when something of the same detector is reported at medium or above.
//!
//! Usage: `gzip -dc cases.jsonl.gz | cargo run --release --example measure -- - [misses|wrong|all]`

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use secrets::{Hit, Options, Severity};

#[derive(Default)]
struct Tally {
    cases: usize,
    found: usize,
    found_low: usize,
    found_medium: usize,
    false_cases: usize,
    wrong: usize,
    wrong_any: usize,
}

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "-".to_owned());
    let show = arguments.next().unwrap_or_default();
    let mut text = String::new();
    if path == "-" {
        io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(path)?;
    }
    let today = text::Date::from_unix_days(20_781).ok_or(io::ErrorKind::InvalidData)?;
    let mut options = Options::new(today, [7; 32]);
    options.thorough = true;
    let mut out = io::stdout().lock();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line)?;
        measure(&case, &options, &show, &mut tallies, &mut out)?;
    }
    print(&tallies, &mut out)
}

fn measure(
    case: &serde_json::Value,
    options: &Options,
    show: &str,
    tallies: &mut BTreeMap<String, Tally>,
    out: &mut impl Write,
) -> io::Result<()> {
    let string = |key: &str| case.get(key).and_then(|it| it.as_str()).unwrap_or_default();
    let (corpus, text) = (string("corpus"), string("text"));
    let detector = format!("{} {}", string("detector"), string("rule_name"));
    let detector = detector.trim();
    let path = case.get("file_path").and_then(|it| it.as_str());
    let scan = secrets::scan(options, path, text.as_bytes());
    let tally = tallies.entry(corpus.to_owned()).or_default();
    let at_least = |it: Severity| scan.hits.iter().any(|hit| hit.severity <= it);
    let expected = case.get("expected").and_then(serde_json::Value::as_bool).unwrap_or_default();
    let kinds = || scan.hits.iter().map(describe).collect::<Vec<_>>().join(" ");
    let shown: String = text.chars().take(300).collect();
    if expected {
        tally.cases += 1;
        let found = !scan.hits.is_empty();
        tally.found += usize::from(found);
        tally.found_low += usize::from(at_least(Severity::Low));
        tally.found_medium += usize::from(at_least(Severity::Medium));
        if !found && show == "misses" || show == "all" {
            writeln!(out, "{found} {corpus} {detector} [{}] {shown:?}", kinds())?;
        }
    } else {
        tally.false_cases += 1;
        let loud = |hit: &&Hit| hit.severity <= Severity::Medium;
        let wrong = scan.hits.iter().filter(loud).any(|it| is_same(detector, it));
        tally.wrong += usize::from(wrong);
        tally.wrong_any += usize::from(at_least(Severity::Medium));
        if at_least(Severity::Medium) && show == "wrong" {
            let mark = if wrong { "WRONG" } else { "other" };
            writeln!(out, "{mark} {corpus} {detector} [{}] {shown:?}", kinds())?;
        }
    }
    Ok(())
}

fn describe(hit: &Hit) -> String {
    format!("{}:{:?}:{:?}", hit.kind.id, hit.severity, hit.verification)
}

/// Words that many detectors have and that tell nothing apart.
const COMMON: [&str; 20] = [
    "api",
    "key",
    "token",
    "secret",
    "access",
    "np",
    "kingfisher",
    "client",
    "id",
    "service",
    "app",
    "cloud",
    "personal",
    "pat",
    "password",
    "config",
    "account",
    "legacy",
    "basic",
    "auth",
];

/// Whether a hit is what the peer's detector is about: no kind of ours shares more words with it
/// than the hit's, and the hit's kind has no word of its own that the detector lacks. A generic
/// hit answers for generic detectors only; a detector without a name stands for all of them.
fn is_same(detector: &str, hit: &Hit) -> bool {
    if detector.contains("ANY") {
        return true;
    }
    if hit.kind.provider == "Generic" {
        return detector.contains("generic") || detector.contains("password");
    }
    let peer = words(detector);
    let provider = words(hit.kind.provider);
    let known = |it: &String| peer.contains(it) || provider.contains(it);
    let best = secrets::kinds().iter().map(|it| shared(&peer, it)).max().unwrap_or_default();
    let own = shared(&peer, hit.kind);
    own > 0 && own == best && words(hit.kind.id).iter().all(known)
}

/// How many words of a detector a kind has, in its name or its provider's.
fn shared(peer: &[String], kind: &secrets::Kind) -> usize {
    let own = [words(kind.id), words(kind.provider)].concat();
    peer.iter().filter(|it| own.contains(it)).count()
}

/// The words of a name that tell something, in lower case.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| !it.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    parts.filter(|it| it.len() > 1 && !COMMON.contains(&it.as_str())).collect()
}

fn print(tallies: &BTreeMap<String, Tally>, out: &mut impl Write) -> io::Result<()> {
    let share = |part: usize, whole: usize| {
        if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
    };
    writeln!(out, "source            cases  found  %      low+ %   medium+ %   false  wrong  any")?;
    let (mut false_cases, mut wrong, mut any) = (0, 0, 0);
    for (corpus, it) in tallies {
        writeln!(
            out,
            "{corpus:<16} {:>6} {:>6}  {:>5.1}  {:>6.1}  {:>9.1}  {:>6} {:>6} {:>4}",
            it.cases,
            it.found,
            share(it.found, it.cases),
            share(it.found_low, it.cases),
            share(it.found_medium, it.cases),
            it.false_cases,
            it.wrong,
            it.wrong_any,
        )?;
        false_cases += it.false_cases;
        wrong += it.wrong;
        any += it.wrong_any;
    }
    writeln!(
        out,
        "wrong at medium or above: {wrong} of {false_cases} ({:.1} %), of any kind {any}",
        share(wrong, false_cases)
    )
}
