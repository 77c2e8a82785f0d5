//! Secrets: labelled cases of other scanners, checksum vectors, names of variables, real
//! Dockerfiles, and reports that may show no piece of one.

mod canaries;
mod same;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use report::{Input, Kind};
use rules::{Case, Document};
use secrets::names::is_secret;
use secrets::{Hit, Options, Severity, Verification};
use serde::Deserialize;
use text::Date;

use crate::{Figure, corpus};

/// What others' cases call for, by source: how many of a hundred have to be found.
const GOALS: [(&str, f64); 6] = [
    ("gitleaks", 97.0),
    ("kingfisher", 90.0),
    ("noseyparker", 95.0),
    ("detect-secrets", 90.0),
    ("trivy-secret", 97.0),
    ("leaky-repo", 95.0),
];

/// Hits in real Dockerfiles that somebody has read, by their keyed fingerprint and file.
const JUDGED: &str = include_str!("judged_secrets.tsv");

/// A case of another scanner.
#[derive(Debug, Deserialize)]
struct Labelled {
    id: String,
    corpus: String,
    #[serde(default)]
    detector: Option<String>,
    #[serde(default)]
    rule_name: Option<String>,
    #[serde(default)]
    file_path: Option<String>,
    text: String,
    expected: bool,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    found: usize,
}

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let mut figures = labelled(shared)?;
    figures.push(vectors(shared)?);
    figures.extend(names(shared)?);
    figures.extend(real(shared)?);
    figures.push(canaries::measure());
    Ok(figures)
}

pub(crate) fn today() -> Date {
    Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"))
}

fn options() -> Options {
    let mut options = Options::new(today(), [7; 32]);
    options.thorough = true;
    options
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// A case that should be found counts as found when anything is reported, look-alikes included; a
/// case that should not counts as wrong when its own kind is reported at medium or above.
fn labelled(shared: &Path) -> Result<Vec<Figure>> {
    let cases: Vec<Labelled> = corpus::read_as(shared, "secrets")?;
    let options = options();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut clean, mut wrong) = (0, 0);
    for case in &cases {
        let scan = secrets::scan(&options, case.file_path.as_deref(), case.text.as_bytes());
        if case.expected {
            let tally = tallies.entry(&case.corpus).or_default();
            tally.cases += 1;
            tally.found += usize::from(!scan.hits.is_empty());
            if scan.hits.is_empty() {
                println!("   missed: {}", case.id);
            }
            continue;
        }
        clean += 1;
        let detector = [case.detector.as_deref(), case.rule_name.as_deref()];
        let detector = detector.map(Option::unwrap_or_default).join(" ");
        let loud = |it: &&Hit| it.severity <= Severity::Medium;
        if scan.hits.iter().filter(loud).any(|it| same::is_same(detector.trim(), it)) {
            wrong += 1;
            println!("   wrong: {}", case.id);
        }
    }
    let figure = |(source, goal): (&str, f64)| {
        let none = Tally::default();
        let it = tallies.get(source).unwrap_or(&none);
        let value = share(it.found, it.cases);
        Figure {
            name: format!("secrets of {source} that are found"),
            value: format!("{value:.1} % ({} of {}), goal {goal} %", it.found, it.cases),
            reached: value >= goal,
            binding: true,
        }
    };
    let mut figures: Vec<Figure> = GOALS.into_iter().map(figure).collect();
    figures.push(Figure {
        name: "clean cases of all sources reported at medium or above".to_owned(),
        value: format!("{:.1} % ({wrong} of {clean}), goal at most 2 %", share(wrong, clean)),
        reached: clean > 0 && share(wrong, clean) <= 2.0,
        binding: true,
    });
    Ok(figures)
}

/// Tokens whose checksum or structure decides, in parts: prefix, body, checksum.
fn vectors(shared: &Path) -> Result<Figure> {
    let rows = table(shared, "checksum_vectors.tsv")?;
    let options = options();
    let (mut right, mut all) = (0, 0);
    for row in rows.lines().filter(|it| !it.starts_with('#')).skip(1) {
        let mut columns = row.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (scheme, prefix, body, sum, expected) = (next(), next(), next(), next(), next());
        let token = format!("token = \"{prefix}{body}{sum}\"\n");
        let passes = |it: &Hit| {
            matches!(it.verification, Verification::Checksum | Verification::Structure)
                && it.severity < Severity::Note
        };
        let found = secrets::scan(&options, None, token.as_bytes()).hits.iter().any(passes);
        all += 1;
        right += usize::from(found == (expected == "valid"));
        if found != (expected == "valid") {
            println!("   wrong: {scheme} {prefix} ({expected})");
        }
    }
    Ok(Figure {
        name: "checksum vectors told apart".to_owned(),
        value: format!("{right} of {all}"),
        reached: right == all && all > 0,
        binding: true,
    })
}

/// Names of variables in public Dockerfiles, labelled by hand.
fn names(shared: &Path) -> Result<Vec<Figure>> {
    let rows = table(shared, "env_name_corpus.tsv")?;
    let (mut hits, mut wrong, mut missed) = (0, 0, 0);
    for row in rows.lines().filter(|it| !it.starts_with('#')).skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let (Some(name), Some(label)) = (columns.first(), columns.last()) else { continue };
        match (is_secret(name, None), *label) {
            (true, "secret") => hits += 1,
            (true, "not") => {
                wrong += 1;
                println!("   no secret: {name}");
            }
            (false, "secret") => {
                missed += 1;
                println!("   a secret: {name}");
            }
            _ => {}
        }
    }
    let figure = |name: &str, part: usize, whole: usize| Figure {
        name: format!("names of secret variables, {name}"),
        value: format!("{:.1} % ({part} of {whole}), goal 98 %", share(part, whole)),
        reached: share(part, whole) >= 98.0,
        binding: true,
    };
    Ok(vec![figure("precision", hits, hits + wrong), figure("recall", hits, hits + missed)])
}

/// Public Dockerfiles hardly hold any secret, so every hit has been read by somebody: what nobody
/// has judged yet is printed for reading. What looks like an id, a digest or a fingerprint is
/// counted by its form.
fn real(shared: &Path) -> Result<Vec<Figure>> {
    let files = corpus::read_files(shared)?;
    let judged: BTreeMap<(&str, &str), &str> = JUDGED
        .lines()
        .filter(|it| !it.starts_with('#'))
        .filter_map(|it| it.split_once('\t'))
        .filter_map(|(key, rest)| {
            let mut columns = rest.split('\t');
            Some(((columns.next()?, key), columns.next()?))
        })
        .collect();
    let options = Options::new(today(), [7; 32]);
    let (mut ids, mut right, mut wrong, mut new) = (0, 0, 0, 0);
    for file in &files {
        let scan = secrets::scan(&options, Some("Dockerfile"), file.dockerfile.as_bytes());
        for hit in scan.hits.iter().filter(|it| it.severity < Severity::Note) {
            let key = hit.fingerprint.to_string();
            match judged.get(&(&*file.id, &*key)).copied() {
                Some("true") => right += 1,
                Some(_) => wrong += 1,
                None => {
                    new += 1;
                    println!("   not judged: {key} {} {} {}", file.id, hit.kind.id, hit.masked);
                }
            }
        }
        ids += ids_in(&file.dockerfile);
    }
    let all = right + wrong + new;
    Ok(vec![
        Figure {
            name: "hits in real Dockerfiles that are secrets, as read by hand".to_owned(),
            value: format!(
                "{:.0} % ({right} of {all}, {new} not judged yet) in {} files, goal 90 %",
                share(right, all),
                files.len()
            ),
            reached: share(right, all) >= 90.0 && new == 0,
            binding: true,
        },
        Figure {
            name: "ids, digests and fingerprints in real Dockerfiles reported as secrets"
                .to_owned(),
            value: format!("{ids} in {} files", files.len()),
            reached: ids == 0 && !files.is_empty(),
            binding: true,
        },
    ])
}

/// How many secrets of a Dockerfile have the form of a key id, a checksum, a digest or a UUID.
fn ids_in(text: &str) -> usize {
    let document =
        Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: Some(Kind::Dockerfile) };
    let case = Case::new(&[document], today());
    let is_id = |value: &str| {
        let hex = value.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
        hex && [8, 16, 32, 36, 40, 56, 64, 96, 128].contains(&value.len())
    };
    let secrets = case.facts.secrets.iter().filter(|it| it.via == Input::Dockerfile);
    secrets.filter(|it| it.value.is_ok() && is_id(case.under(&it.at))).count()
}

fn table(shared: &Path, name: &str) -> Result<String> {
    let path = shared.join("facts").join(name);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
