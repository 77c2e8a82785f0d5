//! A step upgrades everything.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::Verb;
use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "system-upgrade",
    title: "A step upgrades every package of the base image",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[
        "DS-0024",
        "avoid-apt-get-upgrade",
        "avoid-apk-upgrade",
        "avoid-yum-update",
        "avoid-dnf-update",
        "avoid-zypper-update",
        "DKL-DI-0003",
        "DF069",
        "apt-get-upgrade",
        "apt-get-dist-upgrade",
        "yum_update_all",
    ],
    doc: page!("system_upgrade.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut other = false;
        for call in step.commands.iter().filter_map(|it| it.packages()) {
            if !matches!(call.verb, Verb::Upgrade | Verb::DistUpgrade) {
                other = true;
                continue;
            }
            let at = Locus::Text { source: *source, span: call.verb_span };
            let shown = format!("{} {}", call.manager.name, case.under(&at).trim_matches('"'));
            let message =
                format!("{} makes the image depend on the day of its build", quote(&shown));
            out.fail(&at, message);
        }
        if other {
            out.clear(&seen.at, "the packages of the base image stay as they are");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn upgrades_of_everything() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get -q dist-upgrade && apk upgrade
#                                ^^^^^^^^^^^^ `apt-get dist-upgrade` makes the image depend on the day of its build
#                                                    ^^^^^^^ `apk upgrade` makes the image depend on the day of its build
RUN yum -y update && yum update -y openssl && npm update
#          ^^^^^^ `yum update` makes the image depend on the day of its build
"#,
        );
    }
}
