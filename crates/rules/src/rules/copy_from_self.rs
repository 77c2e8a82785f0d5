//! A stage copies from itself.

use dockerfile::Base;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-from-self",
    title: "A stage copies from itself",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3023", "DS-0006", "cdddb86f", "copy-from-own-alias", "DF050"],
    doc: page!("copy_from_self.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in &build.stages.stages {
            for take in &stage.takes {
                let Base::Stage(from) = take.from else { continue };
                let at = build.at(take.place);
                if from == stage.id {
                    let message = format!(
                        "stage {} copies from itself, which is not built yet",
                        quote(case.under(&at).trim_matches(['"', '\'']))
                    );
                    out.fail(&at, message).related(&build.at(stage.place), "the stage itself");
                } else {
                    out.clear(&at, "another stage");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn by_name_and_by_mount() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS a
FROM debian:13 AS node
COPY --from=node /a /a
#           ^^^^ stage `node` copies from itself, which is not built yet
RUN --mount=from=node,target=/x make
#                ^^^^ stage `node` copies from itself, which is not built yet
COPY --from=a /b /b
COPY --from=node:22 /c /c
"#,
        );
    }
}
