//! What the shells need to know of a rule: data, no behavior.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The four guiding questions about a compromised container. They are asked so that "no" is good.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Can it write important files?
    Write,
    /// Does it run as root?
    Root,
    /// Does it contain secrets?
    Secrets,
    /// Does it include unnecessary tools?
    Tools,
}

impl Question {
    /// All four, in the order in which they are asked.
    pub const ALL: [Self; 4] = [Self::Write, Self::Root, Self::Secrets, Self::Tools];

    /// The question in full.
    pub fn text(self) -> &'static str {
        match self {
            Self::Write => "Can it write important files?",
            Self::Root => "Does it run as root?",
            Self::Secrets => "Does it contain secrets?",
            Self::Tools => "Does it include unnecessary tools?",
        }
    }

    /// The word used for it in options, anchors and JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Root => "root",
            Self::Secrets => "secrets",
            Self::Tools => "tools",
        }
    }

    /// Its number as people see it, from 1.
    pub fn number(self) -> u8 {
        match self {
            Self::Write => 1,
            Self::Root => 2,
            Self::Secrets => 3,
            Self::Tools => 4,
        }
    }
}

/// How much an intruder, or the next build, gains from a finding. One per rule: doubt is
/// expressed by gaps, never by lowering it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Hands over something by itself, or the build fails.
    High,
    /// Makes an intrusion or an accident clearly worse.
    Medium,
    /// Worth changing when the file is touched anyway.
    Low,
    /// Good to know.
    Note,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Note];

    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Note => "note",
        }
    }

    /// The shape that stands for it wherever color may be missing.
    pub fn shape(self) -> char {
        match self {
            Self::High => '\u{25b2}',
            Self::Medium => '\u{25c6}',
            Self::Low => '\u{25a0}',
            Self::Note => '\u{25cf}',
        }
    }
}

/// Where the control that a rule asks for takes effect. A control protects only there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applies {
    /// While the image is built, and to what the build may reach.
    Build,
    /// In the image itself, wherever it runs.
    Image,
    /// In the registry that hands the image out.
    Registry,
    /// On the one host, or in the one manifest, that runs the container.
    Host,
}

impl Applies {
    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Image => "image",
            Self::Registry => "registry",
            Self::Host => "host",
        }
    }
}

/// A rule as shown: everything but its check and its prose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Kebab-case name of the problem.
    pub id: Cow<'static, str>,
    /// A fact in the present tense, no full stop.
    pub title: Cow<'static, str>,
    /// The question it helps to answer; rules about correctness and style belong to none.
    pub question: Option<Question>,
    /// How bad a finding is.
    pub severity: Severity,
    /// Where the control applies.
    pub applies: Applies,
    /// Names that others use for it: other tools' codes, benchmark numbers, catalogue rows.
    pub aka: Vec<Cow<'static, str>>,
}
