//! Image inputs: inspect output and image configuration, with places in the text; saved images with
//! all that is in their layers.
//!
//! Readers here never judge and never fail: what is missing is missing, what is broken is said
//! with its place.
//!
//! An archive is opened, one of its images is chosen and read in one pass, and the layers are put
//! on top of one another:
//!
//! ```
//! use image::{Archive, Limits, Options, Squashed};
//!
//! let source = Vec::new(); // or `Seeking::new(file)`, or whatever implements `Source`
//! let archive = Archive::open(Box::new(source), &Limits::native());
//! let Some(image) = archive.preferred() else {
//!     assert_eq!(archive.gaps()[0].what.name(), "not-tar");
//!     return;
//! };
//! let contents = archive.read(image, &Options::default(), &mut ()).unwrap();
//! let squashed = Squashed::new(&contents.table);
//! let shell = squashed.find(&contents.table, b"/bin/sh");
//! ```
//!
//! Read on in `source` (bytes at any place), `tar` (the walk), `layout` (which images are there),
//! `read` (the pass), `layers` (the table and the views), `facts` and `packages`.

mod bytes;
mod compression;
mod config;
mod digest;
mod facts;
mod form;
mod gap;
pub mod history;
pub mod json;
mod layers;
mod layout;
mod limits;
mod packages;
mod read;
pub mod sbom;
mod scan;
mod source;
mod tar;
mod turns;
mod unpack;
mod visit;
mod yaml;

pub use bytes::visible;
pub use compression::Packing;
pub use config::{Config, Healthcheck, Text, Variable};
pub use digest::{Beside, Hasher};
pub use facts::{
    Closure, Elf, Group, OsRelease, Password, Program, Script, Shadow, User, groups, shadows, users,
};
pub use form::{Form, form};
pub use gap::{Gap, Gaps, Place, Trouble};
pub use layers::{
    Capabilities, Change, Duplicate, Efficiency, Entry, EntryId, Extra, Fate, Lost, Node, PathId,
    Paths, Squashed, Table, Waste, duplicates,
};
pub use layout::{
    Absent, Archive, Artifact, Attestation, HEAD, Image, Layer, Layout, Platform, Provenance,
    is_archive,
};
pub use limits::Limits;
pub use packages::{Owned, Package, Record, System};
pub use read::{Contents, Digests, Options, ReadLayer};
pub use scan::{Scan, Vulnerability, scan};
pub use source::{Seeking, Source};
pub use tar::Kind;
pub use turns::{Next, asked, finish};
pub use unpack::{base64, schema_one};
pub use visit::{File, Progress, Visit, Want};
pub use yaml::{Yaml, yaml};
