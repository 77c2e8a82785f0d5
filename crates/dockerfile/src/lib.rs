//! Dockerfile syntax: total, lossless, with exact places.
//!
//! [`parse`] reads any text and never fails: what is wrong with a file is in
//! [`Dockerfile::errors`], each error with its place, and everything around it is still read. The
//! pieces of a [`Dockerfile`] tile its source: joined in order they are the source.
//!
//! The grammar follows BuildKit's Dockerfile frontend 1.26. On top of the syntax stand the stage
//! graph ([`Stages`]), variable expansion ([`Scope`]) and the commands inside `RUN`
//! ([`shell::parse`]).
//!
//! This crate judges nothing and knows no finding.

mod check;
mod directive;
mod error;
mod expand;
mod flags;
mod git_ref;
mod heredoc;
mod image_ref;
mod instruction;
mod json;
mod keyword;
mod lines;
mod mount;
mod parser;
mod scope;
pub mod shell;
mod stages;
mod state;
mod syntax;
mod words;

pub use directive::Directive;
pub use error::{ErrorKind, SyntaxError};
pub use expand::{Expansion, Reason, Unknown};
pub use flags::Flag;
pub use git_ref::GitRef;
pub use heredoc::Heredoc;
pub use image_ref::ImageRef;
pub use keyword::Keyword;
pub use mount::{Mount, MountField, MountKind};
pub use parser::{parse, parse_from};
pub use scope::{Scope, Value};
pub use stages::{Arguments, Base, Stage, StageId, Stages, Take};
pub use state::{Setting, State, normalized};
pub use syntax::{
    ArgDeclaration, Dockerfile, Form, From, Healthcheck, Instruction, Kind, Pair, Piece, Run,
    Separator, Transfer, Word,
};
