//! Finds credentials in bytes, and never lets one out unmasked.
//!
//! The way of a text: a filter finds the literals that may start a secret, small matchers and
//! readers look at the bytes around each, checksums and structures decide offline, stand-ins are
//! told from values, and what remains becomes a [`Hit`]: kind, place, length, a masked form and a
//! keyed fingerprint. The value itself stays in the [`Scrubber`], which can hide it and do
//! nothing else. This crate knows nothing of Docker, of files, or of reports.

mod assign;
mod bytes;
mod candidates;
mod engine;
mod files;
mod findings;
mod hit;
mod mask;
pub mod names;
mod path;
mod placeholder;
mod prefilter;
mod random;
mod scanner;
mod scrub;
mod shape;
mod structure;
mod table;
#[cfg(test)]
mod tests;
mod vendor;
mod verify;

pub use engine::literals;
pub use hit::{Confidence, Encoding, Fact, Fingerprint, Hit, Place, Verification};
pub use mask::masked_password;
pub use names::is_stand_in;
pub use placeholder::Example;
pub use scanner::{Options, Scan, Scanner, scan};
pub use scrub::Scrubber;
pub use table::{Kind, Severity, kind, kinds};
