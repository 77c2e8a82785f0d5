//! A stage asks for the platform that it gets anyway.

use dockerfile::{Kind, Piece};
use report::{Applies, Input, Outcome, Safety, Severity};

use crate::case::Build;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "platform-redundant",
    title: "A stage asks for the platform that it gets anyway",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3065", "RedundantTargetPlatform", "DF083"],
    doc: page!("platform_redundant.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in case.builds.iter().filter(|it| !sets_platform(it)) {
        for stage in &build.stages.stages {
            let from = build.dockerfile.pieces.get(stage.from).and_then(Piece::instruction);
            let Some(flag) = from.and_then(|it| it.flag("platform")) else { continue };
            let at = build.at(flag.span);
            let value = flag.value_str().trim_matches(['"', '\'']);
            if matches!(value, "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
                let fix = fix::delete_words(case, "Leave the flag out", &at, Safety::Safe);
                out.fail(&at, "the platform is the one that is built for anyway").fix(fix);
            } else {
                out.clear(&at, "the flag asks for something else than the default");
            }
        }
    }
}

/// Whether the file gives the variable a value of its own.
fn sets_platform(build: &Build) -> bool {
    let mut globals = build.dockerfile.instructions().map_while(|it| match &it.kind {
        Kind::Arg(declared) => Some(declared),
        _ => None,
    });
    globals
        .any(|it| it.iter().any(|it| it.name.as_str() == "TARGETPLATFORM" && it.default.is_some()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_flag_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM --platform=$TARGETPLATFORM debian:13
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^ the platform is the one that is built for anyway
FROM --platform="${TARGETPLATFORM}" debian:13
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the platform is the one that is built for anyway
FROM --platform=$BUILDPLATFORM debian:13
FROM --platform=linux/$TARGETARCH debian:13
"#,
        );
    }

    #[test]
    fn a_value_of_its_own_is_no_default() {
        check_dockerfile(
            &RULE,
            "ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM debian:13\n",
        );
    }
}
