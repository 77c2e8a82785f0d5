//! The messages between the page and its worker.
//!
//! They travel as JSON text. A dropped file does not: its `File` handle is posted beside the
//! message, and the worker reads slices of it.

use serde::{Deserialize, Serialize};
use text::Date;

use crate::{Kind, Report, RuleInfo};

/// Something handed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handed {
    /// Its name: a file name, or a word such as `pasted`.
    pub name: String,
    /// What the person says it is, when that differs from what it looks like.
    pub taken_for: Option<Kind>,
    /// What it says.
    pub content: Content,
}

/// Where the worker finds the content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Here.
    Text(String),
    /// In the file posted beside the message, by its index in the list of files.
    File(u32),
}

/// From the page to the worker.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// Check these together, as one case.
    Check {
        /// Answers carry this number; the page ignores answers to jobs it has given up.
        job: u32,
        /// The day against which ages are judged.
        today: Date,
        /// What was handed in.
        documents: Vec<Handed>,
    },
}

/// From the worker to the page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tell {
    /// The engine runs. Sent once, before anything else.
    Ready {
        /// Must equal the page's own version, or the page reloads.
        version: String,
        /// Every rule, in rule order.
        rules: Vec<RuleInfo>,
    },
    /// The report of a job.
    Done {
        /// Which job.
        job: u32,
        /// What the engine says.
        report: Box<Report>,
    },
    /// The worker could not do the job, but lives.
    Broke {
        /// Which job.
        job: u32,
        /// What went wrong, without any input text.
        what: String,
    },
}

impl Ask {
    /// The message as it is posted.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a posted message.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl Tell {
    /// The message as it is posted.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a posted message.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
