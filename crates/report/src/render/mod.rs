//! A report as text for people, JSON for programs, and Markdown for reviews.
//!
//! Every renderer is a pure function of the report, so that the same report gives the same bytes
//! wherever it is rendered. Formats never change exit codes.

#[cfg(feature = "exports")]
pub(crate) mod exports;
mod json;
mod markdown;
mod plain;
mod told;

use std::collections::BTreeMap;

use crate::{Acceptance, Gap, Input, Locus, Place, Report, SourceInfo, Switched, Why, quote};

pub(crate) use json::escaped;
pub use json::json;
pub use markdown::markdown;
pub(crate) use markdown::message as message_as_markdown;
pub use plain::{Style, plain};

/// A place in words: `Dockerfile:12:1`, or `layer 4 /app/.env`. `sources`: those of the report.
pub fn place_name(sources: &[SourceInfo], place: &Place) -> String {
    match &place.at {
        Locus::Text { source, .. } => {
            let name = sources.get(usize::from(source.0)).map_or("?", |it| &it.name);
            let name = text::visible(name);
            match place.start {
                Some(start) => format!("{name}:{}:{}", start.line, start.column),
                None => name.to_string(),
            }
        }
        Locus::Layer { layer, path, .. } => format!("layer {layer} {}", text::visible(path)),
    }
}

/// "Examined: … Not examined: …", which stands wherever an answer stands.
pub fn examined(report: &Report) -> String {
    let names = |inputs: &[Input]| {
        let names: Vec<&str> = inputs.iter().map(|it| it.name()).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    };
    const ALL: [Input; 5] =
        [Input::Run, Input::Config, Input::History, Input::Dockerfile, Input::Layers];
    let (read, unread): (Vec<_>, Vec<_>) = ALL.iter().partition(|it| report.read.contains(it));
    format!("Examined: {}. Not examined: {}.", names(&read), names(&unread))
}

/// Rules that were switched off, each with its reason: what was not asked is said, too.
fn switched_off(report: &Report) -> Option<String> {
    let one = |it: &Switched| {
        let reason = it.reason.as_ref().map(|it| format!(" ({})", quote(it))).unwrap_or_default();
        format!("{}{reason}", quote(&it.rule))
    };
    let off: Vec<String> = report.switched.iter().filter(|it| !it.on).map(one).collect();
    (!off.is_empty()).then(|| format!("Switched off by the settings: {}.", off.join(", ")))
}

/// What could not be known, each doubt once, with what it is about: rules and questions.
fn doubts(report: &Report) -> Vec<(&Gap, Vec<&str>)> {
    let of_rules = report
        .outcomes
        .iter()
        .flat_map(|it| it.outcome.gaps.iter().map(|gap| (gap, &it.rule.id[..])));
    let of_questions = report.unexamined.iter().map(|it| (&it.gap, it.question.id()));
    let mut doubts: Vec<(&Gap, Vec<&str>)> = Vec::new();
    let mut known: BTreeMap<(Option<&Locus>, &Why), usize> = BTreeMap::new();
    for (gap, about) in of_rules.chain(of_questions) {
        let key = (gap.place.as_ref().map(|it| &it.at), &gap.why);
        match known.get(&key).and_then(|it| doubts.get_mut(*it)) {
            Some((_, all)) => all.push(about),
            None => {
                known.insert(key, doubts.len());
                doubts.push((gap, vec![about]));
            }
        }
    }
    doubts
}

/// More rules than this are not named with one doubt; what is doubtful for most of them is so for
/// one reason.
const MOST_NAMED: usize = 3;

/// What a doubt is about, in words.
fn named(about: &[&str], show: impl Fn(&str) -> String) -> String {
    let named = if about.len() > MOST_NAMED + 1 { MOST_NAMED } else { about.len() };
    let names: Vec<String> = about.iter().take(named).map(|it| show(it)).collect();
    match about.len() - named {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The form of what no comment accepts: it was found before.
pub(crate) const BASELINE: &str = "baseline";

/// Whose comment accepted a finding, and until when.
fn accepted_by(it: &Acceptance) -> String {
    let form = match &*it.form {
        BASELINE => return "known from the baseline".to_owned(),
        "buildkit" => "BuildKit",
        "trivy" => "Trivy",
        "checkov" => "Checkov",
        "kics" => "KICS",
        "semgrep" => "Semgrep",
        other => other,
    };
    let until = it.until.map(|it| format!("until {it} ")).unwrap_or_default();
    format!("accepted {until}by a {form} comment")
}
