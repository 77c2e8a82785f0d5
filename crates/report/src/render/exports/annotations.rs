//! Marks at lines of a change: GitHub's workflow commands and GitLab's code quality.

use serde_json::{Value, json};

use super::{Context, Level, fingerprints, level, lines, plain, to_json, worst_first};
use crate::{Locus, Report, Severity};

/// How many marks of one level GitHub shows for a step; the rest is dropped without a word.
const MOST: usize = 10;

/// Renders findings as workflow commands of GitHub Actions, worst first. Where there are more than
/// GitHub shows, the last one says how many.
pub fn github(report: &Report, context: &Context<'_>) -> String {
    let mut out = String::new();
    for (wanted, word) in
        [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")]
    {
        let problems = report.problems.iter().filter(|_| wanted == Level::Error).map(|it| {
            let path = context.path(report, it.source);
            let text = format!("{} {}", plain(&it.message), plain(&it.remedy));
            let line = it.place.as_ref().map_or(1, |it| lines(it).0.line);
            format!("file={},line={line},title=Plimsoll::{}", property(&path), data(&text))
        });
        let findings =
            worst_first(report).into_iter().filter(|(it, _)| level(it.severity) == wanted);
        let findings = findings.map(|(rule, finding)| {
            let text = data(&plain(&finding.message));
            let title = property(&format!("{} ({})", rule.title, rule.id));
            let Locus::Text { source, .. } = finding.place.at else {
                let place = data(&super::shown(report, &finding.place));
                return format!("title={title}::{place}: {text}");
            };
            let (start, end) = lines(&finding.place);
            let path = property(&context.path(report, source));
            let mut place = format!("file={path},line={},endLine={}", start.line, end.line);
            // Columns count only where a mark is on one line.
            if start.line == end.line {
                place += &format!(",col={},endColumn={}", start.column, end.column);
            }
            format!("{place},title={title}::{text}")
        });
        let all: Vec<String> = problems.chain(findings).collect();
        let shown = if all.len() > MOST { MOST - 1 } else { all.len() };
        for it in all.iter().take(shown) {
            out += &format!("::{word} {it}\n");
        }
        if all.len() > shown {
            let more = all.len() - shown;
            out += &format!("::{word} title=Plimsoll::{more} more in the summary\n");
        }
    }
    out
}

/// The text of a workflow command: a line end would start another one.
fn data(text: &str) -> String {
    let text = text::visible(text).to_string();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Renders findings as a code quality report of GitLab.
pub fn gitlab(report: &Report, context: &Context<'_>) -> String {
    let names = fingerprints(report, context, report.findings());
    let issue = |((rule, finding), name): ((&crate::RuleInfo, &crate::Finding), String)| {
        let severity = match rule.severity {
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Note => "info",
        };
        let (start, end) = lines(&finding.place);
        json!({
            "type": "issue",
            "check_name": rule.id,
            "description": plain(&finding.message),
            "categories": [if rule.question.is_some() { "Security" } else { "Bug Risk" }],
            "severity": severity,
            "fingerprint": name,
            "location": {
                "path": context.path_of(report, &finding.place),
                "lines": { "begin": start.line, "end": end.line.max(start.line) },
            },
        })
    };
    let issues: Vec<Value> = report.findings().zip(names).map(issue).collect();
    to_json(&Value::Array(issues))
}
