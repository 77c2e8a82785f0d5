//! The layers in a table.

use image::{Change, Kind};
use report::wire::Cells;
use report::{Locus, Report, size};
use rules::files::Files;
use rules::{Case, Kept};

use super::cells::count;
use super::view;

/// Characters of an instruction that are told.
const MOST: usize = 400;

/// What a layer does.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    added: u64,
    changed: u64,
    removed: u64,
    /// Bytes of its files.
    bytes: u64,
    /// Bytes of its files that containers do not have.
    wasted: u64,
}

/// The rows: what containers have, then each layer.
pub(super) fn layers(case: &Case, kept: &Kept, report: &Report) -> Vec<Cells> {
    let Some(files) = case.files.as_deref() else { return Vec::new() };
    let sums: Vec<Sums> = (0..=u16::MAX).zip(&files.layers).map(|(it, _)| sums(kept, it)).collect();
    let largest = sums.iter().map(|it| it.bytes).max().unwrap_or_default();
    let numbered = (0..=u16::MAX).zip(files.layers.iter().zip(&sums));
    let rows = numbered.map(|(number, (layer, sums))| {
        let mut what = instruction(report, layer.at.as_ref()).unwrap_or_default();
        if !layer.is_read {
            what.push_str(" (not read in full)");
        }
        let base = if files.n_base.is_some_and(|it| number < it) { "base" } else { "" };
        let findings = count(findings(report, |it| it == number));
        row(number.to_string(), what, sums, largest, findings, base)
    });
    let mut all = vec![squashed(kept, files, report)];
    all.extend(rows);
    all
}

fn squashed(kept: &Kept, files: &Files, report: &Report) -> Cells {
    let table = &kept.contents.table;
    let mut what = format!("What containers have: {} files", files.n_files);
    // Somebody may have had enough before that was worked out.
    if files.waste.size > 0 {
        let (whole, rest) = (files.waste.score / 100, files.waste.score % 100);
        what += &format!("; {whole}.{rest:02} % of the bytes in the layers are needed");
    }
    let bytes = kept.squashed.size(table);
    let sums = Sums { bytes, wasted: files.waste.wasted, ..Sums::default() };
    let mut row = row(String::new(), what, &sums, 0, count(findings(report, |_| true)), "");
    // Nothing is added or removed by all layers together.
    row.iter_mut().skip(5).take(3).for_each(String::clear);
    row
}

fn row(
    number: String,
    what: String,
    it: &Sums,
    largest: u64,
    findings: String,
    base: &str,
) -> Cells {
    let share = |bytes: u64| (u128::from(bytes) * 100 / u128::from(largest.max(1))).to_string();
    let (whole, wasted) = if largest == 0 { (0, 0) } else { (it.bytes, it.wasted) };
    vec![
        number,
        what,
        share(whole),
        share(wasted),
        size(it.bytes),
        it.added.to_string(),
        it.changed.to_string(),
        it.removed.to_string(),
        if it.wasted == 0 { String::new() } else { size(it.wasted) },
        findings,
        base.to_owned(),
    ]
}

fn sums(kept: &Kept, layer: u16) -> Sums {
    let table = &kept.contents.table;
    let mut sums = Sums::default();
    for (id, entry) in table.layer(layer).filter(|(_, it)| it.is_effective()) {
        if entry.kind == Kind::Directory {
            continue;
        }
        match kept.squashed.change(table, id) {
            Some(Change::Added) => sums.added += 1,
            Some(Change::Changed) => sums.changed += 1,
            Some(Change::Removed) => sums.removed += 1,
            Some(Change::Same) | None => {}
        }
        if entry.kind == Kind::File {
            let bytes = table.stored(entry);
            sums.bytes = sums.bytes.saturating_add(bytes);
            if kept.squashed.fate(id).is_ghost() {
                sums.wasted = sums.wasted.saturating_add(bytes);
            }
        }
    }
    sums
}

/// The instruction as the report shows it, in which secrets are masked.
fn instruction(report: &Report, at: Option<&Locus>) -> Option<String> {
    let step = report.history.as_ref()?.steps.iter().find(|it| touches(&it.place.at, at))?;
    let line: Vec<&str> = step.text.split_whitespace().collect();
    let line: String = line.join(" ").chars().take(MOST).collect();
    Some(text::visible(&line).to_string())
}

fn touches(a: &Locus, b: Option<&Locus>) -> bool {
    match (a, b) {
        (Locus::Text { source: a, span: one }, Some(Locus::Text { source: b, span: two })) => {
            a == b && one.start() < two.end() && two.start() < one.end()
        }
        _ => false,
    }
}

/// Findings about files of some layers.
fn findings(report: &Report, wanted: impl Fn(u16) -> bool) -> Option<view::Count> {
    let mut count: Option<view::Count> = None;
    for it in &report.outcomes {
        for finding in &it.outcome.findings {
            if matches!(finding.place.at, Locus::Layer { layer, .. } if wanted(layer)) {
                let (n, worst) = count.unwrap_or((0, it.rule.severity));
                count = Some((n + 1, worst.min(it.rule.severity)));
            }
        }
    }
    count
}
