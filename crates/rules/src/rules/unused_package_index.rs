//! The index of packages is fetched, and nothing is installed from it.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, Why, quote};
use text::Edit;

use crate::commands::{RunCommand, Verb};
use crate::facts::Reach;
use crate::refreshes::{Lone, lone};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "unused-package-index",
    title: "The index of packages is fetched for nothing",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DS-0017", "CKV_DOCKER_5", "apt-get-update_require_install"],
    doc: page!("unused_package_index.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for it in lone(case).iter().filter(|it| !it.upgrades() && it.install.is_none()) {
        let refresh = it.refresh;
        let Locus::Text { source, .. } = refresh.seen.at else { continue };
        if refresh.seen.reach == Reach::Unused {
            continue;
        }
        let at = Locus::Text { source, span: refresh.call.verb_span };
        if it.open {
            out.gap(&at, Why::Unreadable("a later step runs what is not in the Dockerfile".into()));
            continue;
        }
        let shown = format!("{} {}", refresh.call.manager.name, case.under(&at).trim_matches('"'));
        let message = format!("{} fetches an index that no step installs from", quote(&shown));
        out.fail(&at, message).fix(without(case, it, &at));
    }
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        let mut calls = step.commands.iter().filter_map(RunCommand::packages);
        if calls.any(|it| it.verb == Verb::Install) {
            out.clear(&seen.at, "packages are installed here");
        }
    }
}

/// The Dockerfile without the step, where that does nothing else.
fn without(case: &Case, it: &Lone<'_>, at: &Locus) -> Option<Fix> {
    let build = case.builds.first()?;
    let step = it.refresh.step;
    if step.commands.len() != 1 || step.trigger {
        return None;
    }
    let whole = build.dockerfile.instructions().find(|it| it.code() == step.code)?;
    let edit = Edit { span: whole.span, with: String::new() };
    fix::edits("Remove the step", at, |_| vec![edit], Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, fixed, verdict};

    #[test]
    fn an_index_nobody_uses() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y a && apt update
RUN apt update
#       ^^^^^^ `apt update` fetches an index that no step installs from
RUN apt-get update && apt-get install -y b
"#,
        );
        let text = "FROM alpine:3.22\nRUN apk update\nCMD x\n";
        assert_eq!(fixed(&RULE, text), "FROM alpine:3.22\nCMD x\n");
    }

    #[test]
    fn scripts_may_use_it() {
        let text = "FROM debian:13\nRUN apt-get update\nRUN ./install.sh\n";
        assert_eq!(verdict(&RULE, &case(&[("dockerfile", text)])), report::Verdict::Unknown);
        check_dockerfile(&RULE, "\nFROM debian:13\nRUN apt-get update && sh install.sh\n");
        check_dockerfile(&RULE, "\nFROM debian:13\nRUN apt-get update && apt-get -y upgrade\n");
        check_dockerfile(&RULE, "\nFROM debian:13\nRUN apt-get update\nRUN apt-get install -y a\n");
    }
}
