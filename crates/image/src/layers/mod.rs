//! What the layers hold: a table of entries, and what is left of them in the running container.

mod capabilities;
mod change;
mod chunks;
mod collect;
mod duplicates;
mod efficiency;
mod paths;
mod place;
mod resolve;
mod squash;
mod table;

pub use capabilities::Capabilities;
pub use change::Change;
pub(crate) use collect::{Collector, Shared};
pub use duplicates::{Duplicate, duplicates};
pub use efficiency::{Efficiency, Waste};
pub use paths::{PathId, Paths};
pub use resolve::Lost;
pub use squash::{Fate, Node, Squashed};
pub use table::{Entry, EntryId, Extra, Table};
