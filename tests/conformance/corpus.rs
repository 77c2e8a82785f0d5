//! Reads corpora: one JSON object a line, gzip-compressed.

use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// A labelled case. Fields that a corpus does not have are empty.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) expected: String,
    #[serde(default)]
    pub(crate) parser_result: Option<String>,
    #[serde(default)]
    pub(crate) dockerfile: String,
}

/// Reads the corpus of that name.
pub(crate) fn read(shared: &Path, name: &str) -> Result<Vec<Case>> {
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
