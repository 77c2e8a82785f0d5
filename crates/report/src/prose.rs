//! The prose of a rule page, taken apart into blocks.
//!
//! The page shows rule pages without a Markdown parser and without ever handing a string to the
//! browser as markup: the command line tool takes the Markdown apart when the site is built, and
//! the page turns blocks into elements.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// The pages of all rules as text, a line for each: its id, a tab, its blocks as JSON. The page reads a line
/// when somebody wants it; reading all of them kept a slow machine busy for a third of a second.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pages(pub String);

impl Pages {
    /// Adds the page of a rule.
    pub fn add(&mut self, id: &str, blocks: &[Block]) -> serde_json::Result<()> {
        let json = serde_json::to_string(blocks)?;
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "{id}\t{json}");
        Ok(())
    }

    /// The page of a rule, if there is one that can be read.
    pub fn page(&self, id: &str) -> Option<Vec<Block>> {
        let line = self.0.lines().find_map(|it| it.strip_prefix(id)?.strip_prefix('\t'))?;
        crate::read::blocks(line)
    }
}

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
