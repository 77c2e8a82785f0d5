//! How a history and a Dockerfile go together, step by step.
//!
//! The steps of both are put beside each other so that as many as possible match in order. What is
//! left over on either side is what speaks against the image having been built from the file.

use dockerfile::{Instruction, Keyword, State};
use image::history::{Maker, Step, What};
use text::Span;

use super::key::{Key, key};
use crate::Build;

/// More comparisons than this are not made.
const MOST: usize = 4_000_000;

/// How a history fits a Dockerfile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fit {
    /// Instructions and the entries that say the same, in order.
    pub(crate) matches: Vec<(Span, usize)>,
    /// Instructions and the entries that stand in their place and say something else.
    pub(crate) changed: Vec<(Span, usize)>,
    /// Instructions that no entry says.
    pub(crate) missing: Vec<Span>,
    /// Entries behind the first match that no instruction says.
    pub(crate) surplus: Vec<usize>,
    /// How many instructions should have an entry.
    pub(crate) n_steps: usize,
}

impl Fit {
    /// Whether nothing speaks against the image having been built from the file.
    pub(crate) fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.surplus.is_empty()
    }

    /// The line that says the same as an entry.
    pub(crate) fn line(&self, entry: usize) -> Option<Span> {
        self.matches.iter().find(|(_, it)| *it == entry).map(|(line, _)| *line)
    }

    /// The first entry that is a step of the file, when enough of the others are too.
    pub(crate) fn first(&self) -> Option<usize> {
        let first = self.matches.first().map(|(_, entry)| *entry);
        first.filter(|_| self.matches.len() * 2 >= self.n_steps)
    }
}

/// A step of either side.
struct Side<T> {
    key: Key,
    at: T,
}

/// Compares a Dockerfile with the Dockerfile that was recovered from a history.
pub(crate) fn fit(
    file: &Build,
    told: &Build,
    steps: &[Step],
    entry: impl Fn(Span) -> Option<usize>,
    is_cut: impl Fn(usize) -> bool,
) -> Option<Fit> {
    let written = sides(file, |it| Some((it.code(), false)));
    let recorded = sides(told, |it| {
        let index = entry(it.code())?;
        Some((index, is_cut(index)))
    });
    let maker = steps.last().map_or(Maker::Unknown, |it| it.maker);
    let is_recorded = |it: &Side<Span>| match it.key.keyword {
        // BuildKit keeps triggers in the configuration only.
        Keyword::Onbuild => maker != Maker::BuildKit,
        keyword => {
            maker != Maker::Kaniko || matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
        }
    };
    let written: Vec<Side<Span>> = written.into_iter().filter(is_recorded).collect();
    if written.is_empty() || recorded.is_empty() || written.len() * recorded.len() > MOST {
        return None;
    }
    let pairs = aligned(&written, &recorded);
    let mut fit = Fit {
        matches: Vec::new(),
        changed: Vec::new(),
        missing: Vec::new(),
        surplus: Vec::new(),
        n_steps: written.len(),
    };
    let (mut line, mut row) = (0, None);
    for (a, b) in pairs.iter().copied().chain([(written.len(), recorded.len())]) {
        let lines = written.get(line..a).unwrap_or_default();
        // What stands before the first match belongs to the base image, but for steps that may
        // have been changed.
        let start = row.unwrap_or(b.saturating_sub(lines.len()));
        let rest = between(lines, recorded.get(start..b).unwrap_or_default(), &mut fit);
        fit.surplus.extend(rest.into_iter().filter(|_| row.is_some()));
        if let (Some(written), Some(recorded)) = (written.get(a), recorded.get(b)) {
            fit.matches.push((written.at, recorded.at));
        }
        (line, row) = (a + 1, Some(b + 1));
    }
    // A script that was not recorded may be any command.
    let is_lost = |it: &usize| steps.get(*it).is_some_and(|it| it.what == What::Lost);
    fit.surplus.retain(|it| !is_lost(it));
    Some(fit)
}

/// What is left between two matches: steps of the same keyword that differ, and the rest. Gives
/// the entries that are left over.
fn between(lines: &[Side<Span>], rows: &[Side<usize>], fit: &mut Fit) -> Vec<usize> {
    let mut rows: Vec<&Side<usize>> = rows.iter().collect();
    for line in lines {
        match rows.iter().position(|it| it.key.keyword == line.key.keyword) {
            Some(index) => fit.changed.push((line.at, rows.remove(index).at)),
            None => fit.missing.push(line.at),
        }
    }
    rows.iter().map(|it| it.at).collect()
}

/// The steps of the shipped image that leave entries.
fn sides<T>(build: &Build, at: impl Fn(&Instruction) -> Option<(T, bool)>) -> Vec<Side<T>> {
    let mut sides = Vec::new();
    let Some(target) = build.target else { return sides };
    let lineage = build.stages.lineage(target);
    let escape = build.dockerfile.escape;
    let given = Default::default();
    build.stages.walk(&build.dockerfile, &given, |stage, it, state: &State| {
        if !lineage.contains(&stage) {
            return;
        }
        let Some((at, is_cut)) = at(it) else { return };
        sides.extend(key(it, state, escape, is_cut).map(|key| Side { key, at }));
    });
    sides
}

/// The longest list of pairs in order in which both say the same; of several, the one that is
/// latest in the history.
fn aligned(written: &[Side<Span>], recorded: &[Side<usize>]) -> Vec<(usize, usize)> {
    let width = recorded.len() + 1;
    let mut longest = vec![0_u32; (written.len() + 1) * width];
    let get = |table: &[u32], a: usize, b: usize| table.get(a * width + b).copied().unwrap_or(0);
    for (a, line) in written.iter().enumerate() {
        for (b, row) in recorded.iter().enumerate() {
            let value = match line.key.fits(&row.key) {
                true => get(&longest, a, b) + 1,
                false => get(&longest, a, b + 1).max(get(&longest, a + 1, b)),
            };
            if let Some(slot) = longest.get_mut((a + 1) * width + b + 1) {
                *slot = value;
            }
        }
    }
    let (mut a, mut b) = (written.len(), recorded.len());
    let mut pairs = Vec::new();
    while a > 0 && b > 0 {
        let fits =
            written.get(a - 1).zip(recorded.get(b - 1)).is_some_and(|(x, y)| x.key.fits(&y.key));
        let here = get(&longest, a, b);
        if fits && here == get(&longest, a - 1, b - 1) + 1 {
            pairs.push((a - 1, b - 1));
            (a, b) = (a - 1, b - 1);
        } else if get(&longest, a - 1, b) >= get(&longest, a, b - 1) {
            a -= 1;
        } else {
            b -= 1;
        }
    }
    pairs.reverse();
    pairs
}
