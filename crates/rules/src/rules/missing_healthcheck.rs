//! Nothing checks whether the container works.

use report::{Applies, Input, Outcome, Severity};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "missing-healthcheck",
    title: "No health check is set",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // Kubernetes ignores it, and tools, jobs and functions need none.
    default: false,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &["DL3057", "DS-0026", "CKV_DOCKER_2", "b03a748a", "CIS-DI-0006", "DF012", "4.6", "5.27"],
    doc: page!("missing_healthcheck.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if let Some(seen) = case.facts.healthcheck.seen.iter().find(|it| it.via == Input::Config) {
        match &seen.value {
            Ok(it) if it.command.is_some() => out.clear(&seen.at, "the image has a health check"),
            Ok(_) => {
                out.fail(&seen.at, "nothing tells whether the container still works");
            }
            Err(why) => out.gap(&seen.at, why.clone()),
        }
        return;
    }
    for build in &case.builds {
        let of = |it: &&crate::facts::Seen<_>| it.source() == Some(build.source);
        if let Some(seen) = case.facts.healthcheck.seen.iter().find(of) {
            out.clear(&seen.at, "the build says how its health is checked");
        } else if let Some(stage) = build.target.and_then(|it| build.stages.get(it)) {
            out.fail(&build.at(stage.place), "nothing tells whether the container still works");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_shipped_chain_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
HEALTHCHECK CMD x
FROM debian:13
#    ^^^^^^^^^ nothing tells whether the container still works
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13 AS base\nHEALTHCHECK CMD x\nFROM base\n");
        check_dockerfile(&RULE, "FROM debian:13\nHEALTHCHECK NONE\n");
    }
}
