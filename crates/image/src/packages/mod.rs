//! Packages: what package managers and builds recorded about themselves.
//!
//! Every reader here takes the whole record as bytes, never fails, and leaves out what is broken.

mod apk;
mod dpkg;
mod gem;
mod go;
mod jar;
mod npm;
mod owned;
mod pacman;
mod python;
mod rpm;
mod rust;
mod stanza;

pub(crate) use apk::apk;
pub(crate) use dpkg::{dpkg, dpkg_one, opkg};
pub(crate) use gem::gem;
pub(crate) use go::{MAGIC as GO_MAGIC, go, go_part};
pub(crate) use jar::jar;
pub(crate) use npm::npm;
pub use owned::Owned;
pub(crate) use owned::dpkg_list;
pub(crate) use pacman::pacman;
pub(crate) use python::python;
pub(crate) use rpm::{rpm, rpm_list};
pub(crate) use rust::rust;

use crate::layers::EntryId;

/// Who keeps a record of packages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum System {
    /// dpkg: Debian, Ubuntu, distroless images.
    Dpkg,
    /// opkg: OpenWrt.
    Opkg,
    /// apk: Alpine, Wolfi, Chainguard images.
    Apk,
    /// rpm: Red Hat, Fedora, SUSE, Amazon, Azure Linux.
    Rpm,
    /// pacman: Arch Linux.
    Pacman,
    /// Python distributions.
    Python,
    /// Node packages.
    Npm,
    /// Ruby gems.
    Gem,
    /// Go modules in a binary.
    Go,
    /// Rust crates in a binary.
    Cargo,
    /// Java libraries.
    Maven,
}

/// An installed package.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Package {
    /// Its name. Of Maven artifacts: group and artifact, with a colon between.
    pub name: Box<str>,
    /// Its version, in the notation of its system: of rpm with epoch and release, if it has them.
    pub version: Box<str>,
    /// The architecture it is built for.
    pub arch: Option<Box<str>>,
    /// The source package it is built from, where that has another name. Advisories of most
    /// distributions go by this name.
    pub source: Option<Box<str>>,
    /// The source package's version, where it is another one.
    pub source_version: Option<Box<str>>,
    /// The license, as the record words it.
    pub license: Option<Box<str>>,
    /// Whether the system refuses to work without it.
    pub essential: bool,
}

impl Package {
    pub(crate) fn new(name: &str, version: &str) -> Self {
        Self { name: name.into(), version: version.into(), ..Self::default() }
    }
}

/// What one file of a layer says about packages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The file.
    pub entry: EntryId,
    /// Who wrote it.
    pub system: System,
    /// What it says.
    pub packages: Vec<Package>,
}

/// What a reader made of a record.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Read {
    pub(crate) packages: Vec<Package>,
    /// Programs and libraries of the packages, where the record lists files.
    pub(crate) owned: Vec<Owned>,
    /// What is broken about the record, if something is.
    pub(crate) broken: Option<&'static str>,
}

impl Read {
    /// The record cannot be read.
    pub(crate) fn broken(what: &'static str) -> Self {
        Self { broken: Some(what), ..Self::default() }
    }
}

impl From<Vec<Package>> for Read {
    fn from(packages: Vec<Package>) -> Self {
        Self { packages, ..Self::default() }
    }
}
