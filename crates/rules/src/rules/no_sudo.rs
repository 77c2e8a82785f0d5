//! A build step calls sudo.

use dockerfile::shell::ShellWord;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity};
use text::{Edit, Span};

use crate::commands::RunCommand;
use crate::course::Course;
use crate::facts::{Dialect, RunStep};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "no-sudo",
    title: "A build step calls sudo",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[
        "DL3004",
        "DS-0010",
        "CKV2_DOCKER_1",
        "8ada6e80",
        "no-sudo-in-dockerfile",
        "DKL-DI-0001",
        "DF010",
        "sudo_usage",
        "no_run_with_sudo",
    ],
    doc: page!("no_sudo.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut found = false;
        for command in &step.commands {
            let named = |it: &&ShellWord| it.text().rsplit('/').next() == Some("sudo");
            let mut words = command.simple.words.iter().take(command.first + 1);
            if let Some(word) = words.find(named) {
                let at = Locus::Text { source: *source, span: word.span };
                out.fail(&at, "this step calls `sudo`").fix(without(case, step, command, &at));
                found = true;
            }
        }
        if !found {
            out.clear(&seen.at, "this step does not call `sudo`");
        }
    }
}

/// Takes `sudo` away where root calls it. A step of another user needs a `USER` before it.
fn without(case: &Case, step: &RunStep, command: &RunCommand, at: &Locus) -> Option<Fix> {
    let Locus::Text { span, .. } = at else { return None };
    let root = Course::all(case).iter().any(|it| {
        let point = it.point(at);
        point.is_some_and(|point| it.is_root(&it.actor(&it.users(), point)) == Some(true))
    });
    let words = &command.simple.words;
    let first = words.iter().position(|it| it.span == *span)?;
    let next = words.get(first + 1)?;
    // With options it may be another user's step.
    if !root || step.dialect == Dialect::Exec || next.text().starts_with('-') {
        return None;
    }
    let gone = Span::of(span.range().start..next.span.range().start);
    let edit = |_| vec![Edit { span: gone, with: String::new() }];
    fix::edits("Call the program itself", at, edit, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn root_needs_no_sudo() {
        let text = "FROM debian:13\nRUN sudo a && \\\n  sudo \\\n  b && sudo -u app c\n";
        let mended = "FROM debian:13\nRUN a && \\\n  b && sudo -u app c\n";
        assert_eq!(fixed(&RULE, text), mended);
        let text = "FROM debian:13\nUSER app\nRUN sudo a\n";
        assert_eq!(fixed(&RULE, text), text);
    }

    #[test]
    fn calls_are_found_wherever_they_stand() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN a && sudo -u app b
#        ^^^^ this step calls `sudo`
RUN ["sudo", "make"]
#    ^^^^^^ this step calls `sudo`
RUN if true; then /usr/bin/sudo x; fi
#                 ^^^^^^^^^^^^^ this step calls `sudo`
RUN bash -c 'sudo y'
#            ^^^^ this step calls `sudo`
RUN <<EOF
sudo z
#^^^ this step calls `sudo`
EOF
"#,
        );
    }

    #[test]
    fn the_word_alone_is_no_call() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y sudo && usermod -aG sudo app
RUN echo "app ALL=(ALL) ALL" > /etc/sudoers.d/app && echo 'use sudo'
"#,
        );
    }
}
