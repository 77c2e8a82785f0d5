//! The packages that apt fetched stay in a layer.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Safety, Severity, quote};

use crate::commands::{RunCommand, Verb};
use crate::facts::{Reach, RunStep, Seen};
use crate::knowledge::base_image::PackageManager;
use crate::layers::changes_before;
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "apt-cache-cleanup",
    title: "Packages that apt fetched stay in a layer",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["remove-package-cache", "no_apt-get_clean"],
    doc: page!("apt_cache_cleanup.md"),
    check,
};

const PACKAGES: &str = "/var/cache/apt/archives";
/// The setting by which the official images remove packages as soon as they are installed.
const OFFICIAL: &str = "/etc/apt/apt.conf.d/docker-clean";

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some((index, command)) = last_install(step) else { continue };
        if is_cleaned(step, index) || cleans_itself(case, seen, step) {
            out.clear(&seen.at, "the packages that apt fetched are removed");
            continue;
        }
        let Some(call) = command.packages() else { continue };
        let at = Locus::Text { source: *source, span: call.verb_span };
        let shown = format!("{} {}", call.manager.name, case.under(&at).trim_matches('"'));
        let message = format!("{} leaves the packages it fetched in the layer", quote(&shown));
        let edit = amend::behind(case, seen, step, command, "apt-get clean");
        let change = edit
            .and_then(|edit| fix::edits("Add `apt-get clean`", &at, |_| vec![edit], Safety::Safe));
        out.fail(&at, message).fix(change);
    }
}

fn last_install(step: &RunStep) -> Option<(usize, &RunCommand)> {
    let fills = |it: &RunCommand| {
        it.packages().is_some_and(|it| {
            let fetches = matches!(it.verb, Verb::Install | Verb::Upgrade | Verb::DistUpgrade);
            it.manager.system == "apt" && fetches
        })
    };
    step.commands.iter().enumerate().rfind(|(_, it)| fills(it))
}

fn is_cleaned(step: &RunStep, after: usize) -> bool {
    let by_apt = step.commands.iter().skip(after).filter_map(RunCommand::packages);
    let mut by_apt = by_apt.filter(|it| it.verb == Verb::Clean && it.word != "autoclean");
    let removed = step.changes.iter().any(|it| it.command > after && it.removes(PACKAGES));
    let elsewhere = step.mounts_over(&[MountKind::Cache, MountKind::Tmpfs], PACKAGES);
    removed || elsewhere || by_apt.any(|it| it.manager.system == "apt")
}

/// Whether the base image is one that removes packages by itself, and still does.
fn cleans_itself(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> bool {
    let base = case.builds.first().and_then(|it| it.known_base(step.stage));
    let debian = base.and_then(|it| it.system).is_some_and(|it| it.packages == PackageManager::Apt);
    let mut before = changes_before(case, step.stage, &seen.at).chain(&step.changes);
    debian && !before.any(|it| it.removes(OFFICIAL))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn official_images_clean_up_by_themselves() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y a
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN apt-get install -y b
#           ^^^^^^^ `apt-get install` leaves the packages it fetched in the layer
RUN apt-get install -y c && apt-get clean
RUN apt-get install -y d && rm -rf /var/cache/apt
RUN --mount=type=cache,target=/var/cache/apt apt-get install -y e
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM example.com/base:1
RUN apt-get clean && apt-get install -y a && apt-get autoclean
#                            ^^^^^^^ `apt-get install` leaves the packages it fetched in the layer
"#,
        );
    }

    #[test]
    fn clean_is_added() {
        let after = "FROM x/y:1\nRUN apt-get install -y a && apt-get clean && make\n";
        assert_eq!(fixed(&RULE, "FROM x/y:1\nRUN apt-get install -y a && make\n"), after);
    }
}
