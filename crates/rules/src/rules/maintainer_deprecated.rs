//! `MAINTAINER` is used.

use dockerfile::Kind;
use report::{Applies, Fix, Input, Outcome, Safety, Severity};

use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "maintainer-deprecated",
    title: "MAINTAINER is deprecated",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "DL4000",
        "MaintainerDeprecated",
        "DS-0022",
        "CKV_DOCKER_6",
        "99614418",
        "maintainer-is-deprecated",
        "S6586",
        "DF019",
        "deprecated_in_1.13",
        "maintainer_deprecated",
        "DEPRECATED_MAINTAINER",
    ],
    doc: page!("maintainer_deprecated.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let mut found = false;
        for (_, body) in build.stages() {
            for it in body {
                let (instruction, name) = match &it.kind {
                    Kind::Maintainer(name) => (it, name),
                    Kind::Onbuild(Some(trigger)) => match &trigger.kind {
                        Kind::Maintainer(name) => (&**trigger, name),
                        _ => continue,
                    },
                    _ => continue,
                };
                found = true;
                let at = build.at(instruction.code());
                let fix = label(build, instruction, name.as_str());
                out.fail(&at, "`MAINTAINER` has been deprecated since 2017; a label says the same")
                    .fix(fix);
            }
        }
        let first = build.dockerfile.instructions().next();
        if let (false, Some(it)) = (found, first) {
            out.clear(&build.at(it.word.span), "no `MAINTAINER` is used");
        }
    }
}

/// The label in its place.
fn label(build: &Build, it: &dockerfile::Instruction, name: &str) -> Option<Fix> {
    let bare = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let bare = bare.or_else(|| name.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')));
    let value = bare.unwrap_or(name);
    // Signs that mean something between quotes, and names on several lines, are left to somebody.
    if value.is_empty() || value.contains(['"', '\\', '`', '$', '\n']) || !it.comments.is_empty() {
        return None;
    }
    let label = format!("LABEL org.opencontainers.image.authors=\"{value}\"");
    fix::replace("Write a label", &build.at(it.code()), &label, Safety::Safe)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn it_is_marked_in_every_stage() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
MAINTAINER a
#^^^^^^^^^^^ `MAINTAINER` has been deprecated since 2017; a label says the same
FROM debian:13
maintainer b
#^^^^^^^^^^^ `MAINTAINER` has been deprecated since 2017; a label says the same
"#,
        );
    }

    #[test]
    fn a_label_takes_its_place() {
        let text = |it: &str| format!("FROM debian:13\n{it}\nRUN x\n");
        for (name, value) in
            [("A B <a@b.c>", "A B <a@b.c>"), ("\"A B\"", "A B"), ("'A, B'", "A, B")]
        {
            let label = format!("LABEL org.opencontainers.image.authors=\"{value}\"");
            assert_eq!(fixed(&RULE, &text(&format!("MAINTAINER {name}"))), text(&label));
        }
        let odd = text("MAINTAINER A \"B\" C");
        assert_eq!(fixed(&RULE, &odd), odd);
    }
}
