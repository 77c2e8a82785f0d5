//! What a package manager of the system fetched stays in a layer.

use dockerfile::MountKind;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, Why, quote};
use text::Span;

use crate::commands::{PackageCall, RunCommand, Verb};
use crate::facts::{Reach, RunStep, Seen};
use crate::refreshes::family;
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "package-cache-left",
    title: "What a package manager fetched stays in a layer",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[
        "apt-lists-cleanup",
        "apk-no-cache",
        "yum-clean",
        "dnf-clean",
        "microdnf-clean",
        "zypper-clean",
        "DL3009",
        "DL3019",
        "DL3032",
        "DL3036",
        "DL3040",
        "DS-0015",
        "DS-0019",
        "DS-0020",
        "DS-0025",
        "DS-0027",
        "df746b39",
        "ae9c56a6",
        "00481784",
        "295acb63",
        "38300d1a",
        "remove-package-lists",
        "missing-apk-no-cache",
        "missing-yum-clean-all",
        "missing-dnf-clean-all",
        "missing-zypper-clean",
        "S6587",
        "DKL-DI-0004",
        "DKL-DI-0005",
        "DF004",
        "DF029",
        "DF045",
        "DF046",
        "DF047",
        "apt-get_missing_rm",
        "apkadd-missing_nocache_or_updaterm",
        "no_yum_clean_all",
        "no_dnf_clean_all",
        "aptGetInstallThenRemoveAptLists",
        "apkAddUseNoCache",
        "yumInstallRmVarCacheYum",
    ],
    doc: page!("package_cache_left.md"),
    check,
};

/// What a manager leaves, and how it is taken away.
struct Cache {
    family: &'static str,
    /// Removing any of these will do; so will a mount over one.
    folders: &'static [&'static str],
    what: &'static str,
}

const CACHES: [Cache; 5] = [
    Cache { family: "apt", folders: &["/var/lib/apt/lists"], what: "its package lists" },
    Cache { family: "apk", folders: &["/var/cache/apk", "/etc/apk/cache"], what: "its index" },
    Cache {
        family: "rpm",
        folders: &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf"],
        what: "its metadata",
    },
    Cache { family: "zypper", folders: &["/var/cache/zypp"], what: "its metadata" },
    Cache {
        family: "pacman",
        folders: &["/var/cache/pacman/pkg"],
        what: "the packages it fetched",
    },
];

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(step) = &seen.value else { continue };
        let mut clear = false;
        for cache in &CACHES {
            match left(step, cache) {
                Left::Nothing => {}
                Left::Gone => clear = true,
                Left::By(index) => judge(case, seen, step, cache, index, out),
            }
        }
        if clear {
            out.clear(&seen.at, "what the package manager fetched does not stay in the layer");
        }
    }
}

/// What a step leaves of a cache.
enum Left {
    /// It never fills it.
    Nothing,
    /// It fills it, and takes all away again or keeps it elsewhere.
    Gone,
    /// The command of that number fills it last.
    By(usize),
}

fn left(step: &RunStep, cache: &Cache) -> Left {
    let mut filled = false;
    let mut last = None;
    for (index, command) in step.commands.iter().enumerate() {
        if let Some(call) = command.packages().filter(|it| family(it) == cache.family) {
            match effect(cache, command, call, filled) {
                Effect::Fills => (filled, last) = (true, Some(index)),
                Effect::Bypasses => filled = true,
                Effect::Empties => last = None,
                Effect::None => {}
            }
        }
        let removes = |it: &&str| {
            step.changes.iter().any(|change| change.command == index && change.removes(it))
        };
        if last.is_some() && cache.folders.iter().any(removes) {
            last = None;
        }
    }
    let kinds = [MountKind::Cache, MountKind::Tmpfs];
    let elsewhere = cache.folders.iter().any(|it| step.mounts_over(&kinds, it));
    match last {
        Some(index) if !elsewhere => Left::By(index),
        Some(_) | None if filled => Left::Gone,
        _ => Left::Nothing,
    }
}

enum Effect {
    Fills,
    /// It would, but is told not to.
    Bypasses,
    Empties,
    None,
}

fn effect(cache: &Cache, command: &RunCommand, call: &PackageCall, filled: bool) -> Effect {
    let has =
        |words: &[&str]| command.arguments().iter().any(|it| words.iter().any(|word| it.is(word)));
    match (cache.family, call.verb) {
        ("apt", Verb::Refresh) => Effect::Fills,
        // `clean` clears the packages, not the lists.
        ("apt", Verb::Clean) if matches!(call.word, "dist-clean" | "distclean") => Effect::Empties,
        ("apt", _) => Effect::None,
        ("apk", Verb::Install) if call.word == "add" => {
            if has(&["--no-cache", "--no-network"]) {
                Effect::Bypasses
            } else {
                Effect::Fills
            }
        }
        ("apk", Verb::Clean) => Effect::Empties,
        ("apk", _) => Effect::None,
        // `clean metadata` and its like leave half of it.
        ("rpm", Verb::Clean) => {
            if has(&["all"]) {
                Effect::Empties
            } else {
                Effect::None
            }
        }
        (_, Verb::Clean) => Effect::Empties,
        (_, Verb::Install | Verb::Upgrade | Verb::DistUpgrade) => Effect::Fills,
        ("rpm" | "zypper", Verb::Refresh) => Effect::Fills,
        // zypper reads the repositories again to see what still fits.
        ("zypper", Verb::Remove) if filled => Effect::Fills,
        (_, Verb::Refresh | Verb::Remove | Verb::Other) => Effect::None,
    }
}

fn judge(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    cache: &Cache,
    index: usize,
    out: &mut Outcome,
) {
    let Some((command, call)) = step.commands.get(index).and_then(|it| Some((it, it.packages()?)))
    else {
        return;
    };
    let Locus::Text { source, .. } = seen.at else { return };
    let at = Locus::Text { source, span: call.verb_span };
    // A script that runs later may clean up as well.
    if let Some(script) = step.commands.iter().skip(index + 1).find(|it| may_clean(it)) {
        let name = Locus::Text { source, span: script.program_span() };
        let what = format!("what {} does is not in the Dockerfile", quote(case.under(&name)));
        return out.gap(&at, Why::Unreadable(what.into()));
    }
    let shown = format!("{} {}", call.manager.name, case.under(&at).trim_matches('"'));
    let message = format!("{} leaves {} in the layer", quote(&shown), cache.what);
    let change = clean_up(case, seen, step, cache, (command, call), &at);
    out.fail(&at, message).fix(change);
}

fn may_clean(command: &RunCommand) -> bool {
    let word = command.simple.words.get(command.first).map(|it| it.text().into_owned());
    let name = word.unwrap_or_default();
    let script = command.is_opaque() && !matches!(&*command.program, "make" | "npx" | "");
    script
        || (name.contains("clean") && command.packages().is_none() && command.libraries().is_none())
}

fn clean_up(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    cache: &Cache,
    (command, call): (&RunCommand, &PackageCall),
    at: &Locus,
) -> Option<Fix> {
    if cache.family == "apk" {
        let edit = amend::words_behind(step, command, call.after_verb, &["--no-cache"]);
        return fix::edits("Add `--no-cache`", at, |_| vec![edit], Safety::Safe);
    }
    if cache.family == "apt" && is_needed_later(case, seen, step) {
        return None;
    }
    let mut calls = step.commands.iter().filter_map(|it| Some((it, it.packages()?)));
    let (last, call) = calls.rfind(|(_, it)| family(it) == cache.family)?;
    let clean = match (cache.family, call.manager.name) {
        ("apt", _) => "rm -rf /var/lib/apt/lists/*".to_owned(),
        ("zypper", _) => "zypper clean --all".to_owned(),
        ("pacman", _) => "pacman -Scc --noconfirm".to_owned(),
        (_, name) => format!("{name} clean all"),
    };
    let sudo = last.wrappers().first().is_some_and(|it| it.is("sudo"));
    let clean = if sudo { format!("sudo {clean}") } else { clean };
    let edit = amend::behind(case, seen, step, last, &clean)?;
    let span: Span = edit.span;
    let at = match at {
        Locus::Text { source, .. } => Locus::Text { source: *source, span },
        Locus::Layer { .. } => return None,
    };
    fix::edits(format!("Add `{clean}`"), &at, |_| vec![edit], Safety::Safe)
}

/// Whether a later step, of this stage or of one built on it, installs from the lists that this one
/// fetched.
fn is_needed_later(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> bool {
    let from_earlier = |it: &RunStep| {
        let calls = it.commands.iter().filter_map(RunCommand::packages);
        let mut apt = calls.filter(|it| family(it) == "apt");
        let first = apt.find(|it| {
            matches!(it.verb, Verb::Refresh | Verb::Install | Verb::Upgrade | Verb::DistUpgrade)
        });
        first.is_some_and(|it| it.verb != Verb::Refresh)
    };
    let Locus::Text { source, .. } = seen.at else { return false };
    let stages = case.builds.iter().find(|it| it.source == source).map(|it| &it.stages);
    let follows = |it: &&RunStep| {
        let built_on =
            || stages.is_some_and(|stages| stages.lineage(it.stage).contains(&step.stage));
        it.code.start() > step.code.start() && (it.stage == step.stage || built_on())
    };
    let steps = case.facts.runs.iter().filter_map(|it| it.value.as_ref().ok());
    steps.filter(follows).any(from_earlier)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, fixed, verdict};

    #[test]
    fn lists_that_a_later_step_installs_from_stay() {
        let text = "FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n";
        assert_eq!(fixed(&RULE, text), text);
        let text = "FROM debian:13\nRUN apt-get update\nRUN pip install x\n";
        let mended = text.replace("update", "update && rm -rf /var/lib/apt/lists/*");
        assert_eq!(fixed(&RULE, text), mended);
    }

    #[test]
    fn every_manager_leaves_something() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y a && apt-get clean && apt-get autoclean
#           ^^^^^^ `apt-get update` leaves its package lists in the layer
RUN ["apk", "add", "a"]
#           ^^^^^ `apk add` leaves its index in the layer
RUN yum install -y a && yum clean metadata
#       ^^^^^^^ `yum install` leaves its metadata in the layer
RUN dnf -y up; microdnf install a
#                       ^^^^^^^ `microdnf install` leaves its metadata in the layer
RUN zypper -n in a && zypper cc && zypper -n rm b
#                                            ^^ `zypper rm` leaves its metadata in the layer
RUN pacman -Syu --noconfirm a
#          ^^^^ `pacman -Syu` leaves the packages it fetched in the layer
"#,
        );
    }

    #[test]
    fn cleaning_up_first_is_no_use() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y a
#                                          ^^^^^^ `apt-get update` leaves its package lists in the layer
RUN yum clean all && yum -y install a
#                           ^^^^^^^ `yum install` leaves its metadata in the layer
RUN dnf install -y a && dnf clean all && dnf install -y b
#                                            ^^^^^^^ `dnf install` leaves its metadata in the layer
RUN apt-get update
#           ^^^^^^ `apt-get update` leaves its package lists in the layer
RUN rm -rf /var/lib/apt/lists/*
"#,
        );
    }

    #[test]
    fn there_are_many_ways_to_clean_up() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update; apt-get install -y a; rm -r /var/lib/apt/lists /var/cache/apt
RUN apt-get update && apt-get install -y a && cd /var/lib && rm -rf apt dpkg cache log
RUN apt-get update && apt-get install -y a && rm -rf /var/lib/{apt,dpkg,cache,log}
RUN apt-get update && apt-get dist-clean && find /var/lib/apt/lists -type f -delete
RUN apt-get update && find /var/lib/apt/lists -mindepth 1 -delete && apt-get install -y b
RUN apk --no-cache add a && apk add b --no-cache && apk add --no-network b && apk update && apk add c && rm -rf /var/cache/apk/*
RUN yum install -y a && rm -rf /var/cache/yum/* && dnf in -y a && dnf clean all && zypper in -y a && zypper clean -a
RUN dnf install -y a && rm -rf /var/cache/* && pacman -S --noconfirm a && yes | pacman -Scc
RUN apt-get install -y a && apt-get -y upgrade && yum remove a
RUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt apt-get update
RUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install -y a
RUN --mount=type=cache,target=/var/cache/apk apk add a
RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y a
RUN echo apt-get update && npm update
"#,
        );
    }

    #[test]
    fn only_what_is_shipped_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
RUN apt-get update && apt-get install -y gcc
FROM debian:13
COPY --from=build /a /a
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS base
RUN apt-get update && apt-get install -y a
#           ^^^^^^ `apt-get update` leaves its package lists in the layer
FROM base
"#,
        );
    }

    #[test]
    fn scripts_may_clean_up() {
        for (step, expected) in [
            ("apt-get update && apt-get install -y a && /clean.sh", report::Verdict::Unknown),
            ("apt-get update && apt-get install -y a && apt-clean", report::Verdict::Unknown),
            (
                "apt-get update && apt-get install -y a && ./configure && make",
                report::Verdict::Fails,
            ),
            ("bash -c 'apt-get update && apt-get install -y a'", report::Verdict::Fails),
        ] {
            let text = format!("FROM debian:13\nRUN {step}\n");
            assert_eq!(verdict(&RULE, &case(&[("dockerfile", &text)])), expected, "{step}");
        }
    }

    #[test]
    fn clean_ups_are_added_where_they_belong() {
        for (before, after) in [
            (
                "RUN apt-get update && apt-get install -y a",
                "RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
            ),
            (
                "RUN apt-get update \\\n    && apt-get install -y \\\n      a \\\n      # why\n      b \\\n    && make",
                "RUN apt-get update \\\n    && apt-get install -y \\\n      a \\\n      # why\n      b \\\n    && rm -rf /var/lib/apt/lists/* \\\n    && make",
            ),
            (
                "RUN set -eux; \\\n\tapt-get update; \\\n\tapt-get install -y a; \\\n\tmake",
                "RUN set -eux; \\\n\tapt-get update; \\\n\tapt-get install -y a; \\\n\trm -rf /var/lib/apt/lists/*; \\\n\tmake",
            ),
            (
                "RUN apt-get update && \\\n    sudo apt-get install -y a",
                "RUN apt-get update && \\\n    sudo apt-get install -y a && \\\n    sudo rm -rf /var/lib/apt/lists/*",
            ),
            (
                "RUN <<EOF\nset -e\ndnf install -y a\nmake\nEOF",
                "RUN <<EOF\nset -e\ndnf install -y a; dnf clean all\nmake\nEOF",
            ),
            (
                "RUN <<EOF\nyum install -y a\nEOF",
                "RUN <<EOF\nyum install -y a && yum clean all\nEOF",
            ),
            ("RUN yes | pacman -Syu", "RUN yes | pacman -Syu && pacman -Scc --noconfirm"),
            ("RUN sh -c 'zypper in a'", "RUN sh -c 'zypper in a && zypper clean --all'"),
            ("RUN apk add \\\n  a", "RUN apk add --no-cache \\\n  a"),
            ("RUN [\"apk\", \"add\", \"a\"]", "RUN [\"apk\", \"add\", \"--no-cache\", \"a\"]"),
            // An array runs no second command.
            ("RUN [\"dnf\", \"install\", \"a\"]", "RUN [\"dnf\", \"install\", \"a\"]"),
            ("RUN if dnf install a; then b; fi", "RUN if dnf install a; then b; fi"),
        ] {
            assert_eq!(fixed(&RULE, &format!("FROM x\n{before}\n")), format!("FROM x\n{after}\n"));
        }
    }
}
