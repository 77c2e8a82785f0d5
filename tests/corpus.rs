//! Our own Dockerfiles with locked results: the effect of a change on files as people write them.
//!
//! `UPDATE=1` rewrites the tables; every changed line is then read by hand. Made-up secrets in the
//! files are written `{{prefix:length}}`.

#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod locked;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use report::{Finding, Place, Report, RuleInfo, answers};
use rules::{Case, Document, RULES};
use tests::fixes;

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

/// Rule, message, and the text under the mark, in an order that does not depend on places.
fn essence(text: &str) -> Vec<(String, String, String)> {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let case = Case::new(&[document], locked::today());
    let report = rules::check(&case);
    let marked = |(rule, finding): (&RuleInfo, &Finding)| {
        let under = case.under(&finding.place.at).replace('\r', "");
        (rule.id.to_string(), finding.message.clone(), under)
    };
    // What these are about is what the changes change.
    let about = |it: &RuleInfo| it.id.ends_with("casing") || it.id == "crlf-line-endings";
    let findings = report.findings().filter(|(rule, _)| !about(rule));
    let mut all: Vec<_> = findings.map(marked).collect();
    all.sort();
    all
}

/// Checks that a change that means nothing to a builder changes no finding.
#[track_caller]
fn check_invariance(change: impl Fn(&str) -> String) {
    for (name, text) in files() {
        assert_eq!(essence(&change(&text)), essence(&text), "{name}");
    }
}

#[test]
fn line_ends_do_not_matter() {
    check_invariance(|text| text.replace('\n', "\r\n"));
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    check_invariance(|text| format!("\u{feff}{text}"));
}

#[test]
fn blank_lines_do_not_matter() {
    // Directives have to stay at the very top.
    check_invariance(|text| {
        let lines = text.split_inclusive('\n');
        let top: String = lines.take_while(|it| it.starts_with('#')).collect();
        format!("{top}\n  \n\n{}", &text[top.len()..])
    });
}

#[test]
fn a_comment_at_the_end_does_not_matter() {
    check_invariance(|text| format!("{text}\n# the end\n"));
}

#[test]
fn a_missing_last_line_end_does_not_matter() {
    check_invariance(|text| text.trim_end().to_owned());
}

#[test]
fn the_case_of_keywords_does_not_matter() {
    let lowered = |text: &str| {
        let mut out = text.to_owned();
        for it in dockerfile::parse(text).instructions().filter(|it| it.keyword.is_some()) {
            let mut words = vec![it.word.span.range()];
            if let dockerfile::Kind::Onbuild(Some(trigger)) = &it.kind {
                words.push(trigger.word.span.range());
            }
            words.into_iter().for_each(|it| out[it].make_ascii_lowercase());
        }
        out
    };
    for (name, text) in files() {
        let lower = |(rule, message, under): (String, String, String)| {
            (rule, message, under.to_ascii_lowercase())
        };
        let mut expected: Vec<_> = essence(&text).into_iter().map(lower).collect();
        let mut got: Vec<_> = essence(&lowered(&text)).into_iter().map(lower).collect();
        expected.sort();
        got.sort();
        assert_eq!(got, expected, "{name}");
    }
}

/// A fix can be applied, takes its finding away, and breaks nothing, alone and with all others.
#[test]
fn fixes_mend_what_they_are_for() {
    let mut tried = fixes::Tried::default();
    for (name, text) in files() {
        fixes::check(&name, &text, locked::today(), &mut tried);
        let windows = text.replace('\n', "\r\n");
        fixes::check(&format!("{name} with CRLF"), &windows, locked::today(), &mut tried);
    }
    assert_eq!(tried.failures, Vec::<String>::new());
    let n_rules = tried.rules.values().filter(|it| it.fixes > 0).count();
    assert!(n_rules >= 10, "fixes of only {n_rules} rules were tried");
}
