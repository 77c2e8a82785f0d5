//! JSON, for programs. The shape is promised by its schema number: fields may be added under the
//! same number, never removed or changed.

use std::fmt::Write;

use serde::Serialize;
use text::{Date, is_hidden};

use super::examined;
use crate::{
    Accepted, Disagreement, Evidence, Finding, Gap, History, Input, Problem, Question, Report,
    RuleInfo, Settle, SourceInfo, Switched, Verdict, answers, headline,
};

const SCHEMA: &str = "plimsoll-report/1";

/// Renders a report as JSON, indented, with a final newline.
pub fn json(report: &Report) -> String {
    let answers = answers(report);
    let document = Document {
        schema: SCHEMA,
        tool: Tool { name: "plimsoll", version: &report.version, facts: report.facts },
        today: report.today,
        headline: headline(&answers),
        examined: examined(report),
        read: &report.read,
        sources: &report.sources,
        problems: &report.problems,
        answers: answers.iter().map(AnswerView::new).collect(),
        rules_run: report.rules,
        switched: &report.switched,
        rules: report.outcomes.iter().map(RuleView::new).collect(),
        unexamined: report.unexamined.iter().map(UnexaminedView::new).collect(),
        disagreements: &report.disagreements,
        history: report.history.as_ref(),
        writable: &report.writable,
    };
    // Nothing in the document can fail to serialize: no maps with odd keys, no foreign types.
    let mut text = escaped(serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
    text
}

/// Writes characters that would act on a terminal as escapes. They can only stand inside strings,
/// and there an escape means the same, so that names come through unchanged.
pub(crate) fn escaped(json: String) -> String {
    // Of ASCII, all others are escaped already, and nearly every report has no more than that.
    if json.is_ascii() && !json.contains('\x7f') {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json.as_str();
    loop {
        let plain = |it: u8| matches!(it, b'\n' | b' '..=b'~');
        let end = rest.bytes().position(|it| !plain(it)).unwrap_or(rest.len());
        let (as_it_is, unusual) = rest.split_at(end);
        out.push_str(as_it_is);
        let mut unusual = unusual.chars();
        match unusual.next() {
            None => return out,
            Some(it) if is_hidden(it) => {
                for unit in it.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            Some(it) => out.push(it),
        }
        rest = unusual.as_str();
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    today: Date,
    headline: String,
    examined: String,
    read: &'a [Input],
    sources: &'a [SourceInfo],
    problems: &'a [Problem],
    answers: Vec<AnswerView<'a>>,
    rules_run: u32,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    switched: &'a [Switched],
    rules: Vec<RuleView<'a>>,
    unexamined: Vec<UnexaminedView<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    disagreements: &'a [Disagreement],
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<&'a History>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    writable: &'a [Evidence],
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
    /// Date of the newest built-in facts.
    facts: Date,
}

#[derive(Serialize)]
struct AnswerView<'a> {
    question: Question,
    text: &'static str,
    verdict: Verdict,
    answer: &'static str,
    sentence: &'a str,
    findings: usize,
    accepted: usize,
    settle: &'a [Settle],
}

impl<'a> AnswerView<'a> {
    fn new(it: &'a crate::Answer) -> Self {
        Self {
            question: it.question,
            text: it.question.text(),
            verdict: it.state.verdict(),
            answer: it.state.word(),
            sentence: &it.sentence,
            findings: it.findings,
            accepted: it.accepted,
            settle: &it.settle,
        }
    }
}

#[derive(Serialize)]
struct RuleView<'a> {
    #[serde(flatten)]
    rule: &'a RuleInfo,
    verdict: Verdict,
    findings: &'a [Finding],
    gaps: Vec<GapView<'a>>,
    cleared: &'a [Evidence],
    accepted: &'a [Accepted],
}

impl<'a> RuleView<'a> {
    fn new(it: &'a crate::RuleOutcome) -> Self {
        Self {
            rule: &it.rule,
            verdict: it.outcome.verdict(),
            findings: &it.outcome.findings,
            gaps: it.outcome.gaps.iter().map(GapView::new).collect(),
            cleared: &it.outcome.cleared,
            accepted: &it.outcome.accepted,
        }
    }
}

#[derive(Serialize)]
struct GapView<'a> {
    #[serde(flatten)]
    gap: &'a Gap,
    message: String,
    settle: Option<Settle>,
}

impl<'a> GapView<'a> {
    fn new(gap: &'a Gap) -> Self {
        Self { gap, message: gap.why.message(), settle: gap.why.settle() }
    }
}

#[derive(Serialize)]
struct UnexaminedView<'a> {
    question: Question,
    #[serde(flatten)]
    gap: GapView<'a>,
}

impl<'a> UnexaminedView<'a> {
    fn new(it: &'a crate::QuestionGap) -> Self {
        Self { question: it.question, gap: GapView::new(&it.gap) }
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_come_through_without_acting_on_a_terminal() {
        let name = "a\u{9b}2J\u{202e}\u{e0041}\x7f\u{e9}\x1b";
        let json = serde_json::to_string(name).unwrap();
        let json = escaped(json);
        assert_eq!(json, r#""a\u009b2J\u202e\udb40\udc41\u007fé\u001b""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), name);
        assert_eq!(escaped("[\n\"a\"\n]".to_owned()), "[\n\"a\"\n]");
        assert_eq!(escaped("\"\x7f\"".to_owned()), r#""\u007f""#);
    }
}
