//! Where something stands.

use serde::{Deserialize, Serialize};
use text::{Position, SourceId, Span};

/// A place as rules and readers know it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Locus {
    /// In a text that was handed in.
    Text {
        /// Which text.
        source: SourceId,
        /// Byte offsets into it.
        span: Span,
    },
    /// In a layer of the image.
    Layer {
        /// Number of the layer, the base first, from 0.
        layer: u16,
        /// Path from the image's root, with a leading slash.
        path: Box<str>,
        /// Byte offsets into the file.
        span: Option<Span>,
    },
}

/// A place as shown: with line and column, and the lines around it.
///
/// Rules make places from a [`Locus`] alone; the engine fills in the rest when it closes a report,
/// with every secret in the lines masked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// Which bytes of which source.
    #[serde(flatten)]
    pub at: Locus,
    /// First character; known once the report is closed and if the place is in a text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<Position>,
    /// The character after the last one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<Position>,
    /// The lines it covers, shortened and masked.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub excerpt: Vec<ExcerptLine>,
}

/// One line of an excerpt, masked, with invisible characters shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExcerptLine {
    /// Line number in the source, from 1.
    pub line: u32,
    /// The line's text. `…` stands at an end that was cut.
    pub text: String,
    /// The marked characters of `text`, half open, counted from 0.
    pub mark: (u32, u32),
}

impl From<Locus> for Place {
    fn from(at: Locus) -> Self {
        Self { at, start: None, end: None, excerpt: Vec::new() }
    }
}

impl From<&Locus> for Place {
    fn from(at: &Locus) -> Self {
        at.clone().into()
    }
}
