//! Facts that are read in contents as they pass by: the distribution, accounts, packages, and what
//! programs need to run.

mod accounts;
mod closure;
pub(crate) mod elf;
mod os_release;
mod reader;

pub use accounts::{Group, Password, Shadow, User, groups, shadows, users};
pub use closure::Closure;
pub use os_release::OsRelease;
pub(crate) use reader::{Asked, Key, Reader};

/// A program or library, as far as running it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Program {
    /// An ELF file.
    Elf(Elf),
    /// A text that names its interpreter in its first line.
    Script(Script),
}

/// What an ELF file needs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Elf {
    /// The program that loads it, mostly the dynamic linker.
    pub interpreter: Option<Box<str>>,
    /// The libraries that it needs, by name.
    pub libraries: Vec<Box<str>>,
    /// Its own name as a library.
    pub name: Option<Box<str>>,
    /// Directories where its libraries are looked for first.
    pub run_path: Option<Box<str>>,
    /// Whether it is a program that needs no other file.
    pub is_static: bool,
}

/// The first line of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// What stands behind `#!`, with its arguments.
    pub interpreter: Box<str>,
    /// Whether the line ends as in DOS, which Linux takes for a part of the name.
    pub has_carriage_return: bool,
}
