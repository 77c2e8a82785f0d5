//! The index of packages is fetched in one step and used in another.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};
use text::Edit;

use crate::commands::{RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::refreshes::{Call, Lone, family, lone};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "update-alone",
    title: "Packages are installed from an index of an earlier step",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "DS-0017",
        "CKV_DOCKER_5",
        "9bae49be",
        "S6595",
        "CIS-DI-0007",
        "DF028",
        "apt-get-update_require_install",
        "aptGetUpdatePrecedesInstall",
    ],
    doc: page!("update_alone.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for it in lone(case).iter().filter(|it| !it.upgrades()) {
        let Some(install) = it.install.filter(|it| it.seen.reach != Reach::Unused) else {
            continue;
        };
        let at = place(install);
        let shown = format!("{} {}", install.call.manager.name, case.under(&at).trim_matches('"'));
        let message = format!(
            "{} relies on the index of an earlier step, which the build cache keeps while it grows old",
            quote(&shown)
        );
        let change = together(case, it, install, &at);
        out.fail(&at, message).fix(change).related(&place(it.refresh), "the index is fetched here");
    }
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        if seen.value.as_ref().is_ok_and(has_both) {
            out.clear(&seen.at, "the index is fetched in the step that installs from it");
        }
    }
}

fn place(it: Call<'_>) -> Locus {
    match it.seen.at {
        Locus::Text { source, .. } => Locus::Text { source, span: it.call.verb_span },
        Locus::Layer { .. } => it.seen.at.clone(),
    }
}

fn has_both(step: &RunStep) -> bool {
    let calls = || step.commands.iter().filter_map(RunCommand::packages);
    calls()
        .filter(|it| it.verb == Verb::Refresh)
        .any(|refresh| calls().any(|it| it.verb == Verb::Install && family(it) == family(refresh)))
}

/// Fetches the index in the step that uses it. Where the earlier step does nothing else, it goes.
fn together(case: &Case, it: &Lone<'_>, install: Call<'_>, at: &Locus) -> Option<Fix> {
    let refresh = it.refresh;
    let build = case.builds.first()?;
    let command = Locus::Text { source: build.source, span: refresh.command.simple.span };
    let words = case.under(&command);
    if words.contains(['\n', '"', '[']) {
        return None;
    }
    let mut edits = vec![amend::before(install.step, install.command, words)?];
    let same_stage = refresh.step.stage == install.step.stage;
    if refresh.step.commands.len() == 1 && same_stage {
        let whole = build.dockerfile.instructions().find(|it| it.code() == refresh.step.code)?;
        edits.push(Edit { span: whole.span, with: String::new() });
    }
    fix::edits("Fetch the index in the step that installs", at, |_| edits, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn the_install_that_relies_on_an_earlier_step_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && adduser app
RUN apt-get install -y curl
#           ^^^^^^^ `apt-get install` relies on the index of an earlier step, which the build cache keeps while it grows old
RUN apt-get install -y git
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.22
RUN apk update
RUN apk add curl
#       ^^^ `apk add` relies on the index of an earlier step, which the build cache keeps while it grows old
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM opensuse/leap:15.6 AS base
RUN zypper refresh
FROM base
RUN zypper install -y nginx
#          ^^^^^^^ `zypper install` relies on the index of an earlier step, which the build cache keeps while it grows old
"#,
        );
    }

    #[test]
    fn steps_that_do_both_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update ; apt-get install -y curl
RUN apt-get update && apt-get upgrade -y
RUN apt-get install -y git
RUN npm update && update-ca-certificates && sbt update
RUN apt-get update
RUN apt-get update && apt-get install -y make
RUN apt-get update && ./install.sh
RUN --mount=type=cache,target=/var/lib/apt apt-get update
RUN apt-get install -y a
"#,
        );
        check_dockerfile(&RULE, "\nFROM fedora:43\nRUN dnf makecache\nRUN dnf install -y a\n");
    }

    #[test]
    fn the_two_are_put_together() {
        assert_eq!(
            fixed(
                &RULE,
                "FROM debian:13\nRUN apt-get update -q\nRUN apt-get install -y a \\\n  b\n"
            ),
            "FROM debian:13\nRUN apt-get update -q && apt-get install -y a \\\n  b\n"
        );
        assert_eq!(
            fixed(
                &RULE,
                "FROM debian:13\nRUN apt-get update && a\nRUN b && apt-get install -y a\n"
            ),
            "FROM debian:13\nRUN apt-get update && a\nRUN b && apt-get update && apt-get install -y a\n"
        );
    }
}
