//! A health check is switched off that is not there, or that the build itself set.

use dockerfile::{Healthcheck, Kind};
use report::{Applies, Input, Outcome, Severity};

use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "healthcheck-none-effect",
    title: "HEALTHCHECK NONE switches nothing off, or something useful",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // Many write it to say that they thought of it.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("healthcheck_none_effect.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let chain =
            course.build.target.map(|it| course.build.stages.lineage(it)).unwrap_or_default();
        let mut set = false;
        for (stage, body) in course.build.stages().filter(|it| chain.contains(&it.0.id)) {
            for it in body {
                let Kind::Healthcheck(of) = &it.kind else { continue };
                let at = course.at(it.code());
                let official =
                    course.build.stages.root_base(stage.id).is_some_and(|it| match &it.base {
                        // Docker's own images set none.
                        dockerfile::Base::Image(image) => !image.familiar().contains('/'),
                        dockerfile::Base::Scratch => true,
                        dockerfile::Base::Stage(_) | dockerfile::Base::Unknown { .. } => false,
                    });
                match of {
                    Healthcheck::None if set => {
                        out.fail(&at, "this switches off the check that the build itself sets");
                    }
                    Healthcheck::None if official => {
                        out.fail(&at, "the base image sets no check that could be switched off");
                    }
                    Healthcheck::None => out.clear(&at, "the base image may set a check"),
                    Healthcheck::Cmd(_) => {
                        set = true;
                        out.clear(&at, "a check is set");
                    }
                    Healthcheck::Unknown(_) => {}
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
    fn both_kinds() {
        check_dockerfile(
            &RULE,
            r#"
FROM example/a AS base
HEALTHCHECK CMD x
FROM base
HEALTHCHECK NONE
#^^^^^^^^^^^^^^^ this switches off the check that the build itself sets
"#,
        );
        check_dockerfile(&RULE, "FROM example/a\nHEALTHCHECK NONE\n");
    }
}
