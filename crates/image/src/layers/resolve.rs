//! Finding files in the squashed view: through symbolic links, never out of the root, and from a
//! hard link to the file that it is another name of.

use super::paths::PathId;
use super::place::MOST_LINKS;
use super::squash::{Node, Squashed};
use super::table::{EntryId, Table};
use crate::tar::Kind;

/// Why a path leads nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lost {
    /// There is no such file.
    Missing,
    /// Something on the way is no directory.
    NotADirectory,
    /// More than 40 links are on the way, in a circle perhaps.
    TooManyLinks,
}

impl Squashed {
    /// The place that a path leads to, all links followed. Absolute targets start at the image's
    /// own root, and `..` ends there.
    ///
    /// # Errors
    /// When it leads nowhere.
    pub fn resolve(&self, table: &Table, path: &[u8]) -> Result<(PathId, Node), Lost> {
        self.resolve_from(table, PathId::ROOT, path)
    }

    /// The same, from a directory on.
    ///
    /// # Errors
    /// When it leads nowhere.
    pub fn resolve_from(
        &self,
        table: &Table,
        directory: PathId,
        path: &[u8],
    ) -> Result<(PathId, Node), Lost> {
        let mut at = if path.starts_with(b"/") { PathId::ROOT } else { directory };
        let mut links = 0;
        // What is still to be gone, the next name last.
        let mut names: Vec<&[u8]> = split(path);
        while let Some(name) = names.pop() {
            match name {
                b"" | b"." => continue,
                b".." => {
                    at = table.paths.parent(at).unwrap_or(PathId::ROOT);
                    continue;
                }
                _ => {}
            }
            if !self.is_directory(table, at) {
                return Err(Lost::NotADirectory);
            }
            let next = table.paths.child(at, name).ok_or(Lost::Missing)?;
            match self.target(table, next)? {
                None => at = next,
                Some(target) => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Lost::TooManyLinks);
                    }
                    if target.starts_with(b"/") {
                        at = PathId::ROOT;
                    }
                    names.extend(split(target));
                }
            }
        }
        Ok((at, self.node(at).ok_or(Lost::Missing)?))
    }

    /// The entry with the content of the file that a path leads to: links of both kinds followed.
    pub fn find(&self, table: &Table, path: &[u8]) -> Option<EntryId> {
        match self.resolve(table, path).ok()?.1 {
            Node::Entry(it) => table.content_of(it),
            Node::Directory => None,
        }
    }

    /// Whether a directory is at a path itself.
    pub fn is_directory(&self, table: &Table, path: PathId) -> bool {
        match self.node(path) {
            Some(Node::Directory) => true,
            Some(Node::Entry(it)) => table.get(it).is_some_and(|it| it.kind == Kind::Directory),
            None => false,
        }
    }

    /// The target of the link at a path; nothing if it is no link.
    fn target<'t>(&self, table: &'t Table, path: PathId) -> Result<Option<&'t [u8]>, Lost> {
        match self.node(path).ok_or(Lost::Missing)? {
            Node::Directory => Ok(None),
            Node::Entry(it) => Ok(table.get(it).and_then(|it| table.target(it))),
        }
    }

    /// Bytes of all files that containers have, as they are stored. Files with several names
    /// count once, also where only a hard link is left of them.
    pub fn size(&self, table: &Table) -> u64 {
        let contents = self.entries().filter_map(|it| table.content_of(it));
        let mut contents: Vec<u32> = contents.map(|it| it.0).collect();
        contents.sort_unstable();
        contents.dedup();
        let stored =
            contents.iter().filter_map(|it| table.get(EntryId(*it))).map(|it| table.stored(it));
        stored.fold(0, u64::saturating_add)
    }
}

impl Table {
    /// The entry that holds the content of an entry: itself, or for a hard link the file that was
    /// at its target when the link was made. Nothing where that is not there.
    pub fn content_of(&self, id: EntryId) -> Option<EntryId> {
        let mut id = id;
        for _ in 0..=MOST_LINKS {
            let entry = self.get(id)?;
            let Some(target) = self.link_path(entry) else {
                return (entry.kind != Kind::Directory).then_some(id);
            };
            // A whiteout of the same layer takes away what lower layers have, not what it has.
            let counts = |it: &(EntryId, &super::Entry)| {
                it.1.kind != Kind::Opaque
                    && (it.1.kind != Kind::Whiteout || it.1.layer != entry.layer)
            };
            let before = self.at(target).filter(counts).find(|it| it.0 < id);
            let before = before.filter(|it| it.1.kind != Kind::Whiteout);
            // Some writers put links before what they link to.
            let later = || {
                let mut same_layer = self.at(target).filter(counts);
                same_layer.find(|it| it.0 > id && it.1.layer == entry.layer)
            };
            id = before.or_else(later)?.0;
        }
        None
    }
}

/// The names of a path, last one first.
fn split(path: &[u8]) -> Vec<&[u8]> {
    path.rsplit(|it| *it == b'/').collect()
}
