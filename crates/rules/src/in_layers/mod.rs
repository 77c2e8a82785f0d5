//! What several rules say of the layers of a saved image.

pub(crate) mod checks;
pub(crate) mod scans;

use std::borrow::Cow;

use std::collections::BTreeSet;

use report::{Finding, Input, Locus, Outcome, Why, quote};
use text::Span;

use crate::Case;
use crate::facts::{Package, Reach, Seen};
use crate::files::{Files, Loss, layer, path};
use crate::knowledge::tools;

/// Adds where the instruction that made a layer is told, and whether the base image brings it.
pub(crate) fn with_origin<'f>(
    files: &Files,
    at: &Locus,
    finding: &'f mut Finding,
) -> &'f mut Finding {
    finding.in_base |= files.is_base(at);
    if let Some(made) = files.made_by(at) {
        let whose = if files.is_base(at) {
            "the base image brings it: this step made the layer"
        } else {
            "this step made the layer"
        };
        finding.related(made, whose);
    }
    finding
}

/// Says that nothing was found in the layers, or that not all of them could be read.
pub(crate) fn clear(files: &Files, out: &mut Outcome, note: impl Into<Cow<'static, str>>) {
    let at = Locus::Layer { layer: 0, path: "/".into(), span: None };
    match unread(files) {
        Some(why) => out.gap(&at, why),
        None => out.clear(&at, note),
    }
}

/// Why not all files are known, if so.
pub(crate) fn unread(files: &Files) -> Option<Why> {
    losses(files).into_iter().find(|it| it.0 == Loss::Files).map(|it| it.1)
}

/// Losses that are told one by one.
const MOST_LOSSES: usize = 3;

/// What of the image could not be read, and why.
pub(crate) fn losses(files: &Files) -> Vec<(Loss, Why)> {
    let mut out = Vec::new();
    let mut told = BTreeSet::new();
    let doubts = files.doubts.iter().filter(|it| it.loss != Loss::Nothing);
    for it in doubts.clone().take(MOST_LOSSES) {
        let message = match &it.at {
            None => format!("the archive could not be read in full: {}", it.what),
            Some(at) if matches!(path(at), "" | "/") => {
                format!("layer {} could not be read in full: {}", layer(at), it.what)
            }
            Some(at) => {
                format!("in layer {}, {}: {}", layer(at), quote(path(at)), it.what)
            }
        };
        told.extend(it.at.as_ref().map(layer));
        out.push((it.loss, Why::Unreadable(message.into())));
    }
    let more = doubts.count().saturating_sub(out.len()) as u64 + files.more_losses;
    if more > 0 {
        let message = match more {
            1 => "one more part of the image could not be read".to_owned(),
            n => format!("{n} more parts of the image could not be read"),
        };
        out.push((Loss::Files, Why::Unreadable(message.into())));
    }
    // Layers that nothing more is known of are not there.
    let missing = (0..).zip(&files.layers).find(|(at, it)| !it.is_read && !told.contains(at));
    if let Some((at, _)) = missing.filter(|_| more == 0) {
        let message = format!("layer {at} could not be read: it is not in the archive");
        out.push((Loss::Files, Why::Unreadable(message.into())));
    }
    out
}

/// A few names, and how many more there are.
pub(crate) fn names<'n>(all: impl Iterator<Item = &'n str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for it in all {
        if !seen.contains(&it) {
            seen.push(it);
        }
    }
    let mut names: Vec<String> = seen.iter().take(5).map(|it| quote(it)).collect();
    if seen.len() > names.len() {
        names.push(format!("{} more", seen.len() - names.len()));
    }
    match names.split_last() {
        Some((last, before @ [_, ..])) => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// Reports programs and packages of which `wanted` says yes: one finding for each layer. What a
/// build is seen to install is left to the finding about the step.
pub(crate) fn report_tools(
    case: &Case,
    out: &mut Outcome,
    wanted: impl Fn(&Package, tools::Package) -> bool,
) {
    let Some(files) = &case.files else { return };
    let is_wanted = |name: &str, known: tools::Package| {
        let package = Package {
            system: "",
            name: name.to_owned(),
            tool: None,
            version: None,
            step: Span::default(),
            removed: false,
        };
        wanted(&package, known) && !is_told(case, &package.name)
    };
    let programs = files.programs.iter().filter(|it| !it.is_applet);
    let programs = programs.map(|it| (&it.at, it.binary.name, tools::Package::from(it.binary)));
    let packages = files.packages.iter().map(|it| (&it.at, it.name.as_str(), it.known));
    let mut layers: Vec<(&Locus, Vec<&str>)> = Vec::new();
    for (at, name, _) in programs.chain(packages).filter(|it| is_wanted(it.1, it.2)) {
        match layers.iter_mut().find(|it| layer(it.0) == layer(at)) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => layers.push((at, vec![name])),
        }
    }
    if layers.is_empty() {
        clear(files, out, "no such tool is among the files of the image");
    }
    for (at, found) in layers {
        let verb = if found.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} in the image", names(found.iter().copied()));
        with_origin(files, at, out.fail(at, message));
    }
}

/// Whether a step of the Dockerfile is seen to install a package of that name, or one that brings
/// a program of that name.
fn is_told(case: &Case, name: &str) -> bool {
    let installs = |it: &Seen<Package>| {
        let Ok(package) = &it.value else { return false };
        let brings = || package.tool.is_some_and(|it| it.brings().any(|it| it == name));
        it.reach == Reach::Image
            && it.via != Input::Layers
            && !package.removed
            && (package.name == name || brings())
    };
    case.facts.packages.iter().any(installs)
}

/// Reports what builds leave behind.
pub(crate) fn report_leftovers(
    case: &Case,
    out: &mut Outcome,
    kind: crate::files::LeftoverKind,
    what: &str,
) {
    let Some(files) = &case.files else { return };
    let found = out.findings.len();
    for it in
        files.leftovers.iter().filter(|it| it.kind == kind && layer(&it.first) >= files.first_own())
    {
        let more = match it.count {
            1 => String::new(),
            2 => " and one more file".to_owned(),
            n => format!(" and {} more files", n - 1),
        };
        let message = format!("{}{more}: {what}, {}", quote(path(&it.first)), size(it.bytes));
        with_origin(files, &it.first, out.fail(&it.first, message));
    }
    if out.findings.len() == found {
        clear(files, out, "nothing of the kind is among the files of the image");
    }
}

/// A size as people read it.
pub(crate) fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.into_iter().find(|(scale, _)| bytes >= *scale) {
        Some((scale, unit)) => format!("{}.{} {unit}", bytes / scale, bytes % scale * 10 / scale),
        None => format!("{bytes} B"),
    }
}
