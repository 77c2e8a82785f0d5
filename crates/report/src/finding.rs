//! Findings, their evidence, their fixes, and findings that somebody accepted.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use text::{Date, Edit, SourceId};

use crate::{Locus, Place};

/// A place and what it shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// What is to be seen there. Most notes are the same for every case.
    pub note: Cow<'static, str>,
}

/// How sure a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It follows from what was read.
    #[default]
    Certain,
    /// A judgement about content, such as how random a value looks.
    Likely,
}

/// Something wrong, at exactly one primary place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The place it is about.
    pub place: Place,
    /// What is wrong, with input text quoted (see [`crate::quote`]).
    pub message: String,
    /// How sure it is.
    #[serde(default)]
    pub confidence: Confidence,
    /// Other places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub related: Vec<Evidence>,
    /// How to mend it mechanically.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fix: Option<Fix>,
    /// Whether it is about a step of the base image, which only a change of the base mends.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub in_base: bool,
}

impl Finding {
    /// Adds a place that belongs to this finding.
    pub fn related(&mut self, at: &Locus, note: impl Into<Cow<'static, str>>) -> &mut Self {
        self.related.push(Evidence { place: at.into(), note: note.into() });
        self
    }

    /// Marks this finding as a judgement about content.
    pub fn likely(&mut self) -> &mut Self {
        self.confidence = Confidence::Likely;
        self
    }

    /// Adds a fix, if there is one.
    pub fn fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fix = fix;
        self
    }
}

/// Whether a fix keeps the meaning of the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// The built image behaves the same.
    Safe,
    /// Somebody has to look at it.
    Review,
}

/// A change to one source that removes the finding. Its edits are sorted and disjoint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, imperative.
    pub title: Cow<'static, str>,
    /// The source it changes.
    pub source: SourceId,
    /// The changes.
    pub edits: Vec<Edit>,
    /// Whether it may be applied unseen.
    pub safety: Safety,
}

/// A finding that somebody accepted in the file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Accepted {
    /// What was accepted.
    pub finding: Finding,
    /// By which comment.
    pub by: Acceptance,
}

/// A comment that accepts findings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Acceptance {
    /// Where it stands.
    pub place: Place,
    /// Whose form of comment it is, by the tool: `plimsoll`, `hadolint`, `trivy`, …
    pub form: Cow<'static, str>,
    /// The reason given.
    pub reason: Option<String>,
    /// The last day it counts.
    pub until: Option<Date>,
}
