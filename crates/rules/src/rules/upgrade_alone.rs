//! An upgrade stands in a step of its own.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{RunCommand, Verb};
use crate::facts::Reach;
use crate::refreshes::{Call, lone};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "upgrade-alone",
    title: "Packages are upgraded in a step of their own",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DS-0017", "9bae49be"],
    doc: page!("upgrade_alone.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for it in lone(case).iter().filter(|it| it.upgrades()) {
        let refresh = it.refresh;
        if refresh.seen.reach == Reach::Unused {
            continue;
        }
        let upgrade = place(refresh);
        let shown =
            format!("{} {}", refresh.call.manager.name, case.under(&upgrade).trim_matches('"'));
        let shown = quote(&shown);
        match it.install {
            Some(install) => {
                let message = format!(
                    "the packages here are newer than what {shown} left in an earlier step that the build cache keeps"
                );
                out.fail(&place(install), message).related(&upgrade, "the upgrade");
            }
            None => {
                let message =
                    format!("{shown} upgrades once, and the build cache keeps what it did then");
                out.fail(&upgrade, message);
            }
        }
    }
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        let calls = || step.commands.iter().filter_map(RunCommand::packages);
        let upgrades = calls().any(|it| matches!(it.verb, Verb::Upgrade | Verb::DistUpgrade));
        if upgrades && calls().any(|it| it.verb == Verb::Install) {
            out.clear(&seen.at, "one step upgrades and installs");
        }
    }
}

fn place(it: Call<'_>) -> Locus {
    match it.seen.at {
        Locus::Text { source, .. } => Locus::Text { source, span: it.call.verb_span },
        Locus::Layer { .. } => it.seen.at.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn upgrades_alone() {
        check_dockerfile(
            &RULE,
            r#"
FROM opensuse/tumbleweed
RUN zypper up -y
#          ^^ `zypper up` upgrades once, and the build cache keeps what it did then
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM archlinux:latest
RUN pacman -Syu --noconfirm
RUN pacman -S --noconfirm nginx
#          ^^ the packages here are newer than what `pacman -Syu` left in an earlier step that the build cache keeps
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM fedora:43
RUN dnf update -y && dnf install -y a
RUN dnf update -y openssl
"#,
        );
    }
}
