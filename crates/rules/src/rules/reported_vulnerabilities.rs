//! What a scanner found, as one signal: how much of it containers have, and how old the scan is.

use image::{Scan, Vulnerability};
use report::{Applies, Input, Outcome, Severity, Why, quote};
use text::SourceId;

use crate::files::{Files, Listed, Start};
use crate::in_layers::scans::{Found, age, find, place};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "reported-vulnerabilities",
    title: "A scanner found vulnerabilities in packages that containers have",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("reported_vulnerabilities.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for (source, scan) in &case.scans {
        if !scan.found.is_empty() {
            report(case, *source, scan, out);
        }
    }
}

/// Vulnerabilities that are told one by one.
const MOST_TOLD: usize = 50;

/// How many findings are about what.
#[derive(Default)]
struct Counts {
    base: usize,
    own: usize,
    other: usize,
    gone: usize,
    nowhere: usize,
}

fn count(files: &Files, scan: &Scan) -> Counts {
    let mut counts = Counts::default();
    for it in &scan.found {
        let slot = match find(files, it) {
            Found::Shipped(listed) if files.is_base(&listed.at) => &mut counts.base,
            Found::Shipped(_) => &mut counts.own,
            Found::Other(_) => &mut counts.other,
            Found::Gone(_) => &mut counts.gone,
            Found::Nowhere => &mut counts.nowhere,
        };
        *slot += 1;
    }
    counts
}

fn report(case: &Case, source: SourceId, scan: &Scan, out: &mut Outcome) {
    let Some(first) = scan.found.first() else { return };
    let (tool, age, n_found) = (quote(&scan.tool), age(scan, case.today), scan.found.len());
    let Some(files) = &case.files else {
        let why = format!(
            "{tool} found {n_found} vulnerabilities, in a scan {age}; which of them containers \
             have is not known without the layers"
        );
        out.gap(&place(source, first), Why::Unreadable(why.into()));
        return;
    };
    let Counts { base, own, other, gone, nowhere } = count(files, scan);
    let shipped = base + own;
    let rest = format!(
        "{gone} in packages that a later layer removed, {other} in other versions, {nowhere} in \
         packages that no layer lists"
    );
    if shipped == 0 {
        let note = format!("{tool} found {n_found}, none in packages that containers have: {rest}");
        match other + nowhere {
            0 => out.clear(&place(source, first), note),
            _ => out.gap(&place(source, first), Why::Unreadable(note.into())),
        }
        return;
    }
    let is_shipped = |it: &&Vulnerability| shipped_package(files, it).is_some();
    let first = scan.found.iter().find(is_shipped).unwrap_or(first);
    let needed = |wanted: Start| {
        let all = scan.found.iter().filter_map(|it| shipped_package(files, it));
        all.filter(|it| it.start == wanted).count()
    };
    let message = format!(
        "{tool} found {n_found} vulnerabilities, in a scan {age}: {own} in packages of the image's \
         own layers, {base} in those of the base image, {rest}; of those that containers have, {} \
         are in packages that the main process needs to start, {} in others, and of {} that is not \
         known",
        needed(Start::Needed),
        needed(Start::NotNeeded),
        needed(Start::Unknown)
    );
    let finding = out.fail(&place(source, first), message);
    finding.in_base = own == 0;
    // Those that are sure to be used come first.
    let mut all: Vec<(&Vulnerability, &Listed)> =
        scan.found.iter().filter_map(|it| Some((it, shipped_package(files, it)?))).collect();
    text::order::sort_by_key(&mut all, |it| it.1.start);
    for (it, listed) in all.iter().take(MOST_TOLD) {
        let id = it.ids.first().map(String::as_str).unwrap_or_default();
        let whose = if files.is_base(&listed.at) { "the base image" } else { "a step" };
        let note = format!(
            "{} in {} {}: {whose} brings it, and {}",
            quote(id),
            quote(&listed.name),
            quote(&listed.version),
            listed.start.text()
        );
        finding.related(&place(source, it), note);
    }
}

fn shipped_package<'f>(files: &'f Files, it: &Vulnerability) -> Option<&'f Listed> {
    match find(files, it) {
        Found::Shipped(listed) => Some(listed),
        Found::Other(_) | Found::Gone(_) | Found::Nowhere => None,
    }
}
