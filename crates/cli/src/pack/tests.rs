//! The pack as it is linked: from a Dockerfile to findings.

#![cfg(feature = "shellcheck")]

use report::Report;
use rules::{Case, Document, Settings, Switch};

use super::linter;

fn report(text: &str, rules: &[&str]) -> Report {
    let on = |it: &&str| ((*it).to_owned(), Switch { on: true, reason: None });
    let settings = Settings {
        shell: Some(linter().unwrap()),
        rules: rules.iter().map(on).collect(),
        ..Settings::default()
    };
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    rules::check(&Case::with(&[document], settings, "2026-11-24".parse().unwrap()))
}

/// The codes that are found, each with the text it stands at.
#[track_caller]
fn check(text: &str, rules: &[&str], expected: &[(&str, &str)]) {
    let report = report(text, rules);
    let own = report.findings().filter(|it| it.0.id.starts_with("shell-"));
    let mut got: Vec<(u32, &str, &str)> = own
        .map(|(rule, it)| {
            let report::Locus::Text { span, .. } = it.place.at else { panic!() };
            (span.start(), &*rule.aka[0], &text[span.range()])
        })
        .collect();
    got.sort_unstable();
    let got: Vec<(&str, &str)> = got.into_iter().map(|it| (it.1, it.2)).collect();
    assert_eq!(got, expected);
}

#[test]
fn scripts_of_a_dockerfile_are_looked_through() {
    check(
        "FROM debian:13\nARG url\nENV port=80\nRUN curl $url:$port \\\n  && rm -rf $\\\ndir $(ls)\n",
        &[],
        &[("SC2086", "$url"), ("SC2086", "$\\\ndir"), ("SC2154", "$\\\ndir"), ("SC2046", "$(ls)")],
    );
    check(
        "FROM alpine:3.22\nRUN <<EOF\nset -e\nfor f in $(ls /a); do\n  cat $f\ndone\nEOF\n",
        &[],
        &[("SC2045", "$(ls /a)"), ("SC2086", "$f")],
    );
}

#[test]
fn the_base_image_says_which_shell_it_is() {
    let step = "RUN echo $'a' && [ a == \"$HOME\" ]\n";
    let found = [("SC3003", "$'a'"), ("SC3014", "==")];
    check(&format!("FROM debian:13\n{step}"), &[], &found);
    check(&format!("FROM alpine:3.22\n{step}"), &[], &[]);
    check(&format!("FROM fedora:43\n{step}"), &[], &[]);
    check(&format!("FROM debian:13\nSHELL [\"/bin/bash\", \"-c\"]\n{step}"), &[], &[]);
    // Nobody knows which shell this is.
    check(&format!("FROM example/unheard-of:1\n{step}"), &[], &[]);
    let report = report(&format!("FROM example/unheard-of:1\n{step}"), &[]);
    let gaps = report.outcomes.iter().filter(|it| it.rule.id.starts_with("shell-sc30"));
    assert_eq!(gaps.map(|it| it.outcome.gaps.len()).sum::<usize>(), 2);
}

#[test]
fn codes_that_are_off_can_be_switched_on() {
    let text = "FROM debian:13\nRUN a && b || c\nRUN d | while read x; do e \"$x\"; done\n";
    check(text, &[], &[]);
    check(text, &["shell-sc2162"], &[("SC2162", "read")]);
}

#[test]
fn every_rule_of_the_pack_can_be_found() {
    let codes = shell::codes();
    let number = |it: &&str| it.trim_start_matches("SC").parse::<u16>().unwrap();
    let own = rules::shell_rules().filter_map(|it| it.aka.first());
    let lost: Vec<&&str> = own.filter(|it| !codes.contains(&number(it))).collect();
    assert_eq!(lost, [&""; 0]);
}

/// What nests without an end takes memory with every level, and must not end the program.
#[test]
fn what_nests_deeply_is_survived() {
    for part in ["time ", "! ", "$(", "( ", "{ ", "${a:-", "if a; then ", "a && "] {
        report(&format!("FROM debian:13\nRUN {}\n", part.repeat(3_000 / part.len())), &[]);
    }
    report(&format!("FROM debian:13\nRUN {}\n", "time ".repeat(3_000)), &[]);
}
