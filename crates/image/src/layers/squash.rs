//! The two views: what is left of the layers in a running container, and what became of the rest.
//!
//! Rules: OCI image specification 1.1, "Image Layer Filesystem Changeset", and what overlayfs makes
//! of them, since engines mount layers with it.

use std::collections::BTreeMap;

use super::paths::PathId;
use super::table::{Entry, EntryId, Table};
use crate::tar::Kind;

/// What became of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fate {
    /// Containers have it.
    Alive,
    /// A whiteout, an entry behind the end mark and the like: containers never have it.
    Unseen,
    /// A directory of which a later entry told owner and mode anew; what is in it stayed.
    Restated(u16),
    /// Another entry took its place, in the layer of that number.
    Replaced(u16),
    /// A whiteout removed it or a directory above it, in the layer of that number.
    Removed(u16),
}

impl Fate {
    /// Whether it is still in its layer and no longer in containers.
    pub fn is_ghost(self) -> bool {
        matches!(self, Self::Replaced(_) | Self::Removed(_))
    }
}

/// What a path is in containers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Node {
    /// What the entry says.
    Entry(EntryId),
    /// A directory that no entry tells of. Engines make it for root with mode 0755.
    Directory,
}

/// The files that containers have, out of all layers.
#[derive(Clone, Debug)]
pub struct Squashed {
    fates: Vec<Fate>,
    /// For every path what is there: the number of an entry, or one of two marks.
    nodes: Vec<u32>,
}

const NOTHING: u32 = u32::MAX;
const DIRECTORY: u32 = u32::MAX - 1;

impl Squashed {
    /// Puts the layers of a table on top of one another.
    pub fn new(table: &Table) -> Self {
        let cuts = Cuts::new(table);
        let fates: Vec<Fate> = table.iter().map(|(id, it)| cuts.fate(table, id, it)).collect();
        let mut nodes = vec![NOTHING; table.paths.len()];
        let alive = || table.iter().zip(&fates).filter(|(_, it)| **it == Fate::Alive);
        for ((id, entry), _) in alive() {
            if let Some(it) = nodes.get_mut(entry.path.0 as usize) {
                *it = id.0;
            }
        }
        for ((_, entry), _) in alive() {
            imply_directories(table, entry.path, &mut nodes);
        }
        if let Some(root) = nodes.first_mut().filter(|it| **it == NOTHING) {
            *root = DIRECTORY;
        }
        Self { fates, nodes }
    }

    /// What became of an entry.
    pub fn fate(&self, id: EntryId) -> Fate {
        self.fates.get(id.0 as usize).copied().unwrap_or(Fate::Unseen)
    }

    /// What is at a path, without following links.
    pub fn node(&self, path: PathId) -> Option<Node> {
        match self.nodes.get(path.0 as usize).copied().unwrap_or(NOTHING) {
            NOTHING => None,
            DIRECTORY => Some(Node::Directory),
            it => Some(Node::Entry(EntryId(it))),
        }
    }

    /// The entry at a path, without following links.
    pub fn entry(&self, path: PathId) -> Option<EntryId> {
        match self.node(path)? {
            Node::Entry(it) => Some(it),
            Node::Directory => None,
        }
    }

    /// All entries that containers have, with their paths.
    pub fn entries(&self) -> impl Iterator<Item = EntryId> {
        let numbered = (0..).zip(&self.fates);
        numbered.filter(|(_, it)| **it == Fate::Alive).map(|(at, _)| EntryId(at))
    }

    /// What a directory holds, by name.
    pub fn children(&self, table: &Table, path: PathId) -> Vec<PathId> {
        let there = table.paths.children(path).filter(|it| self.node(*it).is_some());
        let mut children: Vec<PathId> = there.collect();
        children.sort_by(|a, b| table.paths.name(*a).cmp(table.paths.name(*b)));
        children
    }
}

/// Marks the directories above a path that have no entry of their own.
fn imply_directories(table: &Table, path: PathId, nodes: &mut [u32]) {
    for above in table.paths.ancestors(path) {
        match nodes.get_mut(above.0 as usize) {
            Some(it) if *it == NOTHING => *it = DIRECTORY,
            // What is above this one is seen to by whoever marked it, or by its entry.
            Some(_) | None => return,
        }
    }
}

/// What takes away what is below a path.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// Entries before this one go.
    before: u32,
    layer: u16,
    is_whiteout: bool,
    /// Whether what is at the path itself goes too. Otherwise only what is in the directory.
    itself: bool,
}

/// Where something is taken away, and when. Nothing is removed while this is made, so that it
/// takes no longer than there are entries, whatever whiteouts there are.
struct Cuts {
    /// By path, in the order in which they happen.
    at: BTreeMap<PathId, Vec<Cut>>,
    /// For every path the nearest one above it, or itself, that has cuts.
    nearest: Vec<u32>,
    /// Directories that are told of again, and in which layer.
    restated: BTreeMap<EntryId, u16>,
}

impl Cuts {
    fn new(table: &Table) -> Self {
        let nearest = vec![NOTHING; table.paths.len()];
        let mut cuts = Self { at: BTreeMap::new(), nearest, restated: BTreeMap::new() };
        // The latest at every path so far.
        let mut latest = vec![NOTHING; table.paths.len()];
        for layer in 0..table.n_layers() {
            let layer = u16::try_from(layer).unwrap_or(u16::MAX);
            let start = table.layer(layer).next().map_or(0, |(id, _)| id.0);
            for (id, entry) in table.layer(layer).filter(|(_, it)| it.is_effective()) {
                cuts.entry(table, (id, entry), start, &mut latest);
            }
        }
        cuts.find_nearest(table);
        cuts
    }

    /// Notes what an entry takes away. `start` is the first entry of its layer: whiteouts do not
    /// touch their own layer, wherever in it they stand.
    fn entry(
        &mut self,
        table: &Table,
        (id, entry): (EntryId, &Entry),
        start: u32,
        latest: &mut [u32],
    ) {
        for above in table.paths.ancestors(entry.path) {
            self.give_way(table, above, id, entry.layer, latest);
        }
        let layer = entry.layer;
        let itself = match entry.kind {
            Kind::Whiteout => {
                self.push(
                    entry.path,
                    Cut { before: start, layer, is_whiteout: true, itself: true },
                );
                true
            }
            Kind::Opaque | Kind::Directory => {
                self.give_way(table, entry.path, id, layer, latest);
                if entry.is_opaque() {
                    let cut = Cut { before: start, layer, is_whiteout: true, itself: false };
                    self.push(entry.path, cut);
                }
                if entry.kind == Kind::Directory
                    && let Some(before) = self.latest(table, entry.path, latest)
                    && before.1.kind == Kind::Directory
                {
                    self.restated.insert(before.0, layer);
                }
                entry.kind == Kind::Directory
            }
            Kind::File
            | Kind::HardLink
            | Kind::Symlink
            | Kind::CharDevice
            | Kind::BlockDevice
            | Kind::Fifo
            | Kind::Other => {
                // Most files take nothing away, and need no note.
                let replaces = self.latest(table, entry.path, latest).is_some();
                if replaces || table.paths.children(entry.path).next().is_some() {
                    let cut = Cut { before: id.0, layer, is_whiteout: false, itself: true };
                    self.push(entry.path, cut);
                }
                true
            }
        };
        if let Some(it) = latest.get_mut(entry.path.0 as usize).filter(|_| itself) {
            *it = id.0;
        }
    }

    /// What is no directory gives way where one is needed.
    fn give_way(
        &mut self,
        table: &Table,
        directory: PathId,
        id: EntryId,
        layer: u16,
        latest: &mut [u32],
    ) {
        let Some((_, before)) = self.latest(table, directory, latest) else { return };
        if matches!(before.kind, Kind::Directory | Kind::Whiteout) {
            return;
        }
        self.push(directory, Cut { before: id.0, layer, is_whiteout: false, itself: true });
        if let Some(it) = latest.get_mut(directory.0 as usize) {
            *it = NOTHING;
        }
    }

    fn latest<'t>(
        &self,
        table: &'t Table,
        path: PathId,
        latest: &[u32],
    ) -> Option<(EntryId, &'t Entry)> {
        let id = EntryId(*latest.get(path.0 as usize).filter(|it| **it != NOTHING)?);
        Some((id, table.get(id)?))
    }

    fn push(&mut self, path: PathId, cut: Cut) {
        if let Some(it) = self.nearest.get_mut(path.0 as usize) {
            *it = path.0;
        }
        self.at.entry(path).or_default().push(cut);
    }

    /// Paths with cuts are marked already. A directory has a lower number than what is in it, so one
    /// pass does it.
    fn find_nearest(&mut self, table: &Table) {
        for number in 0..u32::try_from(table.paths.len()).unwrap_or(NOTHING) {
            let inherited =
                table.paths.parent(PathId(number)).and_then(|it| self.nearest_with_cuts(it));
            let nearest = self.nearest.get_mut(number as usize).filter(|it| **it == NOTHING);
            if let (Some(it), Some(inherited)) = (nearest, inherited) {
                *it = inherited.0;
            }
        }
    }

    fn fate(&self, table: &Table, id: EntryId, entry: &Entry) -> Fate {
        if !entry.is_effective() || matches!(entry.kind, Kind::Whiteout | Kind::Opaque) {
            return Fate::Unseen;
        }
        let mut first: Option<Cut> = None;
        let mut at = self.nearest_with_cuts(entry.path);
        while let Some(path) = at {
            let cuts = self.at.get(&path).map(Vec::as_slice).unwrap_or_default();
            let is_here = path == entry.path;
            let hits = |it: &&Cut| it.before > id.0 && (it.itself || !is_here);
            // The layers of the cuts at one path ascend.
            if let Some(cut) = cuts.iter().find(hits)
                && first.is_none_or(|it| cut.layer < it.layer)
            {
                first = Some(*cut);
            }
            at = table.paths.parent(path).and_then(|it| self.nearest_with_cuts(it));
        }
        let restated = self.restated.get(&id).copied();
        match (first, restated) {
            (Some(cut), Some(layer)) if cut.layer > layer => Fate::Restated(layer),
            (Some(cut), _) if cut.is_whiteout => Fate::Removed(cut.layer),
            (Some(cut), _) => Fate::Replaced(cut.layer),
            (None, Some(layer)) => Fate::Restated(layer),
            (None, None) => Fate::Alive,
        }
    }

    fn nearest_with_cuts(&self, path: PathId) -> Option<PathId> {
        let it = *self.nearest.get(path.0 as usize)?;
        (it != NOTHING).then_some(PathId(it))
    }
}
