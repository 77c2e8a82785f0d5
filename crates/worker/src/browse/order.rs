//! All paths of an image in the order of a tree: every directory before what is in it, names
//! ascending. Made once; what shows of it is chosen anew whenever somebody asks for something else.

use image::{PathId, Paths};

/// The paths in order. Places are numbers in it.
#[derive(Debug, Default)]
pub(super) struct Order {
    paths: Vec<PathId>,
    levels: Vec<u16>,
    /// For every place the first one behind all that is in it.
    behind: Vec<u32>,
}

impl Order {
    /// Sorts the paths.
    pub(super) fn new(paths: &Paths) -> Self {
        let mut order = Self::default();
        let mut left: Vec<(PathId, u16)> = Vec::new();
        enter(paths, PathId::ROOT, 1, &mut left);
        while let Some((path, level)) = left.pop() {
            order.paths.push(path);
            order.levels.push(level);
            enter(paths, path, level.saturating_add(1), &mut left);
        }
        order.find_ends();
        order
    }

    fn find_ends(&mut self) {
        let end = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
        self.behind = vec![end; self.paths.len()];
        // Places whose ends are not known yet, each deeper than the one before it.
        let mut open: Vec<(u32, u16)> = Vec::new();
        for (place, level) in (0..end).zip(&self.levels) {
            while let Some((above, _)) = open.pop_if(|it| it.1 >= *level) {
                if let Some(it) = self.behind.get_mut(above as usize) {
                    *it = place;
                }
            }
            open.push((place, *level));
        }
    }

    /// The path at a place.
    pub(super) fn path(&self, place: u32) -> Option<PathId> {
        self.paths.get(place as usize).copied()
    }

    /// How deep a place is, from 1.
    pub(super) fn level(&self, place: u32) -> u16 {
        self.levels.get(place as usize).copied().unwrap_or(1)
    }

    /// The first place behind all that is in a place.
    pub(super) fn behind(&self, place: u32) -> u32 {
        self.behind.get(place as usize).copied().unwrap_or(u32::MAX)
    }
}

/// Puts what is in a directory on the pile, the last name first.
fn enter(paths: &Paths, directory: PathId, level: u16, left: &mut Vec<(PathId, u16)>) {
    let mut children: Vec<PathId> = paths.children(directory).collect();
    text::order::sort_by(&mut children, |a, b| paths.name(*b).cmp(paths.name(*a)));
    left.extend(children.into_iter().map(|it| (it, level)));
}
