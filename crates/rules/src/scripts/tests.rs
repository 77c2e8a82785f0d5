//! What becomes of what a pack finds. The pack here is a small one of our own: words mean codes.

use report::{Outcome, Report};

use super::{Hit, Language, Linter};
use crate::tests::today;
use crate::{Case, Document, Settings};

/// `$x` is 2086, `==` is 3014 unless the language is bash's, `boom` breaks it; what stands behind
/// `disable` is accepted.
fn pack(language: Language, text: &str) -> Option<Vec<Hit>> {
    if text.contains("boom") {
        return None;
    }
    let offset = |it: usize| u32::try_from(it).unwrap();
    let all = |word: &'static str, code| {
        text.match_indices(word).map(move |(at, _)| Hit {
            code,
            start: offset(at),
            end: offset(at + word.len()),
            accepted: text.find("disable").is_some_and(|it| it < at),
        })
    };
    let bash = language == Language::Bash;
    Some(all("$x", 2086).chain(all("==", 3014).filter(|_| !bash)).collect())
}

fn report(text: &str) -> Report {
    let settings = Settings { shell: Some(Linter(pack)), ..Settings::default() };
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    crate::check(&Case::with(&[document], settings, today()))
}

fn outcome(report: &Report, id: &str) -> Outcome {
    let own = report.outcomes.iter().find(|it| it.rule.id == id);
    own.map(|it| it.outcome.clone()).unwrap_or_default()
}

/// The places of a rule's findings: line, column, and the text there.
fn places(text: &str) -> Vec<(u32, u32, String)> {
    let report = report(text);
    let place = |it: &report::Finding| {
        let at = it.place.start.unwrap();
        let report::Locus::Text { span, .. } = it.place.at else { panic!() };
        (at.line, at.column, text[span.range()].to_owned())
    };
    outcome(&report, "shell-sc2086").findings.iter().map(place).collect()
}

fn at(line: u32, column: u32) -> (u32, u32, String) {
    (line, column, "$x".to_owned())
}

#[test]
fn places_are_those_of_the_dockerfile() {
    let text = "FROM debian:13\nENV A=1\nRUN a \\\n  # a comment\n  && b $x\n";
    assert_eq!(places(text), [at(5, 8)]);
    let split = "FROM debian:13\nRUN a $\\\nx\n";
    assert_eq!(places(split), [(2, 7, "$\\\nx".to_owned())]);
    let heredoc =
        "FROM debian:13\nENV A=1\nRUN <<EOF\na\n b $x\nEOF\nRUN cat <<-E > f && $x\n\t $x\nE\n";
    assert_eq!(places(heredoc), [at(5, 4), at(7, 21), at(8, 3)]);
}

#[test]
fn everything_a_shell_runs_is_looked_through() {
    let text = "FROM debian:13 AS a\nRUN $x\nFROM debian:13\nHEALTHCHECK CMD $x\nENTRYPOINT $x\nCMD $x\n\
                ONBUILD RUN $x\nRUN [\"$x\"]\nSHELL [\"pwsh\", \"-c\"]\nRUN $x\n";
    assert_eq!(places(text), [at(4, 17), at(5, 12), at(6, 5), at(7, 13)]);
    let shebang =
        "FROM debian:13\nRUN <<EOF\n#!/usr/bin/python3\n$x\nEOF\nRUN <<EOF\n#!/bin/sh\n$x\nEOF\n";
    assert_eq!(places(shebang), [at(8, 1)]);
}

#[test]
fn arrays_that_start_a_shell_have_a_script() {
    let text = "FROM debian:13\nRUN [\"/bin/bash\", \"-o\", \"pipefail\", \"-euc\", \"a \\\"b\\\" $x\"]\n\
                ENTRYPOINT [\"/tini\", \"--\", \"sh\", \"-c\", \"$x\"]\nCMD [\"sh\", \"--norc\", \"$x\"]\n";
    assert_eq!(places(text), [at(2, 54), at(3, 41)]);
    let missing = |text: &str| outcome(&report(text), "shell-sc3014").findings.len();
    assert_eq!(missing("FROM debian:13\nRUN [\"sh\", \"-c\", \"[ a == b ]\"]\n"), 1);
    assert_eq!(missing("FROM debian:13\nRUN [\"bash\", \"-c\", \"[ a == b ]\"]\n"), 0);
}

#[test]
fn nothing_is_found_without_the_pack() {
    let text = "FROM debian:13\nRUN a $x\n";
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let case = Case::with(&[document], Settings::default(), today());
    assert!(case.facts.scripts.is_empty());
    let without = crate::check(&case);
    assert!(without.outcomes.iter().all(|it| !it.rule.id.starts_with("shell-")));
    assert!(without.rules < report(text).rules);
}

#[test]
fn what_a_shell_lacks_is_open_where_the_shell_is_not_known() {
    let verdict = |text: &str| {
        let outcome = outcome(&report(text), "shell-sc3014");
        (outcome.findings.len(), outcome.gaps.len())
    };
    assert_eq!(verdict("FROM debian:13\nRUN [ a == b ]\n"), (1, 0));
    assert_eq!(verdict("FROM example/unheard-of:1\nRUN [ a == b ]\n"), (0, 1));
    assert_eq!(verdict("FROM fedora:43\nRUN [ a == b ]\n"), (0, 0));
}

#[test]
fn comments_accept_findings_and_stay_in_the_report() {
    let accepted = |text: &str| -> Vec<(String, u32, Option<String>)> {
        let outcome = outcome(&report(text), "shell-sc2086");
        assert!(outcome.findings.is_empty(), "{text}");
        let by = |it: &report::Accepted| {
            (it.by.form.to_string(), it.by.place.start.unwrap().line, it.by.reason.clone())
        };
        outcome.accepted.iter().map(by).collect()
    };
    let form = |form: &str, line, reason: Option<&str>| {
        vec![(form.to_owned(), line, reason.map(str::to_owned))]
    };
    assert_eq!(
        accepted("FROM debian:13\n# shellcheck disable=SC2046,SC2086 # words\nRUN $x\n"),
        form("shellcheck", 2, Some("words"))
    );
    assert_eq!(
        accepted("FROM debian:13\n# shellcheck disable=all\nRUN $x\n"),
        form("shellcheck", 2, None)
    );
    assert_eq!(
        accepted("FROM debian:13\n# hadolint ignore=SC2086\nRUN $x\n"),
        form("hadolint", 2, None)
    );
    assert_eq!(
        accepted("FROM debian:13\n# plimsoll: ignore[SC2086] they are words\nRUN $x\n"),
        form("plimsoll", 2, Some("they are words"))
    );
    assert_eq!(
        accepted("FROM debian:13\nRUN <<EOF\n  # shellcheck disable=SC2086\n$x\nEOF\n"),
        form("shellcheck", 3, None)
    );
}

#[test]
fn comments_about_the_pack_are_no_mistakes_without_it() {
    let text = "FROM debian:13\n# plimsoll: ignore[SC2086] they are words\nRUN a\n";
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let without = crate::check(&Case::new(&[document], today()));
    assert!(outcome(&without, "ineffective-ignore").findings.is_empty());
    let [finding] = &outcome(&report(text), "ineffective-ignore").findings[..] else { panic!() };
    assert_eq!(finding.message, "this ignore comment accepts nothing");
}

#[test]
fn what_was_not_looked_through_is_a_gap() {
    let gaps = |text: &str| -> Vec<String> {
        let outcome = outcome(&report(text), "shell-script-unread");
        outcome.gaps.iter().map(|it| it.why.message()).collect()
    };
    assert_eq!(
        gaps("FROM debian:13\nRUN boom\n"),
        ["what looks through shell scripts broke over this one"]
    );
    let long = format!("FROM debian:13\nRUN a {}\n", "b".repeat(70_000));
    assert_eq!(gaps(&long), ["scripts of more than 16384 bytes are not looked through"]);
    let many = format!("FROM debian:13\n{}", format!("RUN a {}\n", "b".repeat(16_000)).repeat(18));
    assert_eq!(gaps(&many), ["scripts are looked through up to 262144 bytes in all"; 2]);
    assert_eq!(gaps("FROM debian:13\nRUN fine\n"), [""; 0]);
}

#[test]
fn variables_of_the_build_are_known() {
    let settings = Settings { shell: Some(Linter(pack)), ..Settings::default() };
    let text = "FROM debian:13\nARG given\nENV word=a-1 words=\"a b\"\nENV none=\nRUN a\n";
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let case = Case::with(&[document], settings, today());
    let script = case.facts.scripts[0].value.as_ref().unwrap();
    assert_eq!(script.whole(), "export none=\"$1\" word=x words=\"$1\" given=\"$1\"\na");
}
