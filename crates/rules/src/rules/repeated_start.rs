//! A command, entry point or health check that a later one replaces.

use dockerfile::{Instruction, Keyword};
use report::{Applies, Input, Outcome, Safety, Severity};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "repeated-start",
    title: "An instruction is replaced by a later one of the same stage",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "multiple-cmd",
        "multiple-entrypoint",
        "multiple-healthcheck",
        "DL4003",
        "DL4004",
        "DL3012",
        "MultipleInstructionsDisallowed",
        "DS-0016",
        "DS-0007",
        "DS-0023",
        "41c195f4",
        "6938958b",
        "multiple-cmd-instructions",
        "multiple-entrypoint-instructions",
        "S6589",
        "DF038",
        "DF039",
        "DF041",
        "MULTIPLE_INSTRUCTIONS",
    ],
    doc: page!("repeated_start.md"),
    check,
};

const ONCE: [Keyword; 3] = [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck];

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for (_, body) in build.stages() {
            let body: Vec<&Instruction> = body.collect();
            for keyword in ONCE {
                let all = body.iter().filter(|it| it.keyword == Some(keyword));
                let all: Vec<&&Instruction> = all.collect();
                let Some((last, dead)) = all.split_last() else { continue };
                for it in dead {
                    let at = build.at(it.word.span);
                    let name = keyword.name();
                    let message = format!(
                        "this `{name}` has no effect: a later one of the stage replaces it"
                    );
                    let fix = fix::delete(
                        format!("Remove this `{name}`"),
                        &build.at(it.span),
                        Safety::Review,
                    );
                    out.fail(&at, message)
                        .related(&build.at(last.word.span), "the one that counts")
                        .fix(fix);
                }
                if dead.is_empty() {
                    out.clear(&build.at(last.word.span), "the only one of its stage");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn those_without_effect_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS a
CMD ["a"]
#^^ this `CMD` has no effect: a later one of the stage replaces it
HEALTHCHECK NONE
#^^^^^^^^^^ this `HEALTHCHECK` has no effect: a later one of the stage replaces it
CMD ["b"]
HEALTHCHECK CMD true
ENTRYPOINT ["c"]
FROM a
ENTRYPOINT ["d"]
ONBUILD CMD ["e"]
CMD ["f"]
"#,
        );
    }

    #[test]
    fn what_has_no_effect_is_removed() {
        assert_eq!(
            fixed(&RULE, "FROM a\nCMD [\"a\", \\\n  \"b\"]\n# c\nCMD [\"d\"]\n"),
            "FROM a\n# c\nCMD [\"d\"]\n"
        );
    }
}
