//! A step whose only effect ends with it.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::RunCommand;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "run-state-lost",
    title: "A step only sets what is gone when it ends",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("run_state_lost.md"),
    check,
};

/// Commands that change nothing but the shell they run in.
const STATE: [&str; 6] = ["export", "alias", "ulimit", "umask", "unset", "unalias"];

fn check(case: &Case, out: &mut Outcome) {
    let mut cleared = false;
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some(first) = step.commands.first() else { continue };
        let only = step.commands.iter().all(|it| is_state(it) && !writes(it));
        let sets = step.commands.iter().find(|it| it.runs(&STATE) || it.simple.words.is_empty());
        let at = |it: &RunCommand| Locus::Text { source: *source, span: it.simple.span };
        match sets.filter(|_| only) {
            Some(command) => {
                let what = match &*command.program {
                    "export" | "" => "a variable that is set here",
                    "unset" => "a variable that is unset here",
                    "alias" | "unalias" => "an alias",
                    _ => "a limit or mask that is set here",
                };
                let instead = match &*command.program {
                    "export" | "" => "; `ENV` keeps it",
                    _ => "",
                };
                out.fail(&at(command), format!("{what} is gone when the step ends{instead}"));
            }
            // One for the file is enough.
            None if cleared => {}
            None => {
                cleared = true;
                out.clear(&at(first), "the step does more than set a state");
            }
        }
    }
}

fn is_state(it: &RunCommand) -> bool {
    let bare = it.simple.words.is_empty() && !it.simple.assignments.is_empty();
    (bare || it.runs(&STATE) || it.runs(&["set", "true", ":"])) && !it.place.substituted
}

/// Whether a command leaves something behind all the same.
fn writes(it: &RunCommand) -> bool {
    let words: &[ShellWord] = &it.simple.words;
    !it.simple.redirects.is_empty() || words.is_empty() && it.simple.assignments.is_empty()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn states_that_nobody_sees_again() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN export PATH=/opt/bin:$PATH
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^ a variable that is set here is gone when the step ends; `ENV` keeps it
RUN VERSION=1
#   ^^^^^^^^^ a variable that is set here is gone when the step ends; `ENV` keeps it
RUN set -e; umask 022
#           ^^^^^^^^^ a limit or mask that is set here is gone when the step ends
RUN alias ll='ls -l'
#   ^^^^^^^^^^^^^^^^ an alias is gone when the step ends
RUN export A=1 && make
RUN A=1 make
RUN echo 'export A=1' >> /etc/profile
RUN . /opt/env.sh
RUN X=$(make)
RUN true
"#,
        );
    }
}
