//! A build step runs without the sandbox.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "insecure-build-sandbox",
    title: "A build step runs without the sandbox",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["run-security-insecure", "S6502"],
    doc: page!("insecure_build_sandbox.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut first = None;
    for build in &case.builds {
        for (_, body) in build.stages().filter(|it| build.reach(it.0.id) != Reach::Unused) {
            for it in body.filter(|it| matches!(it.kind, Kind::Run(_))) {
                first = first.or(Some(build.at(it.word.span)));
                if let Some(flag) = it.flag("security").filter(|it| it.value_str() == "insecure") {
                    let message = "this step may do to the build machine whatever root may";
                    out.fail(&build.at(flag.span), message);
                }
            }
        }
    }
    if let (true, Some(at)) = (out.findings.is_empty(), first) {
        out.clear(&at, "the steps run in the sandbox");
    }
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
FROM debian:13
RUN --network=none --security=insecure modprobe x
#                  ^^^^^^^^^^^^^^^^^^^ this step may do to the build machine whatever root may
RUN --security=sandbox echo --security=insecure
"#,
        );
    }
}
