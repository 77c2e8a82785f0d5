//! What is looked at: the files of one layer or those that containers have, which of them are
//! listed, and how many bytes and findings are in every directory.

use std::collections::BTreeMap;

use image::{Change, Entry, EntryId, Fate, Kind, PathId, Squashed, Table};
use report::wire::Only;
use report::{Locus, Report, Severity};
use rules::Kept;

/// A finding about a file.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    /// Its layer.
    pub(super) layer: u16,
    /// The id of its rule.
    pub(super) rule: String,
    /// Which of the rule's findings it is.
    pub(super) ordinal: usize,
    pub(super) severity: Severity,
}

/// The findings of a report by the paths they are about.
pub(super) fn flags(report: &Report, table: &Table) -> BTreeMap<PathId, Vec<Flag>> {
    let mut flags: BTreeMap<PathId, Vec<Flag>> = BTreeMap::new();
    for it in &report.outcomes {
        for (ordinal, finding) in it.outcome.findings.iter().enumerate() {
            let Locus::Layer { layer, path, .. } = &finding.place.at else { continue };
            let Some(at) = table.paths.find(path.as_bytes()) else { continue };
            let (rule, severity) = (it.rule.id.to_string(), it.rule.severity);
            flags.entry(at).or_default().push(Flag { layer: *layer, rule, ordinal, severity });
        }
    }
    flags
}

/// How many findings there are, and how bad the worst is.
pub(super) type Count = (u32, Severity);

/// What is looked at.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) scope: Option<u16>,
    pub(super) find: String,
    pub(super) only: Only,
    /// By the number of the path: the entry that is looked at.
    here: Vec<Option<EntryId>>,
    /// Likewise: whether it is listed, because of itself or of what is in it.
    listed: Vec<bool>,
    /// Likewise: whether something in it is listed.
    inner: Vec<bool>,
    /// Likewise: bytes of the files in it.
    bytes: Vec<u64>,
    counts: BTreeMap<PathId, Count>,
}

impl View {
    /// Looks at the files of a layer, or at those that containers have.
    pub(super) fn look(&mut self, kept: &Kept, flags: &BTreeMap<PathId, Vec<Flag>>) {
        let table = &kept.contents.table;
        let n_paths = table.paths.len();
        self.here = vec![None; n_paths];
        self.bytes = vec![0; n_paths];
        match self.scope {
            Some(layer) => {
                for (id, entry) in table.layer(layer) {
                    let Some(it) = self.here.get_mut(entry.path.number() as usize) else {
                        continue;
                    };
                    // What takes effect goes before what engines do not look at.
                    if it.is_none() || entry.is_effective() {
                        *it = Some(id);
                    }
                }
            }
            None => {
                for id in kept.squashed.entries() {
                    let Some(entry) = table.get(id) else { continue };
                    if let Some(it) = self.here.get_mut(entry.path.number() as usize) {
                        *it = Some(id);
                    }
                }
            }
        }
        self.add_up(table);
        self.count(table, flags);
    }

    fn add_up(&mut self, table: &Table) {
        for at in (0..self.here.len()).rev() {
            let id = self.here.get(at).copied().flatten();
            let entry = id.and_then(|it| table.get(it)).filter(|it| it.kind == Kind::File);
            let own = entry.map_or(0, |it| table.stored(it));
            let Some(sum) = self.bytes.get_mut(at) else { continue };
            *sum = sum.saturating_add(own);
            let sum = *sum;
            let path = u32::try_from(at).ok().and_then(|it| table.paths.numbered(it));
            let above = path.and_then(|it| table.paths.parent(it));
            let above = above.and_then(|it| self.bytes.get_mut(it.number() as usize));
            above.into_iter().for_each(|it| *it = it.saturating_add(sum));
        }
    }

    fn count(&mut self, table: &Table, flags: &BTreeMap<PathId, Vec<Flag>>) {
        let mut counts: BTreeMap<PathId, Count> = BTreeMap::new();
        for (path, all) in flags {
            for flag in all.iter().filter(|it| self.shows(table, *path, it)) {
                for at in std::iter::once(*path).chain(table.paths.ancestors(*path)) {
                    let count = counts.entry(at).or_insert((0, flag.severity));
                    *count = (count.0 + 1, count.1.min(flag.severity));
                }
            }
        }
        self.counts = counts;
    }

    /// Whether a finding is about what is looked at.
    pub(super) fn shows(&self, table: &Table, path: PathId, flag: &Flag) -> bool {
        match self.scope {
            Some(layer) => flag.layer == layer,
            None => self.entry(table, path).is_some_and(|(_, it)| it.layer == flag.layer),
        }
    }

    /// Finds out which paths are listed.
    pub(super) fn filter(&mut self, kept: &Kept, first_own: u16) {
        let table = &kept.contents.table;
        let words: Vec<String> =
            self.find.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let n_paths = self.here.len();
        (self.listed, self.inner) = (vec![false; n_paths], vec![false; n_paths]);
        for at in (0..n_paths).rev() {
            let path = u32::try_from(at).ok().and_then(|it| table.paths.numbered(it));
            let Some(path) = path else { continue };
            let is_inner = self.inner.get(at).copied().unwrap_or_default();
            if !is_inner && !self.passes(kept, path, &words, first_own) {
                continue;
            }
            if let Some(it) = self.listed.get_mut(at) {
                *it = true;
            }
            let above = table.paths.parent(path);
            let above = above.and_then(|it| self.inner.get_mut(it.number() as usize));
            above.into_iter().for_each(|it| *it = true);
        }
    }

    fn passes(&self, kept: &Kept, path: PathId, words: &[String], first_own: u16) -> bool {
        let table = &kept.contents.table;
        let Some((id, entry)) = self.entry(table, path) else { return false };
        let is_kind = match self.only {
            Only::All => true,
            Only::Changed => match self.scope {
                Some(_) => kept.squashed.change(table, id) != Some(Change::Same),
                None => entry.layer >= first_own && !is_restated(kept, id),
            },
            Only::Findings => self.counts.contains_key(&path),
            Only::Ghosts => entry.kind != Kind::Directory && kept.squashed.fate(id).is_ghost(),
            Only::Privileged => is_privileged(table, entry),
            Only::Writable => is_writable(entry),
        };
        is_kind && {
            words.is_empty() || {
                let full = String::from_utf8_lossy(&table.paths.full(path)).to_lowercase();
                words.iter().all(|it| full.contains(&**it) || format!("/{full}").contains(&**it))
            }
        }
    }

    /// The entry that is looked at.
    pub(super) fn entry<'t>(&self, table: &'t Table, path: PathId) -> Option<(EntryId, &'t Entry)> {
        let id = self.here.get(path.number() as usize).copied().flatten()?;
        Some((id, table.get(id)?))
    }

    /// Whether a path is listed.
    pub(super) fn lists(&self, path: PathId) -> bool {
        self.listed.get(path.number() as usize).copied().unwrap_or_default()
    }

    /// Whether something in a directory is listed.
    pub(super) fn has_inner(&self, path: PathId) -> bool {
        self.inner.get(path.number() as usize).copied().unwrap_or_default()
    }

    /// Bytes of a file, or of all files in a directory.
    pub(super) fn bytes(&self, path: PathId) -> u64 {
        self.bytes.get(path.number() as usize).copied().unwrap_or_default()
    }

    /// Findings about a path and what is in it.
    pub(super) fn findings(&self, path: PathId) -> Option<Count> {
        self.counts.get(&path).copied()
    }

    /// Whether only some files are listed.
    pub(super) fn is_filtered(&self) -> bool {
        self.only != Only::All || !self.find.trim().is_empty()
    }
}

/// Whether an entry only tells of a directory again.
pub(super) fn is_restated(kept: &Kept, id: EntryId) -> bool {
    kept.squashed.change(&kept.contents.table, id) == Some(Change::Same)
}

/// Whether who starts it gets other rights.
fn is_privileged(table: &Table, entry: &Entry) -> bool {
    let is_file = matches!(entry.kind, Kind::File | Kind::HardLink);
    is_file && (entry.mode & 0o6000 != 0 || table.extra(entry).capabilities.is_some())
}

/// Whether everybody may write it. In a directory with the sticky bit nobody can remove what others
/// put there, and links have no mode of their own.
fn is_writable(entry: &Entry) -> bool {
    match entry.kind {
        Kind::Directory => entry.mode & 0o1002 == 0o002,
        Kind::File | Kind::HardLink => entry.mode & 0o002 != 0,
        _ => false,
    }
}

/// What became of an entry that containers do not have, in words.
pub(super) fn gone(squashed: &Squashed, id: EntryId) -> Option<String> {
    match squashed.fate(id) {
        Fate::Replaced(by) => Some(format!("replaced in layer {by}")),
        Fate::Removed(by) => Some(format!("removed in layer {by}")),
        Fate::Alive | Fate::Unseen | Fate::Restated(_) => None,
    }
}
