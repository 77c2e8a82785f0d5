//! A build argument that changes with each build is declared early.

use dockerfile::{Kind, StageId, Word};
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "volatile-arg-early",
    title: "A value of each build comes before expensive steps",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("volatile_arg_early.md"),
    check,
};

/// Build arguments whose values are new for every build.
const VOLATILE: [&str; 24] = [
    "BUILD_DATE",
    "BUILD_ID",
    "BUILD_NUMBER",
    "BUILD_NUM",
    "BUILD_TIME",
    "BUILD_TIMESTAMP",
    "BUILDTIME",
    "CI_COMMIT_SHA",
    "COMMIT",
    "COMMIT_HASH",
    "COMMIT_ID",
    "COMMIT_SHA",
    "GITHUB_SHA",
    "GIT_COMMIT",
    "GIT_COMMIT_SHA",
    "GIT_HASH",
    "GIT_REF",
    "GIT_REV",
    "GIT_REVISION",
    "GIT_SHA",
    "REVISION",
    "SOURCE_COMMIT",
    "TIMESTAMP",
    "VCS_REF",
];

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for (stage, instructions) in build.stages() {
            if build.reach(stage.id) == Reach::Unused {
                continue;
            }
            for it in instructions {
                let Kind::Arg(declared) = &it.kind else { continue };
                for one in declared.iter().filter(|it| is_volatile(&it.name)) {
                    judge(case, &build.at(one.name.span), one.name.as_str(), stage.id, out);
                }
            }
        }
    }
}

fn is_volatile(name: &Word) -> bool {
    VOLATILE.iter().any(|it| name.as_str().eq_ignore_ascii_case(it))
}

fn judge(case: &Case, at: &Locus, name: &str, stage: StageId, out: &mut Outcome) {
    let later = case.facts.runs.iter().filter(|it| it.at > *at);
    let steps = later.filter_map(|it| Some((it, it.value.as_ref().ok()?)));
    let mut steps = steps.filter(|(_, it)| it.stage == stage && !it.trigger);
    // Steps from the first one that needs it are run again anyway; a script may need it.
    let needs = |it: &RunStep| it.mentions(name) || it.commands.iter().any(RunCommand::is_opaque);
    let step = steps.by_ref().take_while(|(_, it)| !needs(it)).find(|(_, it)| is_expensive(it));
    match step {
        Some((seen, _)) => {
            let message = format!(
                "{} changes with every build, so that steps behind it are never cached",
                quote(name)
            );
            out.fail(at, message).related(&seen.at, "this step does not need it");
        }
        None => out.clear(at, "no expensive step behind it could be cached"),
    }
}

/// Whether a step downloads or compiles.
fn is_expensive(step: &RunStep) -> bool {
    let one = |it: &RunCommand| {
        let packages =
            it.packages().is_some_and(|it| matches!(it.verb, Verb::Install | Verb::Upgrade));
        let libraries = it.libraries().is_some_and(|it| {
            it.verb == Verb::Install || matches!(&*it.word, "build" | "run" | "mod" | "fetch")
        });
        packages || libraries || it.fetches().is_some() || it.runs(&["make", "mvn", "gradle"])
    };
    step.commands.iter().any(one)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn arguments_before_expensive_steps() {
        check_dockerfile(
            &RULE,
            r#"
ARG GIT_SHA
FROM node:22
ARG VERSION=1
ARG BUILD_DATE
#   ^^^^^^^^^^ `BUILD_DATE` changes with every build, so that steps behind it are never cached
LABEL created=$BUILD_DATE
RUN npm ci
ARG GIT_SHA
RUN npm run build -- --sha=${GIT_SHA}
ARG COMMIT
RUN mkdir /x
"#,
        );
    }
}
