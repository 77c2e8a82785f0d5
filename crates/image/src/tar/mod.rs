//! Tar archives: a walk over their blocks that never fails, holds one entry at a time and says
//! what was odd.
//!
//! Fields of header blocks are decoded by the `tar` crate's `Header`. Its iterator is not used: it
//! splits binary PAX values at line ends and reads long names without a bound. Where formats leave
//! room, this follows Go's `archive/tar`, since Docker, containerd and podman read layers with it.

mod header;
mod pax;
mod sparse;
mod walk;

pub(crate) use header::{Header, is_header};
pub(crate) use walk::walk;

use crate::gap::Trouble;
use crate::turns::Next;

/// Blocks are this long (POSIX.1-2017, pax, "ustar Interchange Format").
pub(crate) const BLOCK: usize = 512;

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A regular file.
    File,
    /// Another name of a file.
    HardLink,
    /// A symbolic link.
    Symlink,
    /// A directory.
    Directory,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
    /// A named pipe.
    Fifo,
    /// Takes a file or directory of the layers below away (OCI image specification, "Layer",
    /// "Whiteouts"). Its path is the path that it takes away.
    Whiteout,
    /// Takes everything that the layers below have in a directory away. Its path is the directory.
    Opaque,
    /// A type that is not known.
    Other,
}

/// How much of an entry's content is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Take {
    /// Nothing.
    Nothing,
    /// As many first bytes.
    First(u64),
    /// Everything.
    All,
    /// Nothing, and no further entries either.
    Stop,
}

/// Receives what a walk comes across.
pub(crate) trait Sink {
    /// An entry begins.
    fn entry(&mut self, header: &Header) -> Take;
    /// Some of its content. Holes of sparse files are left out.
    fn content(&mut self, chunk: &[u8]);
    /// The entry ends. `whole` says whether its content was all there.
    fn end(&mut self, whole: bool);
    /// Something is odd at an offset of the archive.
    fn trouble(&mut self, offset: u64, what: Trouble);
    /// Called as bytes pass by.
    fn go_on(&mut self) -> Next;
}
