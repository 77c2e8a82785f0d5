//! What the layers of a saved image hold, as far as rules need it.
//!
//! Plain data: the reader of archives is behind the feature `archives`, what it finds is not, so
//! that every build has the same rules. Lists of what can be many keep the first and count the
//! rest.

#[cfg(feature = "archives")]
mod preview;
#[cfg(feature = "archives")]
mod read;
#[cfg(feature = "archives")]
mod saved;

use report::Locus;
use text::SourceId;

use crate::facts::Secret;
use crate::knowledge::Risk;
use crate::knowledge::tools::{Binary, Package};

#[cfg(feature = "archives")]
pub use preview::{Kept, Preview};
#[cfg(feature = "archives")]
pub(crate) use read::read;
#[cfg(feature = "archives")]
pub use saved::{Reading, Saved, Wanted};

/// What the layers of an image hold.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The archive.
    pub source: SourceId,
    /// Its layers, lowest first.
    pub layers: Vec<FileLayer>,
    /// How many of them are the base image's; nothing if the history does not tell.
    pub n_base: Option<u16>,
    /// Files that containers have.
    pub n_files: u64,
    /// What could not be read and what is odd, what loses most first.
    pub doubts: Vec<Doubt>,
    /// How many further losses there are.
    pub more_losses: u64,
    /// The distribution.
    pub release: Option<Release>,
    /// Users, in the order of their file; nothing if the image has no such file.
    pub users: Option<Vec<Account>>,
    /// Groups, likewise.
    pub groups: Option<Vec<Group>>,
    /// Programs that run with more rights than who starts them.
    pub privileged: Vec<Privileged>,
    /// What the main process may do to files.
    pub access: Access,
    /// Programs of interest.
    pub programs: Vec<Program>,
    /// Packages of interest.
    pub packages: Vec<Installed>,
    /// All packages, those of containers first, by name and version.
    pub listed: Vec<Listed>,
    /// How many packages there are.
    pub n_packages: u64,
    /// Secrets in files that a later layer removed or replaced.
    pub ghosts: Vec<Ghost>,
    /// Files whose names alone say what they are.
    pub sensitive: Vec<Sensitive>,
    /// Files that a build leaves behind.
    pub leftovers: Vec<Leftover>,
    /// Bytes that are in layers in vain.
    pub waste: Waste,
    /// Scripts the container starts with whose first line ends as in DOS.
    pub dos_scripts: Vec<Locus>,
}

/// Something that could not be read, or that is odd.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// What it is about: a file, a layer as its root, or nothing for the archive as a whole.
    pub at: Option<Locus>,
    /// What is the matter, as part of a sentence.
    pub what: String,
    /// What is lost by it.
    pub loss: Loss,
}

/// What is lost by something that could not be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Loss {
    /// Files may be missing, or be others than they seem.
    Files,
    /// Packages may be missing.
    Packages,
    /// Nothing; it is only odd.
    Nothing,
}

/// A layer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileLayer {
    /// The instruction that made it, as the history has it.
    pub instruction: Option<String>,
    /// Where the history says so.
    pub at: Option<Locus>,
    /// Bytes unpacked.
    pub bytes: u64,
    /// Whether it was there and could be read to its end.
    pub is_read: bool,
}

/// The distribution, as os-release names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// Its file.
    pub at: Locus,
    /// Its short name, as in `debian`.
    pub id: String,
    /// Its version, as in `12`.
    pub version: String,
}

/// A user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// Number.
    pub uid: u32,
    /// Number of the primary group.
    pub gid: u32,
    /// Whether anybody can log in without a password.
    pub no_password: bool,
    /// The file that decides about the password.
    pub at: Locus,
}

/// A group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Number.
    pub gid: u32,
    /// Those in it whose primary group it is not.
    pub members: Vec<String>,
}

/// A program that runs with more rights than who starts it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Privileged {
    /// The file.
    pub at: Locus,
    /// Whether it runs as its owner.
    pub set_uid: bool,
    /// Whether it runs as its group.
    pub set_gid: bool,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// File capabilities, as in `cap_net_raw`.
    pub capabilities: Vec<String>,
}

/// What the main process may do to files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// As whom it runs: number and groups; nothing if that is not known.
    pub user: Option<Identity>,
    /// Important files that it may change, by kind.
    pub important: Vec<Writable>,
    /// Program files of the application that it may change.
    pub code: Option<Writable>,
    /// Directories that programs or libraries are looked for in and that it may change: the
    /// variable, where it is set, the directory.
    pub search_paths: Vec<(&'static str, Locus, String)>,
}

/// A user as the kernel sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// As the image names it.
    pub name: String,
    /// Number.
    pub uid: u32,
    /// Numbers of its groups.
    pub gids: Vec<u32>,
}

/// Files of one kind that may be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Writable {
    /// What they are.
    pub what: Important,
    /// The first.
    pub first: Locus,
    /// Whether that is a directory.
    pub is_directory: bool,
    /// Why it may be changed.
    pub by: By,
    /// How many there are.
    pub count: u64,
}

/// Why a file may be changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum By {
    /// The process owns it.
    Owner,
    /// One of its groups may.
    Group,
    /// Everybody may.
    Others,
}

/// What makes a file important.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Important {
    /// Accounts and passwords.
    Accounts,
    /// What decides which libraries programs load.
    Loader,
    /// Certificates and keys that are trusted.
    Trust,
    /// What is run by the clock.
    Schedule,
    /// What the container starts with.
    Start,
    /// Programs and libraries of the system.
    Programs,
    /// Settings of the system.
    Settings,
    /// The application.
    Code,
}

impl Important {
    /// What it is, in a sentence about several.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accounts => "account files",
            Self::Loader => "files that decide which libraries are loaded",
            Self::Trust => "trusted certificates",
            Self::Schedule => "scheduled jobs",
            Self::Start => "files that the container starts with",
            Self::Programs => "programs and libraries of the system",
            Self::Settings => "settings of the system",
            Self::Code => "program files of the application",
        }
    }
}

/// A program of interest.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file.
    pub at: Locus,
    /// What is known of it.
    pub binary: Binary,
    /// Whether it is one of the many names of busybox or toybox.
    pub is_applet: bool,
}

/// A package of interest.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The file that lists it, in the layer that brought it.
    pub at: Locus,
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub known: Package,
}

/// A package of the image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its name.
    pub name: Box<str>,
    /// Its version.
    pub version: Box<str>,
    /// The file that lists it, in the layer that brought it.
    pub at: Locus,
    /// Whether containers have it; else a later layer took it away.
    pub is_shipped: bool,
    /// Whether the main process needs it to start.
    pub start: Start,
}

/// Whether the main process needs a package to start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Start {
    /// One of its files is started, or loaded by what is started.
    Needed,
    /// It has programs or libraries, and none of them is. They may still be used later.
    NotNeeded,
    /// Nothing tells.
    #[default]
    Unknown,
}

impl Start {
    /// What it means, as part of a sentence about a package.
    pub fn text(self) -> &'static str {
        match self {
            Self::Needed => "the main process needs it to start",
            Self::NotNeeded => "the main process does not need it to start",
            Self::Unknown => "whether the main process needs it is not known",
        }
    }
}

/// A secret in a file that containers do not see any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ghost {
    /// The file in the layer that still has it.
    pub at: Locus,
    /// The secret, or what the name says the file is.
    pub what: Result<Secret, &'static str>,
    /// The layer that removed or replaced it.
    pub gone: u16,
    /// Whether it was replaced and not removed.
    pub is_replaced: bool,
}

/// A file whose name says what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sensitive {
    /// The file.
    pub at: Locus,
    /// What it is, as in `a list of SSH logins`.
    pub kind: &'static str,
    /// How much it helps an intruder.
    pub risk: Risk,
}

/// What a build leaves behind, by kind and layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leftover {
    /// What it is.
    pub kind: LeftoverKind,
    /// The first file.
    pub first: Locus,
    /// How many files.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Kinds of what is left behind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeftoverKind {
    /// What somebody typed.
    History,
    /// Logs of the build.
    Log,
    /// Memory of a program that crashed.
    CoreDump,
    /// The history of a source tree.
    VersionControl,
    /// Lists and archives of packages.
    PackageCache,
    /// Dumps of databases and states of infrastructure.
    Dump,
}

/// Bytes that are in layers in vain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waste {
    /// Bytes of all files of all layers.
    pub size: u64,
    /// Bytes of paths that are in several layers, all of them added up: dive's figure.
    pub wasted: u64,
    /// Bytes that would do, as a share of those that are there, in tenths of a thousandth.
    pub score: u16,
    /// Bytes that a layer holds and a later one removes or replaces: the layer that takes away,
    /// the bytes, how many files, the largest of them.
    pub removed: Vec<(u16, u64, u64, Locus)>,
    /// Bytes of files that the image's own layers have and that are there twice.
    pub duplicates: u64,
    /// The largest group of equal files: two of them, and the bytes of one.
    pub largest: Option<(Locus, Locus, u64)>,
}

impl Files {
    /// Whether a place is in a layer of the base image.
    pub fn is_base(&self, at: &Locus) -> bool {
        match (at, self.n_base) {
            (Locus::Layer { layer, .. }, Some(n_base)) => *layer < n_base,
            (Locus::Layer { .. } | Locus::Text { .. }, _) => false,
        }
    }

    /// The first layer that is not the base image's. If that is not told, the lowest of several is
    /// taken for the base image.
    pub fn first_own(&self) -> u16 {
        self.n_base.unwrap_or(u16::from(self.layers.len() > 1))
    }

    /// Where the instruction that made a layer is told.
    pub fn made_by(&self, at: &Locus) -> Option<&Locus> {
        let Locus::Layer { layer, .. } = at else { return None };
        self.layers.get(usize::from(*layer))?.at.as_ref()
    }
}

/// The path of a place in a layer.
pub(crate) fn path(at: &Locus) -> &str {
    match at {
        Locus::Layer { path, .. } => path,
        Locus::Text { .. } => "",
    }
}

/// The layer of a place.
pub(crate) fn layer(at: &Locus) -> u16 {
    match at {
        Locus::Layer { layer, .. } => *layer,
        Locus::Text { .. } => 0,
    }
}
