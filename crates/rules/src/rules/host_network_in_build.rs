//! A build step uses the build machine's network as its own.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity};

use crate::facts::Reach;
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
    let mut first = None;
    for build in &case.builds {
        for (_, body) in build.stages().filter(|it| build.reach(it.0.id) != Reach::Unused) {
            for it in body.filter(|it| matches!(it.kind, Kind::Run(_))) {
                first = first.or(Some(build.at(it.word.span)));
                if let Some(flag) = it.flag("network").filter(|it| it.value_str() == "host") {
                    let message =
                        "this step reaches every service that listens on the build machine itself";
                    out.fail(&build.at(flag.span), message);
                }
            }
        }
    }
    if let (true, Some(at)) = (out.findings.is_empty(), first) {
        out.clear(&at, "the steps have networks of their own");
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
RUN --network=host apt-get update
#   ^^^^^^^^^^^^^^ this step reaches every service that listens on the build machine itself
RUN --network=none make
RUN docker run --network=host x
"#,
        );
    }
}
