//! A step downloads packages without a cache mount.

use dockerfile::MountKind;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::{Library, RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "package-cache-mount",
    title: "A step downloads again what a cache mount could keep",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[
        "prefer-package-cache-mounts",
        "js/node-gyp-cache-mounts",
        "ruby/prefer-bundler-cache-mount",
    ],
    doc: page!("package_cache_mount.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let found = step.commands.iter().find_map(|it| Some((it, folder(it)?)));
        let Some((command, folder)) = found else { continue };
        if step.mounts.iter().any(|it| it.kind == MountKind::Cache) {
            out.clear(&seen.at, "a cache is mounted");
            continue;
        }
        let at = Locus::Text { source: *source, span: command.program_span() };
        let message = format!(
            "what {} downloads could be kept in a cache mounted at {}",
            quote(&command.program),
            quote(folder)
        );
        out.fail(&at, message).fix(mount(step, command, folder, &at));
    }
}

/// Where a command that downloads packages keeps them.
fn folder(command: &RunCommand) -> Option<&'static str> {
    if let Some(it) = command.packages() {
        let downloads = matches!(it.verb, Verb::Install | Verb::Upgrade | Verb::DistUpgrade);
        return downloads.then_some(match it.manager.name {
            "apk" => "/var/cache/apk",
            "yum" => "/var/cache/yum",
            "dnf" | "microdnf" => "/var/cache/libdnf5",
            "tdnf" => "/var/cache/tdnf",
            "zypper" => "/var/cache/zypp",
            "pacman" => "/var/cache/pacman/pkg",
            _ => "/var/cache/apt",
        });
    }
    let it = command.libraries()?;
    let builds = |words: &[&str]| words.contains(&&*it.word);
    Some(match it.library {
        Library::Pip if it.verb == Verb::Install => "/root/.cache/pip",
        Library::Uv if it.verb == Verb::Install => "/root/.cache/uv",
        Library::Poetry if it.verb == Verb::Install => "/root/.cache/pypoetry",
        Library::Npm if it.verb == Verb::Install => "/root/.npm",
        Library::Yarn if it.verb == Verb::Install => "/usr/local/share/.cache/yarn",
        Library::Bundler if it.verb == Verb::Install => "/usr/local/bundle/cache",
        Library::Composer if it.verb == Verb::Install => "/root/.composer/cache",
        Library::Go if builds(&["mod", "build", "install", "get"]) => "/go/pkg/mod",
        Library::Cargo if builds(&["build", "install", "fetch"]) => "/usr/local/cargo/registry",
        _ => return None,
    })
}

/// The step with the mount. apt needs more than that, and what says to keep nothing would have to
/// go as well.
fn mount(step: &RunStep, command: &RunCommand, folder: &str, at: &Locus) -> Option<Fix> {
    let keeps_nothing = |it: &RunCommand| {
        let flag = |word: &&str| it.arguments().iter().any(|it| it.is(word));
        ["--no-cache", "--no-cache-dir", "clean"].iter().any(flag)
    };
    if command.packages().is_some() || step.commands.iter().any(keeps_nothing) {
        return None;
    }
    let span = Span::at(step.code.start() + 3);
    let with = format!(" --mount=type=cache,target={folder}");
    fix::edits("Mount a cache", at, |_| vec![Edit { span, with }], Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn downloads_without_a_mount() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN pip install -r requirements.txt && npm ci
#   ^^^ what `pip` downloads could be kept in a cache mounted at `/root/.cache/pip`
RUN apt-get update && apt-get install -y a
#                     ^^^^^^^ what `apt-get` downloads could be kept in a cache mounted at `/var/cache/apt`
RUN --mount=type=cache,target=/go/pkg/mod go build
RUN make && go version && cargo test
"#,
        );
        assert_eq!(
            fixed(&RULE, "FROM x\nRUN cargo build\nRUN pip install --no-cache-dir a\n"),
            "FROM x\nRUN --mount=type=cache,target=/usr/local/cargo/registry cargo build\nRUN pip install --no-cache-dir a\n"
        );
    }
}
