//! Yarn keeps a copy of what it installs.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::commands::{Library, RunCommand, Verb};
use crate::facts::{Copied, Reach, RunStep, Seen};
use crate::layers::copies_before;
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "yarn-cache-clean",
    title: "Yarn keeps a copy of everything it installs",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3060", "DF055", "yarnCacheCleanAfterInstall"],
    doc: page!("yarn_cache_clean.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some((index, command)) = last_install(step) else { continue };
        let Some(call) = command.libraries() else { continue };
        if is_cleaned(step, index) || is_elsewhere(step, command) || is_modern(case, seen, step) {
            out.clear(&seen.at, "yarn keeps nothing in the layer");
            continue;
        }
        // Plain `yarn` has no verb to mark.
        let span = if call.word.is_empty() { command.program_span() } else { call.verb_span };
        let at = Locus::Text { source: *source, span };
        let edit = amend::behind(case, seen, step, command, "yarn cache clean");
        let change = edit.and_then(|edit| {
            fix::edits("Add `yarn cache clean`", &at, |_| vec![edit], Safety::Review)
        });
        out.fail(&at, "yarn keeps a copy of what it installs in the layer").fix(change);
    }
}

fn last_install(step: &RunStep) -> Option<(usize, &RunCommand)> {
    let installs = |it: &RunCommand| {
        it.libraries().is_some_and(|it| it.library == Library::Yarn && it.verb == Verb::Install)
    };
    step.commands.iter().enumerate().rfind(|(_, it)| installs(it))
}

fn is_cleaned(step: &RunStep, after: usize) -> bool {
    let cleans = |it: &RunCommand| {
        it.libraries().is_some_and(|it| it.library == Library::Yarn && it.verb == Verb::Clean)
    };
    let removed = step.changes.iter().any(|it| {
        let path = it.path.to_ascii_lowercase();
        let cache = path.contains(".cache") || path.contains("yarn");
        it.command > after && it.removes(&it.path) && cache
    });
    removed || step.commands.iter().skip(after).any(cleans)
}

/// Whether the cache lies in a mount, or in a folder that is gone after the build.
fn is_elsewhere(step: &RunStep, command: &RunCommand) -> bool {
    let mounted = step.mounts.iter().any(|it| {
        let target = it.target.as_deref().unwrap_or_default().to_ascii_lowercase();
        let cache = target.contains("yarn") || target.trim_end_matches('/').ends_with(".cache");
        matches!(it.kind, MountKind::Cache | MountKind::Tmpfs) && cache
    });
    let options = command.options(Library::Yarn.valued());
    let folder = options.value(&["--cache-folder"]).or(step.variable("YARN_CACHE_FOLDER"));
    let kinds = [MountKind::Cache, MountKind::Tmpfs];
    mounted || folder.is_some_and(|it| it == "/dev/null" || step.mounts_over(&kinds, it))
}

/// Whether this is Yarn 2 or later, whose cache may be part of the project itself.
fn is_modern(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> bool {
    let of_project = |it: &Copied| match it {
        Copied::Path(path) => {
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            matches!(name, ".yarn" | ".yarnrc.yml" | ".pnp.cjs") || name.starts_with(".yarnrc.y")
        }
        Copied::Url(_) | Copied::Inline | Copied::Unknown(_) => false,
    };
    let mut copies = copies_before(case, step.stage, &seen.at);
    let option = step.commands.iter().filter(|it| it.runs(&["yarn", "corepack"])).any(|it| {
        let words = it.arguments();
        it.runs(&["corepack"])
            || words.iter().any(|it| it.text().starts_with("--immutable") || it.is("workspaces"))
            || words.first().is_some_and(|it| it.is("set"))
    });
    option || copies.any(|it| it.sources.iter().any(|(source, _)| of_project(source)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn installs_without_a_clean_up() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:22
RUN yarn cache clean && yarn install
#                            ^^^^^^^ yarn keeps a copy of what it installs in the layer
RUN yarn --frozen-lockfile
#   ^^^^ yarn keeps a copy of what it installs in the layer
RUN yarn global add serve@14
#               ^^^ yarn keeps a copy of what it installs in the layer
RUN yarn install && yarn build && yarn cache clean --all
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install
RUN --mount=type=cache,target=/root/.cache yarn install
RUN YARN_CACHE_FOLDER=/x yarn install && rm -rf /usr/local/share/.cache/
RUN yarn build && npm install yarn && yarn install --immutable
"#,
        );
        check_dockerfile(&RULE, "\nFROM node:22\nCOPY .yarn .yarn\nRUN yarn install\n");
        check_dockerfile(
            &RULE,
            "\nFROM node:22 AS b\nRUN yarn\nFROM node:22\nCOPY --from=b /a /a\n",
        );
    }

    #[test]
    fn the_clean_up_comes_right_behind() {
        assert_eq!(
            fixed(&RULE, "FROM node:22\nRUN yarn install && yarn build\n"),
            "FROM node:22\nRUN yarn install && yarn cache clean && yarn build\n"
        );
    }
}
