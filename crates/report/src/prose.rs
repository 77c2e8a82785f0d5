//! The prose of a rule page, taken apart into blocks.
//!
//! The page shows rule pages without a Markdown parser and without ever handing a string to the
//! browser as markup: the command line tool takes the Markdown apart when the site is built, and
//! the page turns blocks into elements.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The pages of all rules, by rule id.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pages(pub BTreeMap<String, Vec<Block>>);

/// A block of prose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A heading; level 2 is the page's first level, since the title is not part of the prose.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list of items.
    List(Vec<Vec<Inline>>),
    /// A code block: its language and its text.
    Code(String, String),
}

/// A run of text inside a block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code.
    Code(String),
    /// Emphasis.
    Emphasis(String),
    /// Strong emphasis.
    Strong(String),
    /// A link: its text and its address, `https:` or relative.
    Link(String, String),
}
