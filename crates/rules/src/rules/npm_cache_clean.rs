//! npm keeps a copy of what it installs.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::commands::{Library, LibraryCall, RunCommand, Verb};
use crate::facts::{Reach, RunStep, Seen};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "npm-cache-clean",
    title: "Npm keeps a copy of everything it installs",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["npmCacheCleanAfterInstall", "npmCacheCleanUseForce"],
    doc: page!("npm_cache_clean.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(step) = &seen.value else { continue };
        refused(step, seen, out);
        let Some((index, command)) = last_install(step) else { continue };
        if is_cleaned(step, index) || is_elsewhere(step) {
            out.clear(&seen.at, "npm keeps nothing in the layer");
        } else {
            kept(case, seen, step, command, out);
        }
    }
}

fn npm(command: &RunCommand) -> Option<&LibraryCall> {
    command.libraries().filter(|it| it.library == Library::Npm)
}

fn cleans(command: &RunCommand) -> bool {
    let verbs = ["clean", "clear", "rm"];
    let asks = command.arguments().iter().any(|it| verbs.iter().any(|verb| it.is(verb)));
    npm(command).is_some_and(|it| it.verb == Verb::Clean) && asks
}

fn is_forced(command: &RunCommand) -> bool {
    command.options(Library::Npm.valued()).has(&["-f", "--force"])
}

/// npm does not clean its cache unless it is forced to.
fn refused(step: &RunStep, seen: &Seen<RunStep>, out: &mut Outcome) {
    let Locus::Text { source, .. } = seen.at else { return };
    for command in step.commands.iter().filter(|it| cleans(it) && !is_forced(it)) {
        let Some(last) = command.simple.words.last() else { continue };
        let span = command.program_span().to(last.span);
        let at = Locus::Text { source, span };
        let edit = amend::words_behind(step, command, last.span, &["--force"]);
        let change = fix::edits("Add `--force`", &at, |_| vec![edit], Safety::Safe);
        out.fail(&at, "npm refuses to clean its cache without `--force`").fix(change);
    }
}

fn last_install(step: &RunStep) -> Option<(usize, &RunCommand)> {
    let installs = |it: &RunCommand| npm(it).is_some_and(|it| it.verb == Verb::Install);
    step.commands.iter().enumerate().rfind(|(_, it)| installs(it))
}

fn is_cleaned(step: &RunStep, after: usize) -> bool {
    let removed = step.changes.iter().any(|it| {
        let cache =
            it.path.contains(".npm") || it.removes("/root/.npm") || it.path.contains("npm-cache");
        it.command > after && it.removes(&it.path) && cache
    });
    removed || step.commands.iter().skip(after).any(cleans)
}

fn is_elsewhere(step: &RunStep) -> bool {
    step.mounts.iter().any(|it| {
        let target = it.target.as_deref().unwrap_or_default();
        matches!(it.kind, MountKind::Cache | MountKind::Tmpfs) && target.contains("npm")
    })
}

fn kept(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    command: &RunCommand,
    out: &mut Outcome,
) {
    let (Some(call), Locus::Text { source, .. }) = (npm(command), &seen.at) else { return };
    let at = Locus::Text { source: *source, span: call.verb_span };
    let edit = amend::behind(case, seen, step, command, "npm cache clean --force");
    let change = edit.and_then(|edit| {
        fix::edits("Add `npm cache clean --force`", &at, |_| vec![edit], Safety::Review)
    });
    out.fail(&at, "npm keeps a copy of what it installs in the layer").fix(change);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn installs_and_clean_ups() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:22
RUN npm ci
#       ^^ npm keeps a copy of what it installs in the layer
RUN npm update && npm i
#                     ^ npm keeps a copy of what it installs in the layer
RUN npm i && npm cache clean
#            ^^^^^^^^^^^^^^^ npm refuses to clean its cache without `--force`
RUN npm ci && npm cache clean --force && npm run build
RUN npm ci && rm -rf /root/.npm
RUN --mount=type=cache,target=/root/.npm npm ci
RUN npm cache verify
"#,
        );
    }

    #[test]
    fn clean_ups_are_forced_and_added() {
        for (before, after) in [
            ("npm i && npm cache clean", "npm i && npm cache clean --force"),
            ("npm ci && npm test", "npm ci && npm cache clean --force && npm test"),
        ] {
            let whole = |it: &str| format!("FROM node:22\nRUN {it}\n");
            assert_eq!(fixed(&RULE, &whole(before)), whole(after));
        }
    }
}
