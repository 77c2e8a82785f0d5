//! Two stages of one name.

use report::{Applies, Input, Outcome, Severity, quote};
use std::collections::BTreeMap;

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-stage-name",
    title: "Two stages have the same name",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "DL3024",
        "DuplicateStageName",
        "DS-0012",
        "CKV_DOCKER_11",
        "f2daed12",
        "alias-must-be-unique",
        "DF042",
        "DUPLICATE_BUILD_STAGE_NAME",
    ],
    doc: page!("duplicate_stage_name.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let mut first = BTreeMap::new();
        for stage in &build.stages.stages {
            let Some(name) = &stage.name else { continue };
            let at = build.at(stage.place);
            match first.get(name) {
                Some(other) => {
                    let message = format!(
                        "an earlier stage is called {} too, and only the later one can be reached",
                        quote(name)
                    );
                    out.fail(&at, message).related(other, "the earlier stage");
                }
                None => {
                    out.clear(&at, format!("{} is the first stage of this name", quote(name)));
                    first.insert(name, at);
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
    fn names_are_compared_without_case() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
FROM --platform=linux/amd64 debian:13 as other
FROM debian:13 AS Build
#                 ^^^^^ an earlier stage is called `build` too, and only the later one can be reached
FROM debian:13
FROM debian:13
"#,
        );
    }
}
