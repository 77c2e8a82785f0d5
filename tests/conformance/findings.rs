//! What real Dockerfiles are told: how much it is a file, which rules say most, and whether the
//! maintainer of the file would agree.
//!
//! Of each of the most frequent rules a sample is read by hand and judged in
//! `judged_findings.tsv`. The sample is drawn by digest, so that it stays the same when other
//! findings come and go.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use report::{Finding, RuleInfo, Severity};
use rules::{Case, Document};
use sha2::{Digest, Sha256};
use text::Date;

use crate::{Figure, corpus};

/// Findings that somebody read: rule, file, line, `yes` or `no`, and why not.
const JUDGED: &str = include_str!("judged_findings.tsv");

/// How many of the most frequent rules are read.
const RULES_READ: usize = 10;

/// How many findings of each are read.
const READ_EACH: usize = 30;

/// The least share of read findings that are right, in percent.
const LEAST_RIGHT: f64 = 90.0;

/// The median number of findings a file that hadolint reports on the same files, as somebody else
/// has measured; nothing here runs it.
const HADOLINT_MEDIAN: usize = 5;

/// One finding of one file.
struct Told {
    rule: String,
    file: String,
    line: u32,
    excerpt: String,
    message: String,
}

impl Told {
    fn new(file: &str, rule: &RuleInfo, finding: &Finding) -> Self {
        let excerpt: Vec<&str> = finding.place.excerpt.iter().map(|it| &*it.text).collect();
        Self {
            rule: rule.id.to_string(),
            file: file.to_owned(),
            line: finding.place.start.map_or(0, |it| it.line),
            excerpt: excerpt.join("\n    "),
            message: finding.message.clone(),
        }
    }

    /// What names it among the judged.
    fn key(&self) -> String {
        format!("{}\t{}\t{}", self.rule, self.file, self.line)
    }

    /// Where it stands in the order in which findings are drawn.
    fn draw(&self) -> [u8; 32] {
        Sha256::digest(self.key()).into()
    }
}

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let mut told: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    let (mut counts, mut above_notes) = (Vec::new(), Vec::new());
    for file in corpus::read_files(shared)? {
        let bytes = file.dockerfile.as_bytes();
        let document = Document { name: "Dockerfile", bytes, taken_for: None };
        let report = rules::check(&Case::new(&[document], today()));
        let (mut all, mut serious) = (0, 0);
        for (rule, finding) in report.findings() {
            all += 1;
            serious += usize::from(rule.severity < Severity::Note);
            let it = Told::new(&file.id, rule, finding);
            told.entry(it.rule.clone()).or_default().push(it);
        }
        counts.push(all);
        above_notes.push(serious);
    }
    let mut figures = vec![spread("findings a file", counts, true)];
    figures.push(spread("findings a file above notes", above_notes, false));
    let mut rules: Vec<Vec<Told>> = told.into_values().collect();
    rules.sort_by_key(|it| std::cmp::Reverse(it.len()));
    figures.extend(rules.iter_mut().take(RULES_READ).map(|it| agreement(it)));
    Ok(figures)
}

/// The day that all figures are of.
fn today() -> Date {
    Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"))
}

/// Median and 90th percentile.
fn spread(name: &str, mut counts: Vec<usize>, compared: bool) -> Figure {
    counts.sort_unstable();
    let at = |percent: usize| counts.get(counts.len() * percent / 100).copied().unwrap_or_default();
    let beside =
        if compared { format!(" (hadolint's median: {HADOLINT_MEDIAN})") } else { String::new() };
    Figure {
        name: name.to_owned(),
        value: format!("median {}{beside}, 90th percentile {}", at(50), at(90)),
        reached: true,
        binding: false,
    }
}

/// How many of a rule's drawn findings somebody read, and how many of these are right. Prints those
/// that nobody has read.
fn agreement(found: &mut [Told]) -> Figure {
    found.sort_by_cached_key(Told::draw);
    let (mut right, mut read) = (0_u32, 0_u32);
    for it in found.iter().take(READ_EACH) {
        match judged(it) {
            Some(verdict) => {
                read += 1;
                right += u32::from(verdict);
            }
            None => println!("not judged: {}\n  {}\n    {}", it.key(), it.message, it.excerpt),
        }
    }
    let rule = found.first().map_or("", |it| &*it.rule);
    let drawn = found.len().min(READ_EACH);
    let share = if read == 0 { 0.0 } else { 100.0 * f64::from(right) / f64::from(read) };
    Figure {
        name: format!("{rule}, {} findings, right of those read", found.len()),
        value: format!("{right} of {read} ({share:.0} %), {drawn} drawn, goal {LEAST_RIGHT} %"),
        reached: share >= LEAST_RIGHT && read as usize == drawn,
        binding: false,
    }
}

/// What somebody said of a finding.
fn judged(it: &Told) -> Option<bool> {
    let key = it.key();
    let line = JUDGED
        .lines()
        .find(|line| line.strip_prefix(&*key).is_some_and(|it| it.starts_with('\t')))?;
    match line.split('\t').nth(3)? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
