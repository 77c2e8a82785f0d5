//! A build step starts a container that may do everything.

use report::{Applies, Input, Outcome, Severity};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "privileged-flag-in-run",
    title: "A build step starts a privileged container",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["privileged_run_container"],
    doc: page!("privileged_flag_in_run.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let engines = ["docker", "podman", "nerdctl", "docker-compose", "lxc-start"];
    for step in case.facts.steps() {
        for command in step.run.commands.iter().filter(|it| it.runs(&engines)) {
            let words = command.arguments();
            let starts = words.iter().any(|it| it.is("run") || it.is("create") || it.is("exec"));
            let flag = |it: &&dockerfile::shell::ShellWord| {
                matches!(&*it.text(), "--privileged" | "--privileged=true")
            };
            if let (true, Some(word)) = (starts, words.iter().find(flag)) {
                out.fail(
                    &step.at(word.span),
                    "this container may do to the machine whatever root may",
                );
            }
        }
    }
    if let (true, Some(step)) = (out.findings.is_empty(), case.facts.steps().next()) {
        out.clear(step.at, "the steps start no privileged containers");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_option_counts_and_not_the_word() {
        check_dockerfile(
            &RULE,
            r#"
FROM docker:28
RUN dockerd & docker run --rm --privileged app make
#                             ^^^^^^^^^^^^ this container may do to the machine whatever root may
RUN echo "never use --privileged" > /README && grep -r privileged /etc
RUN docker run --privileged=false app
"#,
        );
    }
}
