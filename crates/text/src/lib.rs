//! Spans, sources, and text that remembers where it came from.
//!
//! Everything that points into an input does so with a [`Span`]: a range of byte offsets into one
//! [`Source`]. [`Cooked`] is text with the noise taken out (line continuations, comments between
//! continued lines) that can still say where each of its bytes stands in the source.
//!
//! This crate has no dependencies and knows nothing of Docker. Start reading here.

mod cooked;
mod date;
mod distance;
mod edit;
mod lines;
pub mod order;
pub mod patch;
mod quote;
mod source;
mod span;
mod visible;

pub use cooked::Cooked;
pub use date::Date;
pub use distance::nearest;
pub use edit::{Edit, EditError, apply};
pub use lines::changed_lines;
pub use quote::quote;
pub use source::{Position, Source, SourceId};
pub use span::Span;
pub use visible::{Visible, is_hidden, visible};
