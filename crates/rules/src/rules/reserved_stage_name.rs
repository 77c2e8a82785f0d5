//! A stage whose name means something else.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "reserved-stage-name",
    title: "A stage has a name that means something else",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3063", "ReservedStageName", "DF084"],
    doc: page!("reserved_stage_name.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in &build.stages.stages {
            let Some(name) = stage.name.as_deref() else { continue };
            let at = build.at(stage.place);
            let means = match name {
                "scratch" => "nothing to build on",
                "context" => "the files that the build is given",
                _ => {
                    out.clear(&at, format!("{} means nothing else", quote(name)));
                    continue;
                }
            };
            out.fail(&at, format!("{} already means {means}", quote(name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn names_that_mean_something_else() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS scratch
#                 ^^^^^^^ `scratch` already means nothing to build on
FROM debian:13 AS Context
#                 ^^^^^^^ `context` already means the files that the build is given
FROM scratch AS scratchpad
"#,
        );
    }
}
