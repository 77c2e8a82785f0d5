//! Paths of all layers as one tree: every name is kept once, and a path is a number.

use std::hash::{DefaultHasher, Hasher};

use super::chunks::Chunks;
use crate::bytes::visible;

/// A path in the tree of an image.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PathId(pub(crate) u32);

impl PathId {
    /// The root directory.
    pub const ROOT: Self = Self(0);

    /// Its number: those of an image are the ones below [`Paths::len`], and a directory has a lower
    /// one than what is in it.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// No path, no entry.
pub(crate) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    first_child: u32,
    next_sibling: u32,
    /// Where its name starts.
    name: u32,
    length: u16,
}

/// The tree of paths.
#[derive(Clone, Debug)]
pub struct Paths {
    nodes: Chunks<Node>,
    names: Texts,
    /// Open addressing: numbers of nodes, by a hash of parent and name. As long as a power of two.
    index: Vec<u32>,
}

impl Default for Paths {
    fn default() -> Self {
        let mut nodes = Chunks::default();
        nodes.push(Node { parent: 0, first_child: NONE, next_sibling: NONE, name: 0, length: 0 });
        Self { nodes, names: Texts::default(), index: vec![NONE; 256] }
    }
}

impl Paths {
    /// How many paths there are. Their numbers are those below.
    pub fn len(&self) -> usize {
        self.nodes.len() as usize
    }

    /// Never: the root is always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The path of a number, if there is one.
    pub fn numbered(&self, number: u32) -> Option<PathId> {
        ((number as usize) < self.len()).then_some(PathId(number))
    }

    /// The path with this full name, if any layer has it.
    pub fn find(&self, full: &[u8]) -> Option<PathId> {
        let mut names = full.split(|it| *it == b'/').filter(|it| !it.is_empty());
        names.try_fold(PathId::ROOT, |it, name| self.child(it, name))
    }

    /// The directory of a path; nothing for the root.
    pub fn parent(&self, path: PathId) -> Option<PathId> {
        let parent = self.nodes.get(path.0)?.parent;
        (path != PathId::ROOT).then_some(PathId(parent))
    }

    /// The last name of a path; empty for the root.
    pub fn name(&self, path: PathId) -> &[u8] {
        let node = self.nodes.get(path.0);
        node.map(|it| self.names.get(it.name, it.length)).unwrap_or_default()
    }

    /// What is in a directory, in any layer, in no order.
    pub fn children(&self, path: PathId) -> impl Iterator<Item = PathId> {
        let mut next = self.nodes.get(path.0).map_or(NONE, |it| it.first_child);
        std::iter::from_fn(move || {
            let node = self.nodes.get(next)?;
            let this = PathId(next);
            next = node.next_sibling;
            Some(this)
        })
    }

    /// The directories of a path, from its own up to the root.
    pub fn ancestors(&self, path: PathId) -> impl Iterator<Item = PathId> {
        std::iter::successors(self.parent(path), |it| self.parent(*it))
    }

    /// The whole path, without a slash at its start.
    pub fn full(&self, path: PathId) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(path, &mut out);
        out
    }

    /// The whole path as people may see it, with a slash at its start.
    pub fn visible(&self, path: PathId) -> String {
        format!("/{}", visible(&self.full(path)))
    }

    /// Puts the whole path in place of what is in `out`.
    pub(crate) fn write(&self, path: PathId, out: &mut Vec<u8>) {
        out.clear();
        // From its end to its start, then turned round.
        let names = std::iter::once(path).chain(self.ancestors(path)).map(|it| self.name(it));
        for name in names.filter(|it| !it.is_empty()) {
            if !out.is_empty() {
                out.push(b'/');
            }
            out.extend(name.iter().rev());
        }
        out.reverse();
    }

    /// A name in a directory, if any layer has it.
    pub fn child(&self, parent: PathId, name: &[u8]) -> Option<PathId> {
        let mut slot = hash(parent.0, name);
        loop {
            let found = *self.index.get(slot & (self.index.len() - 1))?;
            let node = self.nodes.get(found)?;
            if node.parent == parent.0 && self.names.get(node.name, node.length) == name {
                return Some(PathId(found));
            }
            slot += 1;
        }
    }

    /// A name in a directory, made if need be.
    pub(crate) fn add(&mut self, parent: PathId, name: &[u8]) -> PathId {
        if let Some(it) = self.child(parent, name) {
            return it;
        }
        let (Ok(length), Some(start)) = (u16::try_from(name.len()), self.names.add(name)) else {
            // Longer than any path may be, or four gigabytes of names: kept with the directory.
            return parent;
        };
        let next_sibling = self.nodes.get(parent.0).map_or(NONE, |it| it.first_child);
        let node = Node { parent: parent.0, first_child: NONE, next_sibling, name: start, length };
        let number = self.nodes.push(node);
        if let Some(it) = self.nodes.get_mut(parent.0) {
            it.first_child = number;
        }
        if self.len() * 4 > self.index.len() * 3 {
            self.grow();
        } else {
            self.enter(number, hash(parent.0, name));
        }
        PathId(number)
    }

    fn grow(&mut self) {
        self.index = vec![NONE; self.index.len() * 2];
        for number in 1..self.nodes.len() {
            let Some(node) = self.nodes.get(number) else { return };
            let slot = hash(node.parent, self.names.get(node.name, node.length));
            self.enter(number, slot);
        }
    }

    fn enter(&mut self, number: u32, mut slot: usize) {
        let mask = self.index.len() - 1;
        while let Some(it) = self.index.get_mut(slot & mask) {
            if *it == NONE {
                *it = number;
                return;
            }
            slot += 1;
        }
    }
}

/// The standard library's hash with its fixed keys, so that every run is the same.
fn hash(parent: u32, name: &[u8]) -> usize {
    let mut hasher = DefaultHasher::new();
    hasher.write_u32(parent);
    hasher.write(name);
    // The low half is as good as the whole.
    (hasher.finish() & 0x7fff_ffff) as usize
}

/// Texts one behind the other, none of which crosses from one piece to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    pieces: Vec<Vec<u8>>,
}

const PIECE: usize = 1 << 18;

impl Texts {
    /// Adds a text and says where it starts. Texts longer than a piece do not fit.
    pub(crate) fn add(&mut self, text: &[u8]) -> Option<u32> {
        if text.len() > PIECE {
            return None;
        }
        if self.pieces.last().is_none_or(|it| it.len() + text.len() > PIECE) {
            let room = if self.pieces.is_empty() { 0 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        let number = self.pieces.len() - 1;
        let piece = self.pieces.last_mut()?;
        let start = u32::try_from(number * PIECE + piece.len()).ok().filter(|it| *it != NONE)?;
        piece.extend_from_slice(text);
        Some(start)
    }

    pub(crate) fn get(&self, start: u32, length: u16) -> &[u8] {
        let (piece, at) = (start as usize / PIECE, start as usize % PIECE);
        let piece = self.pieces.get(piece).map(Vec::as_slice).unwrap_or_default();
        piece.get(at..at + usize::from(length)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(paths: &mut Paths, path: &str) -> PathId {
        path.split('/').fold(PathId::ROOT, |it, name| paths.add(it, name.as_bytes()))
    }

    #[test]
    fn a_path_is_one_number() {
        let mut paths = Paths::default();
        let passwd = add(&mut paths, "etc/passwd");
        assert_eq!(add(&mut paths, "etc/passwd"), passwd);
        assert_ne!(add(&mut paths, "passwd"), passwd);
        assert_eq!(paths.full(passwd), b"etc/passwd");
        assert_eq!(paths.full(PathId::ROOT), b"");
        assert_eq!(paths.child(PathId::ROOT, b"usr"), None);
        let above: Vec<_> = paths.ancestors(passwd).map(|it| paths.full(it)).collect();
        assert_eq!(above, [&b"etc"[..], b""]);
    }

    #[test]
    fn many_paths() {
        let mut paths = Paths::default();
        let names: Vec<String> = (0..200_000).map(|it| format!("d{}/f{it}", it % 100)).collect();
        let ids: Vec<PathId> = names.iter().map(|it| add(&mut paths, it)).collect();
        assert_eq!(paths.len(), 1 + 100 + 200_000);
        for (name, id) in names.iter().zip(&ids) {
            assert_eq!(paths.full(*id), name.as_bytes());
            assert_eq!(add(&mut paths, name), *id);
        }
        let d7 = paths.child(PathId::ROOT, b"d7").unwrap();
        assert_eq!(paths.children(d7).count(), 2000);
    }
}
