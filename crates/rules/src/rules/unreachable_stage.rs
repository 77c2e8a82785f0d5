//! A stage that nothing needs and that nobody can ask for.

use report::{Applies, Input, Outcome, Severity};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unreachable-stage",
    title: "A stage is never built",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["no-unreachable-stages"],
    doc: page!("unreachable_stage.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in &build.stages.stages {
            let at = build.at(stage.base_place);
            match (build.reach(stage.id), &stage.name) {
                (Reach::Image | Reach::Build, _) => {}
                // A name is there to be asked for, as with `--target test`.
                (Reach::Unused, Some(_)) => {
                    out.clear(&at, "the stage can be asked for by its name")
                }
                (Reach::Unused, None) => {
                    out.fail(
                        &at,
                        "nothing needs this stage, and without a name nobody asks for it",
                    );
                }
            }
        }
        if build.stages.stages.len() > 1
            && let Some(target) = build.target.and_then(|it| build.stages.get(it))
        {
            out.clear(&build.at(target.base_place), "this is the stage that is built");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn stages_nobody_can_ask_for() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25
#    ^^^^^^^^^^^ nothing needs this stage, and without a name nobody asks for it
FROM golang:1.25 AS test
FROM node:22
FROM debian:13
COPY --from=2 /a /a
"#,
        );
    }
}
