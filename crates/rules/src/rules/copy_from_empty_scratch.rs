//! A copy from a stage that holds nothing.

use dockerfile::{Base, Kind, StageId};
use report::{Applies, Input, Outcome, Severity};

use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-from-empty-scratch",
    title: "A stage is copied from that holds no file",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["copy-from-empty-scratch-stage"],
    doc: page!("copy_from_empty_scratch.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in &build.stages.stages {
            for take in &stage.takes {
                let Base::Stage(from) = take.from else { continue };
                let at = build.at(take.place);
                if from != stage.id && is_empty(build, from) {
                    out.fail(&at, "this stage is built on nothing and adds no file");
                } else {
                    out.clear(&at, "the stage can hold files");
                }
            }
        }
    }
}

/// Whether a stage starts from nothing and no step of its chain adds anything.
fn is_empty(build: &Build, stage: StageId) -> bool {
    let chain = build.stages.lineage(stage);
    let root = build.stages.root_base(stage).is_some_and(|it| it.base == Base::Scratch);
    let adds = |kind: &Kind| {
        matches!(kind, Kind::Copy(_) | Kind::Add(_) | Kind::Run(_) | Kind::Workdir(_))
    };
    let mut stages = build.stages();
    root && !stages.any(|(it, body)| chain.contains(&it.id) && { body }.any(|it| adds(&it.kind)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn nothing_can_be_copied_from_nothing() {
        check_dockerfile(
            &RULE,
            r#"
FROM scratch AS empty
ENV A=1
FROM empty AS same
FROM scratch AS full
COPY a /a
FROM debian:13
COPY --from=empty /a /a
#           ^^^^^ this stage is built on nothing and adds no file
COPY --from=same /a /a
#           ^^^^ this stage is built on nothing and adds no file
COPY --from=full /a /a
"#,
        );
    }
}
