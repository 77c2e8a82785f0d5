//! A `git clone` in `RUN` could be an `ADD`.

use report::{Applies, Input, Outcome, Severity};

use crate::commands::{git_clone, resolved};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "prefer-add-git",
    title: "A `git clone` in `RUN` could be an `ADD`",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("prefer_add_git.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps() {
        for (number, command) in step.run.commands.iter().enumerate() {
            let Some(clone) = git_clone(command) else { continue };
            let url = resolved(step.run, number, clone.url);
            let known = url.open.as_deref().is_none_or(|it| step.run.asks_for(it));
            let plain = url.text.starts_with("https://") && !url.text.contains('@');
            let at = step.at(command.program_span());
            if known && plain && command.place.depth == 0 && !command.place.condition {
                out.fail(
                    &at,
                    "`ADD` could fetch this repository, and git would not be needed here",
                );
            } else {
                out.clear(&at, "`ADD` could not do this");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn public_repositories_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG TOKEN
RUN git clone --depth 1 https://example.com/a.git /src && make -C /src
#   ^^^ `ADD` could fetch this repository, and git would not be needed here
RUN git clone https://$TOKEN@example.com/a.git && git clone git@example.com:a.git && git clone /src /dst
"#,
        );
    }
}
