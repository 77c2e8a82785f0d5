//! Reads corpora: one JSON object a line, gzip-compressed.

use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A labelled case. Fields that a corpus does not have are empty.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    /// The peer's rule.
    #[serde(default)]
    pub(crate) rule: String,
    /// The peer's other name for it; for KICS its identifier.
    #[serde(default)]
    pub(crate) rule_uuid: Option<String>,
    /// `fires`, `clean` or `none`.
    #[serde(default)]
    pub(crate) expected: String,
    /// Where it fires, counted from 1.
    #[serde(default)]
    pub(crate) lines: Option<Vec<u32>>,
    #[serde(default)]
    pub(crate) fragment: bool,
    #[serde(default)]
    pub(crate) config: serde_json::Value,
    #[serde(default)]
    pub(crate) needs_context: serde_json::Value,
    #[serde(default)]
    pub(crate) conflict: serde_json::Value,
    #[serde(default)]
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) parser_result: Option<String>,
    #[serde(default)]
    pub(crate) dockerfile: String,
}

/// A Dockerfile of a public repository.
#[derive(Debug, Deserialize)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) dockerfile: String,
}

/// Reads the Dockerfiles of public repositories.
pub(crate) fn read_files(shared: &Path) -> Result<Vec<File>> {
    read_as(shared, "realworld")
}

impl Case {
    /// Whether its verdict depends on nothing but the text, and is about one rule.
    pub(crate) fn is_scored(&self) -> bool {
        let set = |it: &serde_json::Value| {
            !matches!(it, serde_json::Value::Null | serde_json::Value::Bool(false))
        };
        let labelled = matches!(&*self.expected, "fires" | "clean");
        let one_rule = !matches!(&*self.rule, "" | "-" | "ANY" | "ALL");
        labelled
            && one_rule
            && self.kind.is_none()
            && ![&self.config, &self.needs_context, &self.conflict].into_iter().any(set)
    }

    /// The names under which the peer knows the rule.
    pub(crate) fn peer_ids(&self) -> Vec<String> {
        // KICS rules are known by the first eight digits of their identifier.
        match self.rule_uuid.as_deref().and_then(|it| it.get(..8)) {
            Some(id) => vec![id.to_owned()],
            // Some cases are about one of two rules.
            None => self.rule.split('|').map(str::to_owned).collect(),
        }
    }

    /// Its text, made whole if it is a fragment, and by how many lines that shifts it.
    pub(crate) fn text(&self) -> (String, u32) {
        // A case about a file without `FROM` is whole as it is.
        if self.fragment && self.rule != "NO_SOURCE_IMAGE" {
            (format!("FROM debian:13\n{}", self.dockerfile), 1)
        } else {
            (self.dockerfile.clone(), 0)
        }
    }
}

/// Reads the corpus of that name.
pub(crate) fn read(shared: &Path, name: &str) -> Result<Vec<Case>> {
    read_as(shared, name)
}

/// Reads a corpus whose lines have fields of their own.
pub(crate) fn read_as<T: DeserializeOwned>(shared: &Path, name: &str) -> Result<Vec<T>> {
    let path = shared.join("corpora").join(format!("{name}.jsonl.gz"));
    let file =
        std::fs::File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    let case = |line: std::io::Result<String>| {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&line).with_context(|| format!("odd line in {}", path.display()))
    };
    lines.map(case).collect()
}
