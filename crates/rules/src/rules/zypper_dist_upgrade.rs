//! A step changes the release of the distribution.

use dockerfile::Base;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::Verb;
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "zypper-dist-upgrade",
    title: "A step moves to another release of the distribution",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3035", "DF044"],
    doc: page!("zypper_dist_upgrade.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut used = false;
        for call in step.commands.iter().filter_map(|it| it.packages()) {
            if call.manager.name != "zypper" {
                continue;
            }
            used = true;
            if call.verb == Verb::DistUpgrade && !rolls(case, step) {
                let at = Locus::Text { source: *source, span: call.verb_span };
                let verb = quote(&format!("zypper {}", call.word));
                out.fail(
                    &at,
                    format!("{verb} moves the image to whatever release its repositories have"),
                );
                used = false;
            }
        }
        if used {
            out.clear(&seen.at, "the release stays the one of the base image");
        }
    }
}

/// Whether the distribution has no releases, so that this is how it is updated.
fn rolls(case: &Case, step: &RunStep) -> bool {
    let first = case.builds.first().and_then(|it| it.stages.root_base(step.stage));
    first.is_some_and(|it| match &it.base {
        Base::Image(image) => {
            image.repository.contains("tumbleweed") || image.repository.contains("microos")
        }
        Base::Unknown { name, .. } => name.contains("tumbleweed"),
        Base::Scratch | Base::Stage(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn only_where_there_are_releases() {
        check_dockerfile(
            &RULE,
            r#"
FROM opensuse/leap:15.6
RUN zypper -n dup && zypper --non-interactive dist-upgrade
#             ^^^ `zypper dup` moves the image to whatever release its repositories have
#                                             ^^^^^^^^^^^^ `zypper dist-upgrade` moves the image to whatever release its repositories have
RUN zypper -n update && apt-get dist-upgrade
"#,
        );
        check_dockerfile(
            &RULE,
            "\nFROM registry.opensuse.org/opensuse/tumbleweed:latest\nRUN zypper -n dup\n",
        );
    }
}
