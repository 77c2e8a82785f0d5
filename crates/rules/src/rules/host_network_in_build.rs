//! A build step uses the build machine's network as its own.

use report::{Applies, Input, Outcome, Severity};

use crate::run_flags::judge;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-network-in-build",
    title: "A build step uses the machine's own network",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["S6431"],
    doc: page!("host_network_in_build.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let message = "this step reaches every service that listens on the build machine itself";
    judge(case, out, ("network", "host"), message, "the steps have networks of their own");
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
RUN --network=host apt-get update
#   ^^^^^^^^^^^^^^ this step reaches every service that listens on the build machine itself
RUN --network=none make
RUN docker run --network=host x
"#,
        );
    }
}
