//! A name of a stage with capitals.

use dockerfile::Base;
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "stage-name-casing",
    title: "The name of a stage has capitals",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["StageNameCasing", "DF085"],
    doc: page!("stage_name_casing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in build.stages.stages.iter().filter(|it| it.name.is_some()) {
            let at = build.at(stage.place);
            let written = case.under(&at);
            let lower = written.to_ascii_lowercase();
            if written == lower {
                out.clear(&at, "small letters");
                continue;
            }
            let edits = names(case, build, &lower).into_iter();
            let edits = edits.map(|span| Edit { span, with: lower.clone() }).collect();
            let fix = fix::edits(
                format!("Write {} everywhere", quote(&lower)),
                &at,
                |_| edits,
                Safety::Review,
            );
            let message = format!("{} is {} to the builder", quote(written), quote(&lower));
            out.fail(&at, message).fix(fix);
        }
    }
}

/// Every place that names a stage by this name, in whatever case.
fn names(case: &Case, build: &Build, lower: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for stage in &build.stages.stages {
        spans.extend(stage.name.is_some().then_some(stage.place));
        spans.extend(matches!(stage.base, Base::Stage(_)).then_some(stage.base_place));
        let takes = stage.takes.iter().filter(|it| matches!(it.from, Base::Stage(_)));
        spans.extend(takes.map(|it| it.place));
    }
    spans.retain(|it| case.under(&build.at(*it)).eq_ignore_ascii_case(lower));
    text::order::sort(&mut spans);
    spans.dedup();
    spans
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn capitals() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS BuildStage
#                 ^^^^^^^^^^ `BuildStage` is `buildstage` to the builder
FROM debian:13 AS run
"#,
        );
    }

    #[test]
    fn all_places_are_written_anew() {
        assert_eq!(
            fixed(&RULE, "FROM a AS Base\nFROM Base AS x\nCOPY --from=BASE /a /b\n"),
            "FROM a AS base\nFROM base AS x\nCOPY --from=base /a /b\n"
        );
    }
}
