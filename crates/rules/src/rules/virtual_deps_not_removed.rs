//! Packages that were only meant for the build stay in the image.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use crate::commands::{PackageCall, RunCommand, Verb};
use crate::facts::{Package, Reach, RunStep, Seen};
use crate::layers::shipped;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "virtual-deps-not-removed",
    title: "Packages for the build are not removed in time",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("virtual_deps_not_removed.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let layers = shipped(case);
    for (seen, step) in layers.iter().filter_map(|it| it.run()) {
        let Locus::Text { source, .. } = seen.at else { continue };
        for (name, span, removed) in groups(step) {
            let at = Locus::Text { source, span };
            if removed {
                out.clear(&at, format!("group {} is removed again", quote(&name)));
            } else if !is_removed_later(case, seen, &name) {
                let message = format!("group {} is never removed", quote(&name));
                out.fail(&at, message);
            }
        }
        too_late(case, seen, step, out);
    }
}

/// The groups that a step makes for the build, each with its place and whether the step removes it.
fn groups(step: &RunStep) -> Vec<(String, Span, bool)> {
    let mut found = Vec::new();
    for (index, command) in step.commands.iter().enumerate() {
        let Some(call) = apk(command).filter(|it| it.verb == Verb::Install) else { continue };
        let options = command.options(call.manager.valued);
        let Some(flag) = options.flag(&["-t", "--virtual"]) else { continue };
        let Some(name) = flag.value.as_deref() else { continue };
        // What is needed to run gets a group as well, to be kept: often from what is there already.
        let lower = name.to_ascii_lowercase();
        let kept = options.has(&["--no-network"]);
        if kept || lower.contains("run") || lower.contains("persist") || lower.contains('$') {
            continue;
        }
        let word = command.arguments().iter().find(|it| it.text() == name);
        let span = word.map_or(flag.word.span, |it| it.span);
        let later = step.commands.iter().skip(index).filter_map(apk);
        let removed = removes(later, name);
        found.push((name.to_owned(), span, removed));
    }
    found
}

fn apk(command: &RunCommand) -> Option<&PackageCall> {
    command.packages().filter(|it| it.manager.name == "apk")
}

fn removes<'a>(calls: impl Iterator<Item = &'a PackageCall>, name: &str) -> bool {
    let mut removals = calls.filter(|it| it.verb == Verb::Remove);
    removals.any(|it| it.packages.iter().any(|it| it.name == name || it.name.contains('$')))
}

/// Whether a later step removes a group, which then is the place to report.
fn is_removed_later(case: &Case, seen: &Seen<RunStep>, name: &str) -> bool {
    let later = case.facts.runs.iter().filter(|it| it.at > seen.at && it.reach == Reach::Image);
    let mut steps = later.filter_map(|it| it.value.as_ref().ok());
    steps.any(|it| removes(it.commands.iter().filter_map(apk), name))
}

/// A step removes what an earlier one installed.
fn too_late(case: &Case, seen: &Seen<RunStep>, step: &RunStep, out: &mut Outcome) {
    let Locus::Text { source, .. } = seen.at else { return };
    for call in step.commands.iter().filter_map(RunCommand::packages) {
        if call.verb != Verb::Remove {
            continue;
        }
        let earlier = |name: &str| {
            let mut packages = case.facts.packages.iter().filter(|it| it.at < seen.at);
            packages.find(|it| it.reach == Reach::Image && installs(it, name, step))
        };
        let found = call.packages.iter().find_map(|it| {
            Some((
                it,
                installed_by(case, seen, &it.name)
                    .or_else(|| earlier(&it.name).map(|it| &it.at))?,
            ))
        });
        if let Some((package, at)) = found {
            let place = Locus::Text { source, span: package.span };
            let message = format!(
                "{} is removed, but the layer that installed it is shipped too",
                quote(&package.name)
            );
            out.fail(&place, message).related(at, "installed here");
        }
    }
}

fn installs(seen: &Seen<Package>, name: &str, step: &RunStep) -> bool {
    seen.value.as_ref().is_ok_and(|it| it.name == name && !it.removed && it.step != step.code)
}

/// The earlier step that made a group.
fn installed_by<'a>(case: &'a Case, seen: &Seen<RunStep>, name: &str) -> Option<&'a Locus> {
    let earlier = case.facts.runs.iter().filter(|it| it.at < seen.at && it.reach == Reach::Image);
    let mut steps = earlier.filter_map(|it| Some((&it.at, it.value.as_ref().ok()?)));
    steps
        .find(|(_, it)| groups(it).iter().any(|(group, _, removed)| group == name && !removed))
        .map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn groups_and_packages() {
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.22
RUN apk add --no-cache --virtual .build-deps gcc && make
#                                ^^^^^^^^^^^ group `.build-deps` is never removed
RUN apk add --no-cache -t .tools git
RUN apk del .tools
#           ^^^^^^ `.tools` is removed, but the layer that installed it is shipped too
RUN apk add --no-cache -t .b gcc && make && apk del .b
RUN apk add --no-cache --virtual .rundeps libpq && apk add --virtual=.c x && apk del .c
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y curl gcc && make && apt-get purge -y --auto-remove gcc
RUN apt-get purge -y curl perl
#                    ^^^^ `curl` is removed, but the layer that installed it is shipped too
RUN apt-get remove -y bash
"#,
        );
        check_dockerfile(&RULE, "\nFROM x\nRUN apk add --virtual=.c x && apk del $ALL\n");
        check_dockerfile(
            &RULE,
            "\nFROM x AS b\nRUN apk add -t .b gcc\nFROM x\nCOPY --from=b /a /a\n",
        );
    }
}
