//! A step mounts a cache and sees to it that nothing stays in there.

use dockerfile::MountKind;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::{FileAct, Library, RunCommand, Verb};
use crate::facts::{Reach, RunStep, Seen, StepMount};
use crate::knowledge::base_image::PackageManager;
use crate::layers::changes_before;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "cache-mount-contradiction",
    title: "A cache is mounted and not used",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("cache_mount_contradiction.md"),
    check,
};

/// The setting by which official Debian images empty apt's cache.
const OFFICIAL: &str = "/etc/apt/apt.conf.d/docker-clean";

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let Ok(step) = &seen.value else { continue };
        if !step.mounts.iter().any(|it| it.kind == MountKind::Cache) {
            continue;
        }
        let before = out.findings.len();
        for mount in step.mounts.iter().filter(|it| it.kind == MountKind::Cache) {
            let Some(target) = mount.target.as_deref() else { continue };
            emptied(seen, step, target, out);
            if is_apts(target) {
                shared(seen, mount, target, out);
                cleaned_by_base(case, seen, step, mount, target, out);
            }
        }
        bypassed(case, seen, step, out);
        if out.findings.len() == before {
            out.clear(&seen.at, "the cache that is mounted is used");
        }
    }
}

fn at(seen: &Seen<RunStep>, span: Span) -> Locus {
    match seen.at {
        Locus::Text { source, .. } => Locus::Text { source, span },
        Locus::Layer { .. } => seen.at.clone(),
    }
}

fn is_apts(target: &str) -> bool {
    ["/var/cache/apt", "/var/lib/apt"].iter().any(|it| target.starts_with(it))
}

/// The step removes what is in the mount.
fn emptied(seen: &Seen<RunStep>, step: &RunStep, target: &str, out: &mut Outcome) {
    let removes = step.changes.iter().find(|it| it.act == FileAct::Remove && it.removes(target));
    if let Some(it) = removes {
        let message = format!("this empties the cache that is mounted at {}", quote(target));
        out.fail(&at(seen, it.span), message);
    }
}

/// apt wants its folders for itself.
fn shared(seen: &Seen<RunStep>, mount: &StepMount, target: &str, out: &mut Outcome) {
    let sharing = mount.mount.field(&["sharing"]).map(|it| it.as_str());
    if !matches!(sharing, None | Some("shared")) {
        return;
    }
    let place = at(seen, mount.mount.span);
    let message = format!("two builds at once share {}, which apt wants for itself", quote(target));
    let change = match sharing {
        None => fix::insert_behind("Add `sharing=locked`", &place, ",sharing=locked", Safety::Safe),
        Some(_) => None,
    };
    out.fail(&place, message).fix(change);
}

/// The base image removes packages as soon as they are installed.
fn cleaned_by_base(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    mount: &StepMount,
    target: &str,
    out: &mut Outcome,
) {
    let base = case.builds.first().and_then(|it| it.known_base(step.stage));
    let debian = base.and_then(|it| it.system).is_some_and(|it| it.packages == PackageManager::Apt);
    let configured = |it: &crate::commands::FileChange| {
        it.removes(OFFICIAL) || it.path.starts_with("/etc/apt/apt.conf")
    };
    let mut before = changes_before(case, step.stage, &seen.at).chain(&step.changes);
    let copied = crate::layers::copies_before(case, step.stage, &seen.at)
        .any(|it| it.destination.starts_with("/etc/apt"));
    if debian && target.starts_with("/var/cache/apt") && !copied && !before.any(configured) {
        let message = format!(
            "the base image's {} empties {} after every install",
            quote("docker-clean"),
            quote(target)
        );
        out.fail(&at(seen, mount.mount.span), message);
    }
}

/// A command is told not to use the cache that is mounted for it.
fn bypassed(case: &Case, seen: &Seen<RunStep>, step: &RunStep, out: &mut Outcome) {
    for command in &step.commands {
        let (folder, flag) = match (command.packages(), command.libraries()) {
            (Some(it), _) if it.manager.name == "apk" && it.verb == Verb::Install => {
                ("/var/cache/apk", "--no-cache")
            }
            (_, Some(it)) if it.library == Library::Pip && it.verb == Verb::Install => {
                ("/root/.cache/pip", "--no-cache-dir")
            }
            (_, Some(it)) if it.library == Library::Uv => ("/root/.cache/uv", "--no-cache"),
            _ => {
                cleaned(seen, step, command, out);
                continue;
            }
        };
        let word = command.arguments().iter().find(|it| it.is(flag));
        if let Some(word) = word.filter(|_| step.mounts_over(&[MountKind::Cache], folder)) {
            let message = format!("with {} the cache that is mounted is not used", quote(flag));
            let place = at(seen, word.span);
            out.fail(&place, message).fix(without(case, word.span, &place));
        }
    }
}

/// A manager is told to clean a cache that is mounted.
fn cleaned(seen: &Seen<RunStep>, step: &RunStep, command: &RunCommand, out: &mut Outcome) {
    let (cleans, folders): (bool, &[&str]) = match (command.packages(), command.libraries()) {
        (Some(it), _) if it.verb == Verb::Clean && it.word != "autoclean" => {
            let folders: &[&str] = match it.manager.system {
                "apt" => &["/var/cache/apt"],
                "rpm" => {
                    &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/zypp"]
                }
                _ => &[],
            };
            (true, folders)
        }
        (_, Some(it)) if it.verb == Verb::Clean && it.word == "cache" => match it.library {
            Library::Npm => (true, &["/root/.npm"]),
            Library::Yarn => (true, &["/usr/local/share/.cache/yarn", "/root/.cache/yarn"]),
            Library::Pip => (true, &["/root/.cache/pip"]),
            _ => (false, &[]),
        },
        _ => (false, &[]),
    };
    let asks = command.libraries().is_none()
        || command.arguments().iter().any(|it| it.is("clean") || it.is("purge"));
    let mounted = folders.iter().any(|it| step.mounts_over(&[MountKind::Cache], it));
    if cleans && asks && mounted {
        let last = command.simple.words.last().map_or(command.simple.span, |it| it.span);
        let place = at(seen, command.program_span().to(last));
        out.fail(&place, "this empties the cache that is mounted");
    }
}

/// The text without a word and the blank before it.
fn without(case: &Case, word: Span, place: &Locus) -> Option<Fix> {
    let build = case.builds.first()?;
    let text = case.text(build.source);
    let before = text.get(..word.start() as usize)?;
    if !before.ends_with(' ') {
        return None;
    }
    let span = Span::new(word.start() - 1, word.end());
    fix::edits(
        "Remove the option",
        place,
        |_| vec![Edit { span, with: String::new() }],
        Safety::Review,
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn caches_that_are_not_used() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir a
#                                                          ^^^^^^^^^^^^^^ with `--no-cache-dir` the cache that is mounted is not used
RUN --mount=type=cache,target=/var/cache/apk apk add --no-cache a
#                                                    ^^^^^^^^^^ with `--no-cache` the cache that is mounted is not used
RUN --mount=type=cache,target=/root/.npm npm ci && npm cache clean --force
#                                                  ^^^^^^^^^^^^^^^^^^^^^^^ this empties the cache that is mounted
RUN --mount=type=cache,target=/var/cache/dnf dnf install -y a && dnf clean all
#                                                                ^^^^^^^^^^^^^ this empties the cache that is mounted
RUN --mount=type=cache,target=/root/.cache make && rm -rf /root/.cache/*
#                                                         ^^^^^^^^^^^^^^ this empties the cache that is mounted at `/root/.cache`
RUN --mount=type=cache,target=/root/.cache/pip pip install a && npm cache verify
RUN --mount=type=cache,target=/root/.cache/pip apk add --no-cache a
"#,
        );
    }

    #[test]
    fn apt_needs_more_than_a_mount() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get install -y a
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the base image's `docker-clean` empties `/var/cache/apt` after every install
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get install -y a
RUN --mount=type=cache,target=/var/lib/apt apt-get update
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ two builds at once share `/var/lib/apt`, which apt wants for itself
RUN --mount=type=cache,target=/var/lib/apt/,sharing=private apt-get update
"#,
        );
        assert_eq!(
            fixed(
                &RULE,
                "FROM x/y:1\nRUN --mount=type=cache,target=/var/cache/apt apt-get install -y a\n"
            ),
            "FROM x/y:1\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get install -y a\n"
        );
    }
}
