//! Other tools' own test cases: does our rule fire where theirs should, and keep quiet where theirs
//! should?
//!
//! Which of our rules stands for a peer's is what its `aka` says. Rules of peers that we decline are
//! listed in `declined.tsv`, each with its reason. Peers contradict each other on "the same" rule, so
//! not everything can agree; cases whose verdict depends on a setting, on a context that is not
//! given, or that come with both verdicts, are not scored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use report::{Locus, Report};
use rules::{Case, Document, RULES, Settings, Switch};
use text::Date;

use crate::{Figure, corpus};

/// Peers' ids that no rule of ours stands for, with the reason.
const DECLINED: &str = include_str!("declined.tsv");

/// Corpora with the least recall, specificity and coverage, in percent.
const CORPORA: &[(&str, f64, f64)] = &[
    ("kics", 98.0, 95.0),
    ("trivy", 98.0, 95.0),
    ("checkov", 98.0, 95.0),
    ("buildkit", 98.0, 95.0),
    ("dockerfile-utils", 95.0, 85.0),
    ("dockadvisor", 95.0, 85.0),
    ("droast", 95.0, 85.0),
    ("parfum", 95.0, 85.0),
    ("dockerfilelint", 95.0, 85.0),
];

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (name, least, least_covered) in CORPORA {
        let score = score(name, &corpus::read(shared, name)?);
        score.print(name);
        figures.extend(score.figures(name, *least, *least_covered));
    }
    Ok(figures)
}

/// How many cases went right, of how many.
#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    all: usize,
}

impl Tally {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { 100.0 * self.right as f64 / self.all as f64 }
    }
}

#[derive(Default)]
struct Score {
    recall: Tally,
    specificity: Tally,
    covered: Tally,
    by_rule: BTreeMap<String, (Tally, Tally)>,
    uncovered: BTreeSet<String>,
    misses: Vec<String>,
}

fn score(name: &str, cases: &[corpus::Case]) -> Score {
    let mut out = Score::default();
    let all: BTreeSet<String> =
        cases.iter().filter(|it| it.is_scored()).flat_map(|it| it.peer_ids()).collect();
    for case in cases.iter().filter(|it| it.is_scored()) {
        let ids = case.peer_ids();
        let declined = ids.iter().any(|id| {
            DECLINED.lines().any(|line| line.split('\t').take(2).eq([name, id.as_str()]))
        });
        // A file that a peer calls valid trips none of its rules.
        let named: BTreeSet<String> = match &*ids {
            [one] if one == "VALID" => all.clone(),
            ids => ids.iter().cloned().collect(),
        };
        let ours: Vec<&str> = RULES
            .iter()
            .filter(|rule| named.iter().any(|id| rule.is_named(id)))
            .map(|rule| rule.id)
            .collect();
        if declined {
            continue;
        }
        out.covered.count(!ours.is_empty());
        if ours.is_empty() {
            out.uncovered.insert(ids.join(" "));
            continue;
        }
        let (text, offset) = case.text();
        let fired = fires(&check(&text), &ours, case, offset);
        let (recall, specificity) = out.by_rule.entry(ids.join(" ")).or_default();
        let right = if case.expected == "fires" {
            out.recall.count(fired);
            recall.count(fired);
            fired
        } else {
            out.specificity.count(!fired);
            specificity.count(!fired);
            !fired
        };
        if !right {
            out.misses.push(format!("{} ({}; ours: {})", case.id, case.expected, ours.join(", ")));
        }
    }
    out
}

/// Checks a Dockerfile with every rule on, those that are off by default too.
fn check(text: &str) -> Report {
    let on = |id: &'static str| (id.to_owned(), Switch { on: true, reason: None });
    let settings =
        Settings { rules: RULES.iter().map(|it| on(it.id)).collect(), ..Settings::default() };
    let document = Document {
        name: "Dockerfile",
        bytes: text.as_bytes(),
        taken_for: Some(report::Kind::Dockerfile),
    };
    let today = Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"));
    rules::check(&Case::with(&[document], settings, today))
}

/// Whether one of our rules fires, and where lines are given, on one of them. Accepted findings
/// count as not fired, as they do for the peer whose comment accepts them.
fn fires(report: &Report, ours: &[&str], case: &corpus::Case, offset: u32) -> bool {
    let findings = report.findings().filter(|(rule, _)| ours.contains(&&*rule.id));
    let lines = |it: &report::Finding| -> Option<(u32, u32)> {
        match it.place.at {
            Locus::Text { .. } => Some((it.place.start?.line, it.place.end?.line)),
            Locus::Layer { .. } => None,
        }
    };
    // Many peers name the line an instruction starts on, wherever in it the mistake is.
    let starts = instruction_lines(&case.text().0);
    let start = |line: u32| starts.iter().rfind(|it| **it <= line).copied().unwrap_or(line);
    let fits = |it: &report::Finding| match (&case.lines, lines(it)) {
        (Some(expected), Some((first, last)))
            if !expected.is_empty() && case.expected == "fires" =>
        {
            expected.iter().any(|line| (start(first)..=last).contains(&(line + offset)))
        }
        _ => true,
    };
    findings.into_iter().any(|(_, it)| fits(it))
}

/// The lines that instructions start on, in order.
fn instruction_lines(text: &str) -> Vec<u32> {
    let source = text::Source::new("", text);
    let file = dockerfile::parse(text);
    file.instructions().map(|it| source.position(it.span.start()).line).collect()
}

impl Score {
    fn print(&self, name: &str) {
        println!("-- {name}");
        for (id, (recall, specificity)) in &self.by_rule {
            if recall.right < recall.all || specificity.right < specificity.all {
                println!(
                    "   {id}: fires {}/{}, keeps quiet {}/{}",
                    recall.right, recall.all, specificity.right, specificity.all
                );
            }
        }
        for it in &self.misses {
            println!("   wrong: {it}");
        }
        for it in &self.uncovered {
            println!("   no rule stands for {it}");
        }
    }

    fn figures(&self, name: &str, least: f64, least_covered: f64) -> Vec<Figure> {
        let figure = |what: &str, it: Tally, least: f64| Figure {
            name: format!("{name}: {what}"),
            value: format!("{:.1} % ({} of {}), goal {least} %", it.percent(), it.right, it.all),
            reached: it.percent() >= least,
            binding: true,
        };
        vec![
            figure("recall", self.recall, least),
            figure("specificity", self.specificity, least),
            figure("cases covered", self.covered, least_covered),
        ]
    }
}
