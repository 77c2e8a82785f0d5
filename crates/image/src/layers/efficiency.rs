//! How much of the layers' bytes is wasted: dive's figures, so that numbers compare.
//!
//! dive 0.13, `dive/filetree/efficiency.go`: every layer is a tree, and only what has nothing below
//! it counts. A path's size adds up over the layers that have it; what would do is its smallest.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::paths::PathId;
use super::table::{Entry, Table};
use crate::tar::Kind;

/// dive's figures for an image.
#[derive(Clone, PartialEq, Debug)]
pub struct Efficiency {
    /// Bytes that would do, as a share of the bytes that are there: from 0 to 1.
    pub score: f64,
    /// Bytes of all files of all layers.
    pub size: u64,
    /// The same without the lowest layer.
    pub user_size: u64,
    /// Bytes of paths that are in several layers, all of them added up.
    pub wasted: u64,
    /// Wasted bytes as a share of the size without the lowest layer. Not a number without any.
    pub wasted_share: f64,
    several: BTreeMap<PathId, Sum>,
}

/// A path that is in several layers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waste {
    /// The path.
    pub path: PathId,
    /// In how many layers it is, whiteouts counted too.
    pub times: u32,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// What the layers say of a path that is in several of them.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Sum {
    times: u32,
    smallest: u64,
    all: u64,
}

/// What the layers say of all paths. Most paths are in one layer only.
struct Sums {
    /// By path: the size in the first layer that has it.
    first: Vec<u64>,
    several: BTreeMap<PathId, Sum>,
    smallest: u64,
    all: u64,
}

/// No layer has the path yet.
const NOT_YET: u64 = u64::MAX;

impl Sums {
    fn add(&mut self, path: PathId, size: u64) {
        let Some(first) = self.first.get_mut(path.0 as usize) else { return };
        let size = size.min(NOT_YET - 1);
        self.all = self.all.saturating_add(size);
        if *first == NOT_YET {
            *first = size;
            self.smallest = self.smallest.saturating_add(size);
            return;
        }
        let once = Sum { times: 1, smallest: *first, all: *first };
        let sum = self.several.entry(path).or_insert(once);
        let smaller = sum.smallest.min(size);
        self.smallest = self.smallest.saturating_sub(sum.smallest - smaller);
        *sum = Sum { times: sum.times + 1, smallest: smaller, all: sum.all.saturating_add(size) };
    }
}

/// A path in a tree of dive's.
#[derive(Clone, Copy, Default)]
struct Leaf {
    size: u64,
    /// The layer that has it, counted from 1; of the tree of layers so far: whether it is there.
    layer: u16,
    /// The layer in which something is below it, counted from 1.
    inner: u16,
    is_directory: bool,
}

impl Efficiency {
    /// Computes the figures.
    pub fn new(table: &Table) -> Self {
        let n_paths = table.paths.len();
        let mut sums =
            Sums { first: vec![NOT_YET; n_paths], several: BTreeMap::new(), smallest: 0, all: 0 };
        // The tree of all layers is only needed to know what whiteouts remove.
        let has_whiteouts = table.iter().any(|(_, it)| it.kind == Kind::Whiteout);
        let mut trees = Trees {
            table,
            layer: vec![Leaf::default(); n_paths],
            stacked: vec![Leaf::default(); if has_whiteouts { n_paths } else { 0 }],
        };
        let (mut size, mut user_size) = (0_u64, 0_u64);
        for number in 0..u16::try_from(table.n_layers()).unwrap_or(u16::MAX - 1) {
            let entries = table.layer(number).map(|it| it.1).filter(|it| counts(it));
            let bytes = entries.fold(0_u64, |it, entry| it.saturating_add(entry.size));
            size = size.saturating_add(bytes);
            user_size = user_size.saturating_add(if number > 0 { bytes } else { 0 });
            trees.add_layer(number, &mut sums);
        }
        let wasted = sums.several.values().fold(0_u64, |it, path| it.saturating_add(path.all));
        Self {
            score: if sums.all == 0 { 1.0 } else { share(sums.smallest, sums.all) },
            size,
            user_size,
            wasted,
            wasted_share: share(wasted, user_size),
            several: sums.several,
        }
    }

    /// The paths that waste, most wasteful first.
    pub fn paths(&self, table: &Table) -> Vec<Waste> {
        let several = self.several.iter();
        let mut paths: Vec<Waste> = several
            .map(|(path, it)| Waste { path: *path, times: it.times, bytes: it.all })
            .collect();
        paths.sort_by(|a, b| {
            let names = || table.paths.full(a.path).cmp(&table.paths.full(b.path));
            b.bytes.cmp(&a.bytes).then_with(names)
        });
        paths
    }
}

#[allow(clippy::cast_precision_loss, reason = "dive computes shares of 64-bit numbers as floats")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// Whether dive's tar reader sees an entry; the root itself is left out.
fn counts(entry: &Entry) -> bool {
    !entry.is_after_end() && (entry.path != PathId::ROOT || entry.kind == Kind::Opaque)
}

struct Trees<'a> {
    table: &'a Table,
    layer: Vec<Leaf>,
    /// All layers so far on top of one another, the way dive does it.
    stacked: Vec<Leaf>,
}

impl Trees<'_> {
    fn add_layer(&mut self, layer: u16, sums: &mut Sums) {
        let table = self.table;
        let mark = layer + 1;
        let entries = || table.layer(layer).map(|it| it.1).filter(|it| counts(it));
        let mut paths: Vec<PathId> = Vec::new();
        let mut whiteouts: Vec<u32> = Vec::new();
        for entry in entries() {
            self.plant(entry, mark, &mut paths);
            if entry.kind == Kind::Whiteout {
                whiteouts.push(entry.path.0);
            }
        }
        whiteouts.sort_unstable();
        whiteouts.dedup();
        let whiteouts: Vec<PathId> = whiteouts.into_iter().map(PathId).collect();
        let last = self.first_lost(&whiteouts, layer);
        let is_counted = |path: PathId, is_whiteout: bool| {
            last.is_none_or(|it| order(table, (path, is_whiteout), (it, true)) == Ordering::Less)
        };
        for path in &paths {
            let leaf = self.layer.get(path.0 as usize).copied().unwrap_or_default();
            if leaf.inner != mark && is_counted(*path, false) {
                sums.add(*path, leaf.size);
            }
        }
        for path in whiteouts.iter().filter(|it| is_counted(**it, true)) {
            sums.add(*path, self.removed_size(*path));
        }
        self.stack(&paths, &whiteouts, mark);
    }

    /// Puts an entry and the directories above it into the tree of its layer.
    fn plant(&mut self, entry: &Entry, mark: u16, paths: &mut Vec<PathId>) {
        let is_debris = self.table.paths.name(entry.path).starts_with(b".wh.");
        let is_node = !matches!(entry.kind, Kind::Whiteout | Kind::Opaque) && !is_debris;
        if let Some(leaf) = self.layer.get_mut(entry.path.0 as usize) {
            let is_new = leaf.layer != mark;
            if is_node {
                leaf.size = entry.size;
                leaf.is_directory = entry.kind == Kind::Directory;
            } else if is_new && entry.kind == Kind::Opaque {
                (leaf.size, leaf.is_directory) = (0, false);
            }
            // An opaque mark makes the directory that it is in, and is no file itself.
            if is_new && (is_node || entry.kind == Kind::Opaque) && entry.path != PathId::ROOT {
                leaf.layer = mark;
                paths.push(entry.path);
            }
        }
        for above in self.table.paths.ancestors(entry.path) {
            let Some(leaf) = self.layer.get_mut(above.0 as usize) else { return };
            if leaf.inner == mark {
                return;
            }
            leaf.inner = mark;
            if leaf.layer != mark && above != PathId::ROOT {
                *leaf = Leaf { size: 0, layer: mark, inner: mark, is_directory: false };
                paths.push(above);
            }
        }
    }

    /// dive stops counting a layer at the first whiteout of something that is not there. Which one
    /// is first is decided by name.
    fn first_lost(&self, whiteouts: &[PathId], layer: u16) -> Option<PathId> {
        let is_there = |it: PathId| {
            // To the lowest layer dive compares its own tree, where whiteouts keep their prefix.
            let tree = if layer == 0 { &self.layer } else { &self.stacked };
            tree.get(it.0 as usize).is_some_and(|it| it.layer != 0)
        };
        let lost = whiteouts.iter().copied().filter(|it| !is_there(*it));
        lost.min_by(|a, b| order(self.table, (*a, true), (*b, true)))
    }

    /// Bytes of a directory that a whiteout removes. Removed files count nothing.
    fn removed_size(&self, path: PathId) -> u64 {
        let there = self.stacked.get(path.0 as usize).copied().unwrap_or_default();
        if !there.is_directory {
            return 0;
        }
        let mut size = 0_u64;
        self.below(path, &mut |_, leaf| size = size.saturating_add(leaf.size));
        size
    }

    /// Calls `each` with a path and all that is below it in the layers so far.
    fn below(&self, path: PathId, each: &mut dyn FnMut(PathId, Leaf)) {
        let mut left = vec![path];
        while let Some(path) = left.pop() {
            let leaf = self.stacked.get(path.0 as usize).copied().unwrap_or_default();
            if leaf.layer != 0 {
                each(path, leaf);
                left.extend(self.table.paths.children(path));
            }
        }
    }

    /// Puts the layer on the others. Files keep what was below them, as in dive.
    fn stack(&mut self, paths: &[PathId], whiteouts: &[PathId], mark: u16) {
        let mut removed = Vec::new();
        for path in whiteouts {
            self.below(*path, &mut |it, _| removed.push(it));
        }
        for path in removed {
            if let Some(it) = self.stacked.get_mut(path.0 as usize) {
                *it = Leaf::default();
            }
        }
        for path in paths {
            let leaf = self.layer.get(path.0 as usize).copied().unwrap_or_default();
            if let Some(it) = self.stacked.get_mut(path.0 as usize) {
                *it = Leaf { layer: mark, ..leaf };
            }
        }
    }
}

/// The order in which dive goes through a tree: by name at every level, whiteouts with their
/// prefix.
fn order(table: &Table, a: (PathId, bool), b: (PathId, bool)) -> Ordering {
    let names = |(path, is_whiteout): (PathId, bool)| {
        let mut names: Vec<Vec<u8>> =
            table.paths.ancestors(path).map(|it| table.paths.name(it).to_vec()).collect();
        names.reverse();
        let last = table.paths.name(path);
        names.push(if is_whiteout { [b".wh.", last].concat() } else { last.to_vec() });
        names
    };
    names(a).cmp(&names(b))
}
