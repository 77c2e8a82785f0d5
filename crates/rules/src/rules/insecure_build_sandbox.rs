//! A build step runs without the sandbox.

use report::{Applies, Input, Outcome, Severity};

use crate::run_flags::judge;
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
    let message = "this step may do to the build machine whatever root may";
    judge(case, out, ("security", "insecure"), message, "the steps run in the sandbox");
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
