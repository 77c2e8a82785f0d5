//! What changes nothing about a Dockerfile's meaning changes no finding: line ends, a byte order
//! mark, blank lines, comments, the case of keywords.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use dockerfile::Piece;
use rules::{Case, Document};
use text::Date;

use crate::{Figure, corpus};

/// A way of writing the same file otherwise, and the rules that are about just this.
struct Rewriting {
    name: &'static str,
    write: fn(&str) -> String,
    about_it: &'static [&'static str],
}

const REWRITINGS: &[Rewriting] = &[
    Rewriting {
        name: "CRLF",
        write: |text| text.replace("\r\n", "\n").replace('\n', "\r\n"),
        about_it: &["crlf-line-endings"],
    },
    Rewriting { name: "a byte order mark", write: |text| format!("\u{feff}{text}"), about_it: &[] },
    Rewriting { name: "a leading blank line", write: blank_first, about_it: &[] },
    Rewriting {
        name: "a trailing comment",
        write: |text| format!("{}\n# The end.\n", text.trim_end_matches(['\n', '\r'])),
        about_it: &[],
    },
    Rewriting {
        name: "no final newline",
        write: |text| text.trim_end_matches(['\n', '\r']).to_owned(),
        about_it: &[],
    },
    Rewriting {
        name: "keywords in lower case",
        write: lower_keywords,
        about_it: &["instruction-casing", "from-as-casing"],
    },
];

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let files = corpus::read_files(shared)?;
    Ok(REWRITINGS.iter().map(|it| one(it, &files)).collect())
}

fn one(rewriting: &Rewriting, files: &[corpus::File]) -> Figure {
    let mut changed = 0;
    for file in files {
        let before = counts(&file.dockerfile, rewriting.about_it);
        let after = counts(&(rewriting.write)(&file.dockerfile), rewriting.about_it);
        if before != after {
            changed += 1;
            let rules = before.keys().chain(after.keys());
            let mut differ: Vec<&String> =
                rules.filter(|it| before.get(*it) != after.get(*it)).collect();
            differ.dedup();
            println!("{}: {}: {differ:?}", rewriting.name, file.id);
        }
    }
    Figure {
        name: format!("files with other findings after {}", rewriting.name),
        value: format!("{changed} of {}", files.len()),
        reached: changed == 0,
        binding: true,
    }
}

/// How many findings each rule has.
fn counts(text: &str, left_out: &[&str]) -> BTreeMap<String, usize> {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let today = Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"));
    let report = rules::check(&Case::new(&[document], today));
    let mut out = BTreeMap::new();
    for (rule, _) in report.findings().filter(|(rule, _)| !left_out.contains(&&*rule.id)) {
        *out.entry(rule.id.to_string()).or_default() += 1;
    }
    out
}

/// A blank line before the first instruction. Directives are none after a blank line, so it comes
/// after them.
fn blank_first(text: &str) -> String {
    let pieces = dockerfile::parse(text).pieces;
    let directives = pieces.iter().rev().find(|it| matches!(it, Piece::Directive(_)));
    let at = directives.map_or(0, |it| it.span().range().end);
    let (before, after) = text.split_at_checked(at).unwrap_or(("", text));
    format!("{before}\n{after}")
}

/// All keywords in lower case.
fn lower_keywords(text: &str) -> String {
    let mut out = text.to_owned();
    for it in dockerfile::parse(text).pieces.iter().filter_map(|it| it.instruction()) {
        let range = it.word.span.range();
        let lower = text.get(range.clone()).unwrap_or_default().to_ascii_lowercase();
        out.replace_range(range, &lower);
    }
    out
}
