//! A setting for the build is left in the environment of the container.

use std::collections::BTreeMap;

use dockerfile::{Kind, Separator};
use report::{Applies, Fix, Input, Outcome, Safety, Severity, quote};

use crate::facts::{Origin, Reach, Seen};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "build-env-persisted",
    title: "A setting for the build stays in every container",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("build_env_persisted.md"),
    check,
};

/// Variables for builds, and what they do to a container.
const VARIABLES: [(&str, &str); 11] = [
    ("DEBIAN_FRONTEND", "package tools never ask, also for somebody at a terminal"),
    ("CI", "programs believe that they run in a pipeline"),
    ("http_proxy", "programs go through a proxy of the build's network"),
    ("https_proxy", "programs go through a proxy of the build's network"),
    ("ftp_proxy", "programs go through a proxy of the build's network"),
    ("HTTP_PROXY", "programs go through a proxy of the build's network"),
    ("HTTPS_PROXY", "programs go through a proxy of the build's network"),
    ("FTP_PROXY", "programs go through a proxy of the build's network"),
    ("all_proxy", "programs go through a proxy of the build's network"),
    ("ALL_PROXY", "programs go through a proxy of the build's network"),
    ("PIP_TRUSTED_HOST", "`pip` trusts a server that only the build needs"),
];

fn check(case: &Case, out: &mut Outcome) {
    let mut last: BTreeMap<&str, &Seen<_>> = BTreeMap::new();
    let shipped =
        case.facts.env.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run);
    for seen in shipped {
        let Ok(it) = &seen.value else { continue };
        if it.origin == Origin::Env {
            last.insert(it.name.as_str(), seen);
        }
    }
    for (name, seen) in last {
        let Ok(it) = &seen.value else { continue };
        let Some((_, effect)) = VARIABLES.iter().find(|it| it.0 == name) else {
            continue;
        };
        let off = it
            .value
            .as_deref()
            .is_some_and(|it| matches!(it, "" | "false" | "0" | "dialog" | "newt" | "teletype"));
        if off {
            out.clear(&seen.at, format!("{} is set back", quote(name)));
            continue;
        }
        let message = format!("{} stays: {effect}", quote(name));
        out.fail(&seen.at, message).fix(argument(case, seen));
    }
    let first = case.facts.env.iter().find(|it| it.reach == Reach::Image && it.via != Input::Run);
    if let (true, true, Some(seen)) = (out.findings.is_empty(), out.cleared.is_empty(), first) {
        out.clear(&seen.at, "no setting for the build stays");
    }
}

/// `ARG` in the place of `ENV`: the steps of this stage still see it.
fn argument(case: &Case, seen: &Seen<crate::facts::EnvVar>) -> Option<Fix> {
    let report::Locus::Text { source, span } = &seen.at else { return None };
    let build = case.builds.iter().find(|it| it.source == *source)?;
    let instruction =
        build.dockerfile.instructions().find(|it| it.span.range().contains(&span.range().start))?;
    let Kind::Env(pairs) = &instruction.kind else { return None };
    let [pair] = &pairs[..] else { return None };
    let at = build.at(instruction.word.span);
    (pair.separator == Separator::Equals)
        .then(|| fix::replace("Set it for the build only", &at, "ARG", Safety::Review))?
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn the_last_value_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
ENV CI=true
FROM debian:13
ENV A=1 DEBIAN_FRONTEND=noninteractive
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `DEBIAN_FRONTEND` stays: package tools never ask, also for somebody at a terminal
ENV http_proxy http://proxy:3128
RUN apt-get update
ENV http_proxy=
ARG CI=true
"#,
        );
    }

    #[test]
    fn an_argument_is_for_the_build_only() {
        let text = "FROM debian:13\nENV DEBIAN_FRONTEND=noninteractive\nRUN x\n";
        assert_eq!(fixed(&RULE, text), text.replace("ENV", "ARG"));
        let text = "FROM debian:13\nENV CI true\n";
        assert_eq!(fixed(&RULE, text), text);
    }
}
