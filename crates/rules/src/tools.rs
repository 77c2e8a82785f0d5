//! Tools that the shipped image holds: packages that steps install and leave there.

use report::{Locus, Outcome, quote};

use crate::Case;
use crate::facts::{Package, Reach, Seen};
use crate::knowledge::tools;
use crate::starts::starts;

/// Reports the packages of which `wanted` says yes: one finding for a step, at the first of them.
/// `rest`: the end of the sentence behind their names.
pub(crate) fn report_packages(
    case: &Case,
    out: &mut Outcome,
    wanted: impl Fn(&Package, tools::Package) -> bool,
    rest: &str,
) {
    let shipped = case.facts.packages.iter().filter(|it| it.reach == Reach::Image);
    let shipped = shipped.filter_map(|it| Some((it, it.value.as_ref().ok()?)));
    let mut steps: Vec<(&Seen<Package>, Vec<&Package>)> = Vec::new();
    let mut cleared = None;
    for (seen, package) in shipped {
        if package.removed || !package.tool.is_some_and(|it| wanted(package, it)) {
            if cleared != Some(package.step) {
                cleared = Some(package.step);
                out.clear(&seen.at, clearance(package));
            }
            continue;
        }
        match steps.last_mut() {
            Some((_, packages)) if packages.last().is_some_and(|it| it.step == package.step) => {
                // Installed once in every branch of a script, it is still one package.
                if !packages.iter().any(|it| it.name == package.name) {
                    packages.push(package);
                }
            }
            _ => steps.push((seen, vec![package])),
        }
    }
    for (first, packages) in steps {
        let verb = if packages.len() == 1 { "is" } else { "are" };
        out.fail(&first.at, format!("{} {verb} {rest}", names(&packages)));
    }
}

fn clearance(package: &Package) -> String {
    let what = if package.removed { "is removed again" } else { "is no such tool" };
    format!("{} {what}", quote(&package.name))
}

/// A few names, and how many more there are.
fn names(packages: &[&Package]) -> String {
    let mut names: Vec<String> = packages.iter().take(5).map(|it| quote(&it.name)).collect();
    if packages.len() > names.len() {
        names.push(format!("{} more", packages.len() - names.len()));
    }
    match names.split_last() {
        Some((last, before @ [_, ..])) => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// Whether the image's own commands use a tool: one of these programs is named there.
pub(crate) fn is_started(case: &Case, package: &Package) -> bool {
    let brings: Vec<&str> = package.tool.map(|it| it.brings().collect()).unwrap_or_default();
    let is_one = |name: &str| name == package.name || brings.contains(&name);
    let names = |word: &str| word.rsplit('/').next().is_some_and(is_one);
    let health = case.facts.healthcheck.best().and_then(|it| it.value.as_ref().ok());
    let checks = health.and_then(|it| it.command.as_ref()).map(|it| &it.commands[..]);
    let started = starts(case).iter().map(|it| &it.command).chain(checks.unwrap_or_default());
    started.flat_map(|it| &it.simple.words).any(|it| names(&it.text()))
}

/// Where the shipped image names the image it is built on.
pub(crate) fn shipped_base(case: &Case) -> Option<(Locus, &dockerfile::ImageRef)> {
    let build = case.builds.first()?;
    let stage = build.stages.root_base(build.target?)?;
    match &stage.base {
        dockerfile::Base::Image(image) => Some((build.at(stage.base_place), image)),
        dockerfile::Base::Scratch
        | dockerfile::Base::Stage(_)
        | dockerfile::Base::Unknown { .. } => None,
    }
}
