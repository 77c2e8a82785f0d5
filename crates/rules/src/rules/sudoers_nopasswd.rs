//! An account may become root without a password.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::lines;
use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "sudoers-nopasswd",
    title: "An account may become root without a password",
    // The process itself is not root; it takes one command more.
    question: None,
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("sudoers_nopasswd.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let courses = Course::all(case);
    for (source, written) in case.written() {
        let is_sudoers = written.path.as_deref().is_none_or(|it| it.contains("sudoers"));
        // Of a text whose file is not known only such a rule tells.
        let may_tell = written.path.is_some() || written.text.as_str().contains("NOPASSWD");
        if !is_sudoers || !may_tell {
            continue;
        }
        for line in lines(&written.text) {
            let at = Locus::Text { source, span: line.whole() };
            if courses.iter().all(|it| it.point(&at).is_none()) {
                continue;
            }
            let Some((who, tag)) = grant(line.as_str()) else {
                if written.path.is_some() {
                    out.clear(&at, "this rule does not do without a password");
                }
                continue;
            };
            let at = Locus::Text { source, span: line.span(tag) };
            out.fail(&at, format!("{} becomes root without a password", quote(&who)));
        }
    }
}

/// Whom a rule lets do without a password, whatever they run as root, and where it says so. A rule
/// for single programs is another matter.
fn grant(line: &str) -> Option<(String, std::ops::Range<usize>)> {
    let text = line.trim_start().trim_start_matches(['^', '\\']);
    if text.starts_with('#') || !text.contains('=') {
        return None;
    }
    let at = line.find("NOPASSWD")?;
    let behind = line.get(at..)?.trim_start_matches("NOPASSWD").trim_start_matches([' ', ':']);
    let behind = behind.trim_start_matches("SETENV:").trim_start();
    let all = behind.starts_with("ALL")
        || behind.starts_with("/bin/sh")
        || behind.starts_with("/bin/bash");
    let who = text.split([' ', '\t']).next()?;
    (all && !who.is_empty() && who != "root").then(|| (who.to_owned(), at..at + "NOPASSWD".len()))
}

#[cfg(test)]
mod tests {
    use super::{RULE, grant};
    use crate::tests::check_dockerfile;

    #[test]
    fn rules_that_grant_everything() {
        for (line, who) in [
            ("app ALL=(ALL) NOPASSWD:ALL", "app"),
            ("%wheel\tALL=(ALL:ALL) NOPASSWD: ALL", "%wheel"),
            ("%sudo ALL=(ALL) NOPASSWD:SETENV: ALL", "%sudo"),
            ("$USER ALL = NOPASSWD: ALL", "$USER"),
        ] {
            assert_eq!(grant(line).map(|it| it.0).as_deref(), Some(who), "{line}");
        }
        for line in [
            "app ALL=(ALL) ALL",
            "app ALL=(root) NOPASSWD: /usr/sbin/service nginx reload",
            "root ALL=(ALL) NOPASSWD: ALL",
            "# app ALL=(ALL) NOPASSWD:ALL",
            "",
        ] {
            assert_eq!(grant(line), None, "{line}");
        }
    }

    #[test]
    fn every_way_to_write_the_rule() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN echo "app ALL=(ALL) NOPASSWD:ALL" >> /etc/sudoers.d/app
#                       ^^^^^^^^ `app` becomes root without a password
RUN sed -i 's/%sudo.*/%sudo ALL=(ALL) NOPASSWD: ALL/' /etc/sudoers
#                                     ^^^^^^^^ `%sudo` becomes root without a password
RUN echo "app ALL=(ALL) NOPASSWD:ALL" > /README
"#,
        );
    }
}
