//! A build step calls sudo.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Severity};

use crate::{Case, Rule};

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
                out.fail(&at, "this step calls `sudo`");
                found = true;
            }
        }
        if !found {
            out.clear(&seen.at, "this step does not call `sudo`");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

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
