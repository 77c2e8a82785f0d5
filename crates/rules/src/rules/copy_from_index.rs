//! A stage is named by its number.

use dockerfile::Base;
use report::{Applies, Input, Outcome, Safety, Severity, quote};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "copy-from-index",
    title: "A stage is named by its number",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["68a51e22", "DF023"],
    doc: page!("copy_from_index.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in &build.stages.stages {
            for take in &stage.takes {
                let Base::Stage(from) = take.from else { continue };
                let at = build.at(take.place);
                let number = case.under(&at);
                if number.parse::<u32>().is_err() {
                    out.clear(&at, "the stage is named");
                    continue;
                }
                let name = build.stages.get(from).and_then(|it| it.name.as_deref());
                let fix = name.and_then(|it| {
                    fix::replace(format!("Write {}", quote(it)), &at, it, Safety::Review)
                });
                let message = match name {
                    Some(name) => format!("stage {number} has a name: {}", quote(name)),
                    None => {
                        format!("stage {number} is another one as soon as a stage comes before it")
                    }
                };
                out.fail(&at, message).fix(fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn numbers_and_names() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
FROM debian:13 AS build
FROM debian:13
COPY --from=0 /a /a
#           ^ stage 0 is another one as soon as a stage comes before it
RUN --mount=from=1,target=/b make
#                ^ stage 1 has a name: `build`
COPY --from=build /a /a
"#,
        );
    }

    #[test]
    fn the_name_is_written() {
        assert_eq!(
            fixed(&RULE, "FROM a AS b\nFROM a\nCOPY --from=0 /x /y\n"),
            "FROM a AS b\nFROM a\nCOPY --from=b /x /y\n"
        );
    }
}
