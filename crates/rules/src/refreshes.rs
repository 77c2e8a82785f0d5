//! Steps that fetch the index of packages, or upgrade everything, and install nothing.
//!
//! Such a step is kept by the build cache for as long as its text stays the same, while what it
//! fetched grows old.

use dockerfile::{MountKind, StageId};

use crate::Case;
use crate::commands::{PackageCall, RunCommand, Verb};
use crate::facts::{RunStep, Seen};

/// A command of a step.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) seen: &'a Seen<RunStep>,
    pub(crate) step: &'a RunStep,
    pub(crate) command: &'a RunCommand,
    pub(crate) call: &'a PackageCall,
}

/// A refresh or an upgrade in a step that installs nothing.
#[derive(Clone, Copy)]
pub(crate) struct Lone<'a> {
    /// The command.
    pub(crate) refresh: Call<'a>,
    /// The first install of a later step that relies on it.
    pub(crate) install: Option<Call<'a>>,
    /// Whether a later step runs something that may install, or that may fetch the index anew.
    pub(crate) open: bool,
}

impl Lone<'_> {
    /// Whether it upgrades what is installed.
    pub(crate) fn upgrades(&self) -> bool {
        matches!(self.refresh.call.verb, Verb::Upgrade | Verb::DistUpgrade)
    }
}

/// All of them, in order.
pub(crate) fn lone(case: &Case) -> Vec<Lone<'_>> {
    let mut found = Vec::new();
    for (index, seen) in case.facts.runs.iter().enumerate() {
        let Ok(step) = &seen.value else { continue };
        if step.commands.iter().any(RunCommand::is_opaque) {
            continue;
        }
        for command in &step.commands {
            let Some(call) = command.packages().filter(|it| is_lone(step, it)) else { continue };
            let refresh = Call { seen, step, command, call };
            let later = case.facts.runs.get(index + 1..).unwrap_or_default();
            let (install, open) = next_install(case, refresh, later);
            found.push(Lone { refresh, install, open });
        }
    }
    found
}

/// The managers that share an index.
pub(crate) fn family(call: &PackageCall) -> &'static str {
    if call.manager.name == "zypper" { "zypper" } else { call.manager.system }
}

/// Whether the call is the last refresh or upgrade of a step without an install.
fn is_lone(step: &RunStep, call: &PackageCall) -> bool {
    let family = family(call);
    let same = |it: &&PackageCall| self::family(it) == family;
    let all = || step.commands.iter().filter_map(RunCommand::packages).filter(same);
    // dnf and its kin fetch the index again by themselves once it is old.
    let refreshes = matches!(family, "apt" | "apk" | "zypper" | "pacman");
    let upgrades = matches!(family, "rpm" | "zypper" | "pacman");
    let is_upgrade = |it: &PackageCall| matches!(it.verb, Verb::Upgrade | Verb::DistUpgrade);
    let counts = match call.verb {
        Verb::Refresh => refreshes && !all().any(is_upgrade),
        Verb::Upgrade | Verb::DistUpgrade => upgrades,
        Verb::Install | Verb::Remove | Verb::Clean | Verb::Other => false,
    };
    let counted = |it: &&PackageCall| it.verb == call.verb;
    counts
        && !all().any(|it| it.verb == Verb::Install)
        && all().rfind(counted).is_some_and(|it| it.verb_span == call.verb_span)
        && !index_folders(family)
            .iter()
            .any(|it| step.mounts_over(&[MountKind::Cache, MountKind::Tmpfs, MountKind::Bind], it))
}

/// Where the index of packages is kept.
pub(crate) fn index_folders(family: &str) -> &'static [&'static str] {
    match family {
        "apt" => &["/var/lib/apt/lists"],
        "apk" => &["/var/cache/apk", "/etc/apk/cache"],
        "zypper" => &["/var/cache/zypp"],
        "pacman" => &["/var/lib/pacman/sync"],
        _ => &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
    }
}

fn next_install<'a>(
    case: &'a Case,
    refresh: Call<'a>,
    later: &'a [Seen<RunStep>],
) -> (Option<Call<'a>>, bool) {
    if refresh.step.trigger {
        return (None, true);
    }
    let family = family(refresh.call);
    for seen in later {
        let Ok(step) = &seen.value else { continue };
        if step.trigger || !builds_on(case, step.stage, refresh.step.stage) {
            continue;
        }
        for command in &step.commands {
            let Some(call) = command.packages().filter(|it| self::family(it) == family) else {
                if command.is_opaque() {
                    return (None, true);
                }
                continue;
            };
            match call.verb {
                Verb::Install => return (Some(Call { seen, step, command, call }), false),
                Verb::Refresh | Verb::Upgrade | Verb::DistUpgrade => return (None, false),
                Verb::Remove | Verb::Clean | Verb::Other => {}
            }
        }
    }
    (None, false)
}

/// Whether a stage is another one, or built on it.
fn builds_on(case: &Case, stage: StageId, on: StageId) -> bool {
    stage == on || case.builds.first().is_some_and(|it| it.stages.lineage(stage).contains(&on))
}
