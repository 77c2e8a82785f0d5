//! How others look at the contents of files while they are read.

use crate::layers::Entry;
use crate::turns::Next;

/// A file of a layer as it is read.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The entry. Its `sum` is not known yet.
    pub entry: &'a Entry,
    /// Its number in its layer: `table.id(entry.layer, number)` finds it again.
    pub number: u32,
    /// Its path, cleaned, without a slash at its start.
    pub path: &'a [u8],
}

/// How much of a file is wanted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Want {
    /// Nothing.
    Nothing,
    /// As many first bytes.
    First(u64),
    /// Everything.
    All,
}

/// How far reading has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The layer that is read.
    pub layer: u16,
    /// Bytes read of the archive as it is stored.
    pub done: u64,
    /// Bytes that will be read.
    pub total: u64,
}

/// Somebody who looks at contents. They are handed over in pieces, in order, and not kept; holes
/// of sparse files are left out.
pub trait Visit {
    /// Asked for every file that has content.
    fn want(&mut self, file: &File<'_>) -> Want {
        let _ = file;
        Want::Nothing
    }

    /// A piece of a file that is wanted.
    fn content(&mut self, file: &File<'_>, piece: &[u8]) {
        let _ = (file, piece);
    }

    /// The end of a file that was wanted. `whole` says whether all that was wanted was there.
    fn end(&mut self, file: &File<'_>, whole: bool) {
        let _ = (file, whole);
    }

    /// Called at least once a megabyte, and again after a pause.
    fn progress(&mut self, progress: Progress) -> Next {
        let _ = progress;
        Next::On
    }
}

/// Nobody.
impl Visit for () {}
