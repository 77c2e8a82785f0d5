//! Our own Dockerfiles with locked results: the effect of a change on files as people write them.
//!
//! `UPDATE=1` rewrites the tables; every changed line is then read by hand. Made-up secrets in the
//! files are written `{{prefix:length}}`.

#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod locked;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use report::{Place, Report, RuleInfo, answers};
use rules::{Case, Document, RULES};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Names and texts, in order of their names.
fn files() -> Vec<(String, String)> {
    let mut paths: Vec<_> = folder().read_dir().unwrap().map(|it| it.unwrap().path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "Dockerfile"));
    paths.sort();
    assert!(paths.len() >= 30, "the corpus is gone");
    let read = |it: PathBuf| {
        let name = it.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, rules::page::filled(&std::fs::read_to_string(it).unwrap()))
    };
    paths.into_iter().map(read).collect()
}

fn check(text: &str) -> Report {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    rules::check(&Case::new(&[document], locked::today()))
}

#[test]
fn results_are_as_locked() {
    let (mut findings, mut doubts, mut answered) = (Vec::new(), Vec::new(), String::new());
    let mut counts: BTreeMap<&str, usize> = RULES.iter().map(|it| (it.id, 0)).collect();
    for (name, text) in files() {
        let report = check(&text);
        assert_eq!(report.problems, [], "{name}");
        let row = |place: &Place, rule: &RuleInfo, message: &str| {
            let start = place.start.unwrap();
            ((name.clone(), start.line, start.column), format!("{}\t{message}", rule.id))
        };
        for (rule, finding) in report.findings() {
            *counts.get_mut(&*rule.id).unwrap() += 1;
            findings.push(row(&finding.place, rule, &finding.message));
        }
        for it in &report.outcomes {
            let gaps = it.outcome.gaps.iter();
            doubts.extend(
                gaps.map(|gap| row(gap.place.as_ref().unwrap(), &it.rule, &gap.why.message())),
            );
        }
        let words = answers(&report).map(|it| it.state.word());
        writeln!(answered, "{name}\t{}", words.join("\t")).unwrap();
    }
    let counts: String = counts.iter().map(|(rule, n)| format!("{rule}\t{n}\n")).collect();
    let mut differences = Vec::new();
    for (name, should_hold) in [
        ("results.tsv", table(findings)),
        ("doubts.tsv", table(doubts)),
        ("counts.tsv", counts),
        ("answers.tsv", answered),
    ] {
        let path = folder().join(name);
        let locked = std::fs::read_to_string(&path).unwrap_or_default();
        differences.extend(locked::check(&path, &locked, &should_hold));
    }
    locked::report(&differences);
}

type Row = ((String, u32, u32), String);

fn table(mut rows: Vec<Row>) -> String {
    rows.sort();
    let line = |((name, line, column), rest): &Row| format!("{name}\t{line}:{column}\t{rest}\n");
    rows.iter().map(line).collect()
}
