//! Cases, facts, and the rules that judge them.

pub mod knowledge;

use report::{Kind, Report, RuleInfo, SourceInfo};
use text::{Date, Source};

/// Version of the engine; the page and its worker must agree on it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// One document as handed in.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// A file name, or a word such as `pasted`.
    pub name: &'a str,
    /// Its content; need not be text.
    pub bytes: &'a [u8],
    /// What the person says it is, when that differs from what it looks like.
    pub taken_for: Option<Kind>,
}

/// One image under review: all that was handed in about it, and the facts read from that.
#[derive(Debug)]
pub struct Case {
    sources: Vec<Source>,
    today: Date,
}

impl Case {
    /// Reads the documents as one case, judged as of `today`.
    pub fn new(documents: &[Document<'_>], today: Date) -> Self {
        let text = |it: &Document<'_>| String::from_utf8_lossy(it.bytes).into_owned();
        Self {
            sources: documents.iter().map(|it| Source::new(it.name, &text(it))).collect(),
            today,
        }
    }
}

/// Runs every rule over a case.
pub fn check(case: &Case) -> Report {
    let info = |it: &Source| SourceInfo {
        name: it.name.to_string(),
        kind: Kind::Dockerfile,
        bytes: it.text().len() as u64,
        lines: it.lines(),
    };
    Report {
        version: VERSION.to_owned(),
        today: case.today,
        facts: case.today,
        sources: case.sources.iter().map(info).collect(),
        read: Vec::new(),
        problems: Vec::new(),
        rules: 0,
        outcomes: Vec::new(),
        unexamined: Vec::new(),
    }
}

/// Every rule as the shells show it, in rule order.
pub fn rule_infos() -> Vec<RuleInfo> {
    Vec::new()
}
