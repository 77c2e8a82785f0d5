//! What a user may change: owner, group and mode of files and of the directories above them.

use std::collections::BTreeMap;

use image::{Node, PathId, Squashed, Table};

use crate::files::{By, Identity};

const READ_SEARCH: u16 = 0o1;
const WRITE: u16 = 0o2;
const STICKY: u16 = 0o1000;

/// Answers what one user may do.
pub(super) struct Rights<'a> {
    table: &'a Table,
    squashed: &'a Squashed,
    user: &'a Identity,
    entered: BTreeMap<PathId, bool>,
}

impl<'a> Rights<'a> {
    pub(super) fn new(table: &'a Table, squashed: &'a Squashed, user: &'a Identity) -> Self {
        Self { table, squashed, user, entered: BTreeMap::new() }
    }

    /// Why the user may change what is at a path, if so: the content of a file, or which files
    /// are in a directory.
    pub(super) fn may_change(&mut self, path: PathId, is_directory: bool) -> Option<By> {
        let by = self.allows(path, WRITE)?;
        // In a directory with the sticky bit only owners take files away, and what others may do
        // there is to add some.
        let (_, _, mode) = self.node(path)?;
        if is_directory && mode & STICKY != 0 && by != By::Owner {
            return None;
        }
        self.may_reach(path).then_some(by)
    }

    /// Whether the user gets to a path: all directories above it may be searched.
    fn may_reach(&mut self, path: PathId) -> bool {
        let Some(above) = self.table.paths.parent(path) else { return true };
        if let Some(known) = self.entered.get(&above) {
            return *known;
        }
        let enters = self.allows(above, READ_SEARCH).is_some() && self.may_reach(above);
        self.entered.insert(above, enters);
        enters
    }

    /// By which of the three sets of bits a right is given. Only one of them counts: the owner's
    /// for the owner, even if that gives less.
    fn allows(&self, path: PathId, right: u16) -> Option<By> {
        let (uid, gid, mode) = self.node(path)?;
        let (by, shift) = if uid == self.user.uid {
            (By::Owner, 6)
        } else if self.user.gids.contains(&gid) {
            (By::Group, 3)
        } else {
            (By::Others, 0)
        };
        (mode >> shift & right != 0).then_some(by)
    }

    /// Owner, group and mode. Directories that no layer tells of belong to root.
    fn node(&self, path: PathId) -> Option<(u32, u32, u16)> {
        match self.squashed.node(path)? {
            Node::Directory => Some((0, 0, 0o755)),
            Node::Entry(id) => self.table.get(id).map(|it| (it.uid, it.gid, it.mode)),
        }
    }
}
