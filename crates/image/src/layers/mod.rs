//! What the layers hold: a table of entries, and what is left of them in the running container.

mod capabilities;
mod chunks;
mod collect;
mod paths;
mod place;
mod table;

pub use capabilities::Capabilities;
pub(crate) use collect::{Collector, Shared};
pub use paths::{PathId, Paths};
pub use table::{Entry, EntryId, Extra, Table};
