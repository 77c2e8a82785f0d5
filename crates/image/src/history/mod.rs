//! Histories of images, in every form in which tools tell them, and what they say.
//!
//! Tables and JSON become [`Entry`]s, oldest first ([`table`], [`records`]); each entry is read as
//! a [`Step`]; [`recover()`] writes the steps as the text of a Dockerfile in which every character
//! knows where it stands in what was handed in.

mod boundary;
mod go;
mod maker;
mod measure;
mod pairs;
mod prefix;
mod records;
mod recover;
mod row;
mod step;
mod table;
mod writer;

use text::{Cooked, Span};

pub use boundary::{Boundary, Witness, boundary};
pub use maker::Maker;
pub use records::{Order, is_entry, records};
pub use recover::{Known, Line, Recovered, recover};
pub use step::{Argument, Step, What, steps};
pub use table::{is_table, table};
pub use writer::Piece;
pub(crate) use writer::Writer;

/// More entries than this are not read: real images have a few hundred at most.
pub const MOST_ENTRIES: usize = 10_000;

/// The history of an image.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    /// What made it, oldest first.
    pub entries: Vec<Entry>,
    /// Whether there are more than [`MOST_ENTRIES`].
    pub is_limited: bool,
}

/// One entry of a history.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// Its row, or its object.
    pub span: Span,
    /// What made it, as far as that is told.
    pub created_by: Cooked,
    /// Whether a tool cut off the end of `created_by`; the mark that says so is not part of it.
    pub is_cut: bool,
    /// What the builder or a person said about it.
    pub comment: String,
    /// Who made it.
    pub author: String,
    /// The size of its layer in bytes. Tables round it to three digits.
    pub size: Option<u64>,
    /// Whether it made no layer, when that is told.
    pub is_empty: Option<bool>,
    /// When it was made.
    pub time: Option<Time>,
}

impl Entry {
    /// Whether it is known to have made no layer: it says so, or its size is zero.
    pub fn has_no_layer(&self) -> bool {
        self.is_empty.unwrap_or(self.size == Some(0))
    }
}

/// When something happened, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Time {
    /// Since 1970.
    At(i64),
    /// Before the history was printed. Rounded down: the unit stands beside it.
    Ago(i64, i64),
}

impl Time {
    /// Seconds from this time to a later one, at least; nothing when they cannot be compared.
    pub fn until(self, later: Self) -> Option<i64> {
        match (self, later) {
            (Self::At(from), Self::At(to)) => Some(to - from),
            (Self::Ago(from, _), Self::Ago(to, unit)) => Some(from - (to + unit)),
            (Self::At(_), Self::Ago(..)) | (Self::Ago(..), Self::At(_)) => None,
        }
    }
}
