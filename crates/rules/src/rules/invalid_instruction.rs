//! The file does not build.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "invalid-instruction",
    title: "The Dockerfile does not build",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "parse-error",
        "unknown-instruction",
        "instruction-before-from",
        "no-stages",
        "missing-arguments",
        "extra-arguments",
        "invalid-flag",
        "invalid-run-option",
        "invalid-stage-name",
        "invalid-platform",
        "DL1000",
        "DL3061",
        "DF071",
        "S2260",
    ],
    doc: page!("invalid_instruction.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let errors = build.dockerfile.errors.iter().chain(&build.stages.errors);
        let mut sound = true;
        for it in errors {
            sound = false;
            let at = Locus::Text { source: build.source, span: it.span };
            out.fail(&at, it.kind.message());
        }
        if let (true, Some(first)) = (sound, build.dockerfile.instructions().next()) {
            let at = Locus::Text { source: build.source, span: first.word.span };
            out.clear(&at, "every instruction can be read");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_was_meant_is_said() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUNN make
#^^^ `RUNN` is no instruction; did you mean `RUN`?
COPY --form=build a b
#    ^^^^^^^^^^^^ `COPY` has no flag `--form`; did you mean `--from`?
RUN --mount=type=secert,id=a make
#           ^^^^^^^^^^^ `secert` is no type of mount; did you mean `secret`?
HEALTHCHECK --interval=5 CMD true
#           ^^^^^^^^^^^^ the flag `--interval` cannot be `5`; it is a duration such as `30s` or `1m30s`
"#,
        );
    }

    #[test]
    fn a_mistake_does_not_hide_the_next_one() {
        check_dockerfile(
            &RULE,
            r#"
RUN make
#^^ `RUN` stands before the first `FROM`; only `ARG` may
FROM debian:13 as 1st
#                 ^^^ `1st` cannot name a stage: names start with a letter and hold letters, digits, `-`, `_` and `.`
ENV A=1 B
#       ^ `B` has no `=`; pairs have the form `name=value`
EXPOSE 80/tpc
#      ^^^^^^ `tpc` is no protocol; it is `tcp`, `udp` or `sctp`
"#,
        );
    }
}
