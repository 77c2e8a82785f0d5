//! Diagnostics for reviewdog, with the safe fixes as suggestions.

use serde_json::{Value, json};
use text::Position;

use super::{Context, Level, level, plain, to_json};
use crate::{Finding, Fix, Locus, Report, RuleInfo, Safety};

/// Renders findings in reviewdog's diagnostic format.
pub fn rdjson(report: &Report, context: &Context<'_>) -> String {
    let diagnostics: Vec<Value> =
        report.findings().map(|(rule, finding)| one(report, context, rule, finding)).collect();
    to_json(&json!({
        "source": { "name": "plimsoll", "url": env!("CARGO_PKG_REPOSITORY") },
        "diagnostics": diagnostics,
    }))
}

fn one(report: &Report, context: &Context<'_>, rule: &RuleInfo, finding: &Finding) -> Value {
    let severity = match level(rule.severity) {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note => "INFO",
    };
    let mut location = json!({ "path": context.path_of(report, &finding.place) });
    if let Locus::Text { source, span } = finding.place.at {
        let positions = (
            context.byte_position(source, span.start()),
            context.byte_position(source, span.end()),
        );
        if let (Some(start), Some(end)) = positions
            && let Some(it) = location.as_object_mut()
        {
            it.insert("range".to_owned(), range(start, end));
        }
    }
    let mut out = json!({
        "message": plain(&finding.message),
        "location": location,
        "severity": severity,
        "code": { "value": rule.id },
    });
    let suggestion = finding.fix.as_ref().and_then(|it| suggestion(context, it));
    if let (Some(it), Some(out)) = (suggestion, out.as_object_mut()) {
        out.insert("suggestions".to_owned(), Value::Array(vec![it]));
    }
    out
}

/// A safe fix that is one change. Several suggestions would be alternatives, and what stands between
/// two changes is input that is not written here.
fn suggestion(context: &Context<'_>, fix: &Fix) -> Option<Value> {
    let [edit] = &fix.edits[..] else { return None };
    if fix.safety != Safety::Safe {
        return None;
    }
    let start = context.byte_position(fix.source, edit.span.start())?;
    let end = context.byte_position(fix.source, edit.span.end())?;
    Some(json!({ "range": range(start, end), "text": edit.with }))
}

fn range(start: Position, end: Position) -> Value {
    let at = |it: Position| json!({ "line": it.line, "column": it.column });
    json!({ "start": at(start), "end": at(end) })
}
