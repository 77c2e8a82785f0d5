//! Files of equal content, at whatever path and in whatever layer.

use super::table::{EntryId, Table};
use crate::tar::Kind;

/// Files of equal content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duplicate {
    /// Bytes of one of them, as stored.
    pub size: u64,
    /// All of them, lowest layer first. There are at least two.
    pub entries: Vec<EntryId>,
}

impl Duplicate {
    /// Bytes that one copy would spare.
    pub fn wasted(&self) -> u64 {
        self.size.saturating_mul(self.entries.len() as u64 - 1)
    }
}

/// Finds files of equal content that are at least `least` bytes long, most wasteful first. Sums
/// must have been asked for when the image was read.
pub fn duplicates(table: &Table, least: u64) -> Vec<Duplicate> {
    let files = table.iter().filter(|(_, it)| it.kind == Kind::File && it.sum != 0);
    let sized = files.map(|(id, it)| (table.stored(it), it.sum, id));
    let mut sized: Vec<(u64, u64, EntryId)> = sized.filter(|it| it.0 >= least.max(1)).collect();
    sized.sort_unstable();
    let groups = sized.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let mut out: Vec<Duplicate> = groups
        .filter(|it| it.len() > 1)
        .map(|it| Duplicate {
            size: it.first().map_or(0, |it| it.0),
            entries: it.iter().map(|it| it.2).collect(),
        })
        .collect();
    text::order::sort_by(&mut out, |a, b| {
        b.wasted().cmp(&a.wasted()).then(a.entries.cmp(&b.entries))
    });
    out
}
