//! What an entry of a layer does to the files below it.

use super::squash::{Fate, Squashed};
use super::table::{Entry, EntryId, Table};
use crate::tar::Kind;

/// What an entry does to what the layers below make of its path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// Nothing was there.
    Added,
    /// Something was there, and was different.
    Changed,
    /// It takes away what was there.
    Removed,
    /// A directory that is told of once more as it was, which builders do for all directories above
    /// what they change.
    Same,
}

impl Squashed {
    /// What an entry does to the layers below its own.
    pub fn change(&self, table: &Table, id: EntryId) -> Option<Change> {
        let entry = table.get(id)?;
        if matches!(entry.kind, Kind::Whiteout | Kind::Opaque) {
            return Some(Change::Removed);
        }
        let below = self.below(table, entry);
        Some(match below {
            None => Change::Added,
            Some(old) if is_same_directory(old, entry) => Change::Same,
            Some(_) => Change::Changed,
        })
    }

    /// The entry of a lower layer that was at the path until this one came, if there was any.
    fn below<'t>(&self, table: &'t Table, entry: &Entry) -> Option<&'t Entry> {
        let mut older = table.older(entry);
        while let Some(id) = older {
            let it = table.get(id)?;
            if it.layer < entry.layer {
                let is_there = match self.fate(id) {
                    Fate::Alive | Fate::Restated(_) => true,
                    Fate::Replaced(by) | Fate::Removed(by) => by >= entry.layer,
                    Fate::Unseen => false,
                };
                return is_there.then_some(it);
            }
            older = table.older(it);
        }
        None
    }
}

fn is_same_directory(old: &Entry, new: &Entry) -> bool {
    let is_directory = old.kind == Kind::Directory && new.kind == Kind::Directory;
    is_directory && (old.mode, old.uid, old.gid) == (new.mode, new.uid, new.gid)
}
