//! `RUN --mount=…`.

use text::Span;

use crate::words::word;
use crate::{Flag, Word};

/// A mount of a `RUN`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// The flag.
    pub span: Span,
    /// Its type; `bind` when none is given.
    pub kind: MountKind,
    /// Its fields in order, the type among them.
    pub fields: Vec<MountField>,
}

/// The type of a mount.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MountKind {
    /// Files of the context or of another stage.
    Bind,
    /// A directory that outlives the build.
    Cache,
    /// A directory in memory.
    Tmpfs,
    /// A secret, for this command only.
    Secret,
    /// An SSH agent, for this command only.
    Ssh,
    /// A type that is not known, or a variable.
    Unknown,
}

impl MountKind {
    /// The types that exist.
    pub(crate) const NAMES: [&'static str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];

    fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "bind" => Self::Bind,
            "cache" => Self::Cache,
            "tmpfs" => Self::Tmpfs,
            "secret" => Self::Secret,
            "ssh" => Self::Ssh,
            _ => Self::Unknown,
        }
    }
}

/// A field of a mount.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MountField {
    /// Its name in lower case, as written: `dst` stays `dst`.
    pub key: String,
    /// Its value, when an `=` follows.
    pub value: Option<Word>,
    /// All of it.
    pub span: Span,
}

impl Mount {
    /// Reads a `--mount` flag.
    pub(crate) fn read(flag: &Flag) -> Self {
        let mut fields = Vec::new();
        let mut at = 0;
        let value = flag.value.as_ref();
        for part in flag.value_str().split(',') {
            fields.extend(value.map(|it| field(it, at, part)));
            at += part.len() + 1;
        }
        let kind = fields.iter().rfind(|it| it.key == "type").and_then(|it| it.value.as_ref());
        let kind = kind.map_or(MountKind::Bind, |it| MountKind::named(it.as_str()));
        Self { span: flag.span, kind, fields }
    }

    /// The value of a field, by any of its names.
    pub fn field(&self, names: &[&str]) -> Option<&Word> {
        let found = self.fields.iter().rfind(|it| names.contains(&it.key.as_str()));
        found.and_then(|it| it.value.as_ref())
    }

    /// Where it is mounted, as written.
    pub fn target(&self) -> Option<&Word> {
        self.field(&["target", "dst", "destination"])
    }

    /// What is mounted, as written.
    pub fn source(&self) -> Option<&Word> {
        self.field(&["source", "src"])
    }

    /// The stage or image it comes from, as written.
    pub fn from(&self) -> Option<&Word> {
        self.field(&["from"])
    }
}

fn field(value: &Word, at: usize, part: &str) -> MountField {
    let all = word(&value.text, at..at + part.len());
    match part.split_once('=') {
        Some((key, given)) => {
            let start = at + part.len() - given.len();
            let value = word(&value.text, start..at + part.len());
            MountField { key: key.to_ascii_lowercase(), value: Some(value), span: all.span }
        }
        None => MountField { key: part.to_ascii_lowercase(), value: None, span: all.span },
    }
}
