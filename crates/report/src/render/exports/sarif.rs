//! SARIF 2.1.0, as code scanning reads it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Context, Level, fingerprints, level, lines, plain, shown, to_json};
use crate::{Acceptance, Evidence, Finding, Fix, Gap, Locus, Place, Report, RuleInfo, Severity};

/// GitHub takes 25,000 results of a run, and refuses a file with more.
const MOST: usize = 25_000;

/// Renders a report as SARIF 2.1.0. What was accepted is a suppressed result; what could not be known
/// is a notification, and so is what kept an input from being read.
pub fn sarif(report: &Report, context: &Context<'_>) -> String {
    let run = Run { report, context };
    let open = report.findings().map(|(rule, it)| (rule, it, None));
    let accepted = report.outcomes.iter().flat_map(|it| {
        it.outcome.accepted.iter().map(|one| (&it.rule, &one.finding, Some(&one.by)))
    });
    let all: Vec<_> = open.chain(accepted).collect();
    let names = fingerprints(report, context, all.iter().map(|it| (it.0, it.1)));
    let mut all: Vec<_> = all.into_iter().zip(names).collect();
    // Where not all fit, the worst do.
    let left_out = all.len().saturating_sub(MOST);
    if left_out > 0 {
        text::order::sort_by_key(&mut all, |((rule, _, by), _)| (by.is_some(), rule.severity));
        all.truncate(MOST);
    }
    let results: Vec<Value> =
        all.iter().map(|((rule, it, by), name)| run.result(rule, it, *by, name)).collect();
    to_json(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Plimsoll",
                "version": report.version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": run.rules(),
            } },
            "columnKind": "unicodeCodePoints",
            "automationDetails": { "id": "plimsoll/" },
            "artifacts": run.artifacts(),
            "invocations": [run.invocation(left_out)],
            "results": results,
            "properties": {
                "judgedAsOf": report.today.to_string(),
                "factsOf": report.facts.to_string(),
                "examined": crate::examined(report),
            },
        }],
    }))
}

struct Run<'a> {
    report: &'a Report,
    context: &'a Context<'a>,
}

impl Run<'_> {
    fn rules(&self) -> Vec<Value> {
        self.report.outcomes.iter().map(|it| self.rule(&it.rule)).collect()
    }

    fn rule(&self, rule: &RuleInfo) -> Value {
        let mut tags = vec![rule.applies.id()];
        let mut properties = Map::new();
        if let Some(question) = rule.question {
            tags.extend(["security", question.id()]);
            // GitHub sorts by bands: above 7, from 4, below.
            let score = match rule.severity {
                Severity::High => "8.0",
                Severity::Medium => "5.0",
                Severity::Low => "3.0",
                Severity::Note => "1.0",
            };
            properties.insert("security-severity".to_owned(), score.into());
        }
        properties.insert("tags".to_owned(), tags.into());
        properties.insert("aliases".to_owned(), json!(rule.aka));
        let page = (self.context.help)(&rule.id);
        let help = if page.trim().is_empty() { rule.title.to_string() } else { page };
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.title },
            "fullDescription": { "text": plain(&rule.title) },
            "help": { "text": help, "markdown": help },
            "defaultConfiguration": { "level": word(level(rule.severity)) },
            "properties": properties,
        })
    }

    fn artifacts(&self) -> Vec<Value> {
        let sources = (0..=u16::MAX).map(text::SourceId).zip(&self.report.sources);
        let one = |(id, it): (text::SourceId, &crate::SourceInfo)| {
            json!({
                "location": { "uri": self.uri(id) },
                "length": it.bytes.min(i64::MAX as u64),
                "description": { "text": it.kind.name() },
            })
        };
        sources.map(one).collect()
    }

    fn result(
        &self,
        rule: &RuleInfo,
        finding: &Finding,
        by: Option<&Acceptance>,
        name: &str,
    ) -> Value {
        let related = finding.related.iter().enumerate().map(|(index, it)| self.related(index, it));
        let mut result = json!({
            "ruleId": rule.id,
            "level": word(level(rule.severity)),
            "message": { "text": plain(&finding.message) },
            "locations": [self.location(&finding.place)],
            // The second is the only one that GitHub looks at.
            "partialFingerprints": { "plimsoll/v1": name, "primaryLocationLineHash": name },
            "suppressions": by.iter().map(|it| self.suppression(it)).collect::<Vec<_>>(),
        });
        let index = self.report.outcomes.iter().position(|it| it.rule.id == rule.id);
        let Some(out) = result.as_object_mut() else { return result };
        if let Some(index) = index {
            out.insert("ruleIndex".to_owned(), index.into());
        }
        if self.context.has_baseline {
            let state = if by.is_some_and(is_known) { "unchanged" } else { "new" };
            out.insert("baselineState".to_owned(), state.into());
        }
        if finding.confidence == crate::Confidence::Likely {
            out.insert("properties".to_owned(), json!({ "confidence": "likely" }));
        }
        // GitHub shows a hundred.
        let related: Vec<Value> = related.take(100).collect();
        if !related.is_empty() {
            out.insert("relatedLocations".to_owned(), related.into());
        }
        if let Some(fix) = finding.fix.as_ref().and_then(|it| self.fix(it)) {
            out.insert("fixes".to_owned(), Value::Array(vec![fix]));
        }
        result
    }

    fn suppression(&self, by: &Acceptance) -> Value {
        if is_known(by) {
            let justification = "known from the baseline";
            return json!({ "kind": "external", "status": "accepted", "justification": justification });
        }
        let until = by.until.map(|it| format!(" (until {it})")).unwrap_or_default();
        let reason = by.reason.as_deref().unwrap_or("no reason given");
        json!({
            "kind": "inSource",
            "status": "accepted",
            "justification": text::visible(&format!("{reason}{until}")).to_string(),
            "location": self.location(&by.place),
        })
    }

    fn related(&self, index: usize, it: &Evidence) -> Value {
        let mut location = self.location(&it.place);
        if let Some(out) = location.as_object_mut() {
            out.insert("id".to_owned(), (index + 1).into());
            out.insert("message".to_owned(), json!({ "text": plain(&it.note) }));
        }
        location
    }

    fn location(&self, place: &Place) -> Value {
        let path = self.context.path_of(self.report, place);
        let (start, end) = lines(place);
        let mut location = json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&path) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line.max(start.line),
                "endColumn": end.column,
            },
        } });
        // GitHub refuses a whole file for one place that is in no file. So a path in an image stands
        // for a file, too, and says beside it what it is.
        if let (Locus::Layer { .. }, Some(out)) = (&place.at, location.as_object_mut()) {
            let name = shown(self.report, place);
            let logical = json!([{ "fullyQualifiedName": name, "kind": "resource" }]);
            out.insert("logicalLocations".to_owned(), logical);
        }
        location
    }

    fn fix(&self, fix: &Fix) -> Option<Value> {
        let source = self.context.sources.get(usize::from(fix.source.0))?;
        let replace = |it: &text::Edit| {
            let (start, end) = (source.position(it.span.start()), source.position(it.span.end()));
            json!({
                "deletedRegion": {
                    "startLine": start.line,
                    "startColumn": start.column,
                    "endLine": end.line,
                    "endColumn": end.column,
                },
                "insertedContent": { "text": it.with },
            })
        };
        Some(json!({
            "description": { "text": plain(&fix.title) },
            "artifactChanges": [{
                "artifactLocation": { "uri": self.uri(fix.source) },
                "replacements": fix.edits.iter().map(replace).collect::<Vec<_>>(),
            }],
        }))
    }

    fn invocation(&self, left_out: usize) -> Value {
        let report = self.report;
        let gaps = report.outcomes.iter().flat_map(|it| {
            it.outcome.gaps.iter().map(|gap| self.gap(gap, Some(&*it.rule.id), None))
        });
        let unexamined =
            report.unexamined.iter().map(|it| self.gap(&it.gap, None, Some(it.question.text())));
        let problems = report.problems.iter().map(|it| {
            let place = match &it.place {
                Some(place) => self.location(place),
                None => json!({
                    "physicalLocation": { "artifactLocation": { "uri": self.uri(it.source) } },
                }),
            };
            let text = format!("{} {}", plain(&it.message), plain(&it.remedy));
            json!({ "level": "error", "message": { "text": text }, "locations": [place] })
        });
        let mut notes: Vec<Value> = problems.chain(gaps).chain(unexamined).collect();
        if left_out > 0 {
            let text = format!("{left_out} more results do not fit into this file.");
            notes.push(json!({ "level": "warning", "message": { "text": text } }));
        }
        let mut known = BTreeSet::new();
        notes.retain(|it| known.insert(it.to_string()));
        let switched = report.switched.iter().map(|it| {
            json!({
                "descriptor": { "id": it.rule },
                "configuration": {
                    "enabled": it.on,
                    "properties": { "reason": it.reason },
                },
            })
        });
        json!({
            "executionSuccessful": report.problems.is_empty(),
            "toolExecutionNotifications": notes,
            "ruleConfigurationOverrides": switched.collect::<Vec<_>>(),
        })
    }

    fn gap(&self, gap: &Gap, rule: Option<&str>, question: Option<&str>) -> Value {
        let mut text = plain(&gap.why.message());
        if let Some(question) = question {
            text = format!("{question} {text}");
        }
        if let Some(command) = gap.why.settle().and_then(|it| it.command) {
            text += &format!(" Settle it with: {command}");
        }
        let mut note = json!({ "level": "note", "message": { "text": text } });
        if let Some(out) = note.as_object_mut() {
            if let Some(rule) = rule {
                out.insert("associatedRule".to_owned(), json!({ "id": rule }));
            }
            if let Some(place) = &gap.place {
                out.insert("locations".to_owned(), Value::Array(vec![self.location(place)]));
            }
        }
        note
    }

    fn uri(&self, source: text::SourceId) -> String {
        uri(&self.context.path(self.report, source))
    }
}

/// A path as a reference: everything that is no plain character is encoded.
fn uri(path: &str) -> String {
    let mut out = String::new();
    // A first part with a colon would be taken for a scheme.
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    if path.starts_with('/') { format!("file://{out}") } else { out }
}

fn is_known(by: &Acceptance) -> bool {
    *by.form == *crate::render::BASELINE
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}
