//! Image inputs: inspect output and image configuration, with places in the text.
//!
//! Readers here never judge and never fail: what is missing is missing, what is broken is said
//! with its place.

mod bytes;
mod compression;
mod config;
mod digest;
mod facts;
mod gap;
pub mod json;
mod layers;
mod layout;
mod limits;
mod packages;
mod read;
mod source;
mod tar;
mod visit;

pub use bytes::visible;
pub use compression::Packing;
pub use config::{Config, Healthcheck, Text, Variable};
pub use facts::{
    Elf, Group, OsRelease, Password, Program, Script, Shadow, User, groups, shadows, users,
};
pub use gap::{Gap, Gaps, Place, Trouble};
pub use layers::{
    Capabilities, Duplicate, Efficiency, Entry, EntryId, Extra, Fate, Lost, Node, PathId, Paths,
    Squashed, Table, Waste, duplicates,
};
pub use layout::{
    Absent, Archive, Artifact, Attestation, Image, Layer, Layout, Platform, Provenance,
};
pub use limits::Limits;
pub use packages::{Package, Record, System};
pub use read::{Contents, Digests, Options, ReadLayer};
pub use source::{Seeking, Source};
pub use tar::Kind;
pub use visit::{File, Progress, Visit, Want};
