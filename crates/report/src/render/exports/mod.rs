//! Formats that other programs read: code scanning, test reports, review bots, and a page to file.
//!
//! They need a little more than a report: where files lie in the repository, what a rule's page
//! says, and where in a text a byte stands. No text of a source is ever written.

mod annotations;
mod html;
mod rdjson;
mod sarif;
mod summary;
mod xml;

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

use text::{Position, Source, SourceId};

use super::place_name;
use crate::{Finding, Locus, Place, Report, RuleInfo, Severity, pieces, sentence};

pub use annotations::{github, gitlab};
pub use html::html;
pub use rdjson::rdjson;
pub use sarif::sarif;
pub use summary::summary;
pub use xml::{checkstyle, junit};

/// What a report itself does not say.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The texts, to tell lines and columns of fixes.
    pub sources: &'a [Source],
    /// The path of each source, from the top of its repository and with slashes; none for what is
    /// no file.
    pub paths: &'a [Option<String>],
    /// What there is to read about a rule, as Markdown and without examples; empty where there is nothing.
    pub help: fn(&str) -> String,
    /// Whether a [`crate::Baseline`] was applied: formats that know one say of each finding whether it is new.
    pub has_baseline: bool,
}

impl Context<'_> {
    /// The path that stands for a source.
    fn path(&self, report: &Report, source: SourceId) -> String {
        let index = usize::from(source.0);
        let path = self.paths.get(index).cloned().flatten();
        let name = || report.sources.get(index).map(|it| it.name.clone());
        path.or_else(name).unwrap_or_default()
    }

    /// The path that stands for a place. Files of layers are in no repository; they go by the path
    /// that they have in the image.
    fn path_of(&self, report: &Report, place: &Place) -> String {
        match &place.at {
            Locus::Text { source, .. } => self.path(report, *source),
            Locus::Layer { path, .. } => path.trim_start_matches('/').to_owned(),
        }
    }

    /// Line and column of a byte, the column counted in bytes.
    fn byte_position(&self, source: SourceId, offset: u32) -> Option<Position> {
        let text = self.sources.get(usize::from(source.0))?;
        let line = text.position(offset).line;
        let start = text.line(line)?.start();
        Some(Position { line, column: offset.saturating_sub(start) + 1 })
    }
}

/// Where a finding is shown: nothing is on line 0, whatever has no line.
fn lines(place: &Place) -> (Position, Position) {
    let first = Position { line: 1, column: 1 };
    let start = place.start.unwrap_or(first);
    (start, place.end.unwrap_or(start))
}

/// Names each finding by the rule, what stands there, and its number among equal ones, so that the
/// name survives when lines move. What stands there is the masked excerpt: a name can be kept
/// where secrets may not.
pub(crate) fn fingerprints<'a>(
    report: &Report,
    context: &Context<'_>,
    findings: impl Iterator<Item = (&'a RuleInfo, &'a Finding)>,
) -> Vec<String> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for (rule, finding) in findings {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.as_bytes());
            hash.update([0]);
        };
        add(&rule.id);
        add(&context.path_of(report, &finding.place));
        for line in &finding.place.excerpt {
            add(line.text.trim());
            let (start, end) = (line.mark.0 as usize, line.mark.1 as usize);
            let marked: String =
                line.text.chars().skip(start).take(end.saturating_sub(start)).collect();
            add(&marked);
        }
        let digest = hash.finalize();
        let mut name = String::new();
        for byte in digest.iter().take(12) {
            let _ = write!(name, "{byte:02x}");
        }
        let number = known.entry(name.clone()).or_default();
        *number += 1;
        names.push(format!("{name}:{number}"));
    }
    names
}

/// Findings, worst first: where a format has room for a few only, these are the ones.
fn worst_first(report: &Report) -> Vec<(&RuleInfo, &Finding)> {
    let mut findings: Vec<_> = report.findings().collect();
    text::order::sort_by_key(&mut findings, |(rule, _)| rule.severity);
    findings
}

/// A message as plain text: a sentence.
fn plain(message: &str) -> String {
    sentence(message)
}

/// Three levels, as most formats have them.
fn level(severity: Severity) -> Level {
    match severity {
        Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low | Severity::Note => Level::Note,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Note,
}

/// Text inside XML and HTML, attributes too. Characters that XML cannot hold are shown as what
/// they are.
fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text::visible(text).to_string().chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(it),
        }
    }
    out
}

/// A message inside HTML, its quotations as code.
fn message(text: &str) -> String {
    let piece = |it: crate::Piece<'_>| match it {
        crate::Piece::Prose(it) => markup(it),
        crate::Piece::Code(it) => format!("<code>{}</code>", markup(it)),
    };
    pieces(text).map(piece).collect()
}

/// A place in words.
fn shown(report: &Report, place: &Place) -> String {
    place_name(&report.sources, place)
}

/// A value as JSON, indented, with a final newline. Nothing here can fail to serialize.
fn to_json(value: &serde_json::Value) -> String {
    super::json::escaped(serde_json::to_string_pretty(value).unwrap_or_default()) + "\n"
}

#[cfg(test)]
mod tests;
