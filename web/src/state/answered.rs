//! A report, prepared for being looked at.

use std::rc::Rc;

use report::{
    Answer, Finding, Input, Locus, Question, Report, RuleInfo, Severity, State as Verdict,
};
use report::{answers, headline};
use text::{SourceId, Span};

use super::mending::safe_fixes;
use super::{InputId, Posted, Texts};
use crate::marks::Mark;

/// A report and what follows from it.
#[derive(Debug)]
pub(crate) struct Answered {
    /// The report as the engine gave it.
    pub(crate) report: Report,
    /// The same as the command line writes it.
    pub(crate) json: String,
    /// The stages that could be built, if there are several.
    pub(crate) stages: Vec<String>,
    /// The four answers.
    pub(crate) answers: [Answer; 4],
    /// The four answers in one line.
    pub(crate) headline: String,
    /// The findings as they are listed.
    pub(crate) rows: Vec<Row>,
    /// Number of findings with a fix that may be applied unseen.
    pub(crate) safe_fixes: usize,
    /// How long it took.
    pub(crate) millis: u32,
    /// Where secrets stand in the inputs as they were handed in.
    pub(crate) hidden: Vec<(SourceId, Span)>,
    /// The inputs as they were when this was asked, in the order of sources; files have no text.
    pub(crate) texts: Texts,
}

/// One finding in the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    /// Its name across answers.
    pub(crate) key: RowKey,
    /// The severity of its rule.
    pub(crate) severity: Severity,
    /// The question it belongs to.
    pub(crate) question: Option<Question>,
    outcome: usize,
    finding: usize,
}

/// Names a finding such that the same name most likely means the same finding in the next answer:
/// the rule, and which of its findings.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct RowKey {
    /// Id of the rule.
    pub(crate) rule: Rc<str>,
    /// Number among the findings of the rule.
    pub(crate) ordinal: usize,
}

impl Answered {
    /// Prepares a report about these inputs.
    pub(crate) fn new(
        report: Report,
        json: String,
        stages: Vec<String>,
        texts: Texts,
        millis: u32,
    ) -> Self {
        let answers = answers(&report);
        let rows = rows(&report);
        let mut it = Self {
            headline: headline(&answers),
            answers,
            rows,
            report,
            json,
            stages,
            millis,
            texts,
            safe_fixes: 0,
            hidden: Vec::new(),
        };
        it.safe_fixes = safe_fixes(&it, None).count();
        it
    }

    /// The rule and the finding of a row.
    pub(crate) fn row(&self, index: usize) -> Option<(&Row, &RuleInfo, &Finding)> {
        let row = self.rows.get(index)?;
        let outcome = self.report.outcomes.get(row.outcome)?;
        Some((row, &outcome.rule, outcome.outcome.findings.get(row.finding)?))
    }

    /// A text of an input as it was handed in, with signs in place of secrets. Nothing moves, so that
    /// places in it still hold.
    pub(crate) fn masked(&self, source: SourceId, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut hidden = self.hidden.iter().filter(|it| it.0 == source).map(|it| it.1.range());
        let mut next = hidden.next();
        for (at, it) in text.char_indices() {
            while next.as_ref().is_some_and(|it| it.end <= at) {
                next = hidden.next();
            }
            match &next {
                Some(range) if range.start <= at && it != '\n' && it != '\r' => {
                    out.extend(std::iter::repeat_n('*', it.len_utf8()));
                }
                _ => out.push(it),
            }
        }
        out
    }

    /// The row of a name.
    pub(crate) fn index(&self, key: &RowKey) -> Option<usize> {
        self.rows.iter().position(|it| it.key == *key)
    }

    /// Number of findings of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.rows.iter().filter(|it| it.severity == severity).count()
    }

    /// The source that an input was, and its text, if the page has it.
    pub(crate) fn source_of(&self, id: InputId) -> Option<(SourceId, &Posted)> {
        let index = self.texts.iter().position(|it| it.0 == id)?;
        let text = self.texts.get(index)?.1.as_ref()?;
        Some((SourceId(u16::try_from(index).ok()?), text))
    }

    /// The input that a source was, and its text, if the page has it.
    pub(crate) fn input(&self, source: SourceId) -> Option<(InputId, &Posted)> {
        let (id, text) = self.texts.get(usize::from(source.0))?;
        Some((*id, text.as_ref()?))
    }

    /// Whether the page can show a source: as an input, or as what was recovered.
    pub(crate) fn shows(&self, source: SourceId) -> bool {
        let recovered = self.report.history.as_ref().is_some_and(|it| it.source == source);
        recovered || self.input(source).is_some()
    }

    /// Whether the layers of an image were read.
    pub(crate) fn has_layers(&self) -> bool {
        self.report.read.contains(&Input::Layers)
    }

    /// What is to be underlined in a source, worst first.
    pub(crate) fn marks(&self, wanted: SourceId) -> Vec<Mark> {
        let place = |index: usize| match &self.row(index)?.2.place.at {
            Locus::Text { source, span } if *source == wanted => Some(*span),
            Locus::Text { .. } | Locus::Layer { .. } => None,
        };
        let mark =
            |(row, it): (usize, &Row)| Some(Mark { span: place(row)?, severity: it.severity, row });
        self.rows.iter().enumerate().filter_map(mark).collect()
    }

    /// The answer in one breath, for a screen reader.
    pub(crate) fn spoken(&self) -> String {
        let findings = match self.rows.len() {
            0 => "No findings.".to_owned(),
            1 => "1 finding.".to_owned(),
            n => format!("{n} findings, {} high.", self.count(Severity::High)),
        };
        let answers = self.answers.iter().map(|it| {
            let about = match it.question {
                Question::Write => "Writes important files",
                Question::Root => "Runs as root",
                Question::Secrets => "Secrets",
                Question::Tools => "Unnecessary tools",
            };
            format!(" {about}: {}.", spoken(it.state))
        });
        let problems = match self.report.problems.len() {
            0 => String::new(),
            1 => " One input could not be read as it is.".to_owned(),
            n => format!(" {n} problems with the inputs."),
        };
        findings + &answers.collect::<String>() + &problems
    }
}

fn spoken(state: Verdict) -> &'static str {
    match state {
        Verdict::Fails => "fails",
        Verdict::FailsIncomplete => "fails, and not all examined",
        Verdict::Unknown => "not known",
        Verdict::Accepted => "accepted",
        Verdict::Passes => "passes",
        Verdict::Moot => "does not apply",
    }
}

/// The findings, worst first, otherwise in the order of the report. Four passes are enough for
/// that; sorting would be compiled for it alone.
fn rows(report: &Report) -> Vec<Row> {
    let mut rows = Vec::new();
    for severity in Severity::ALL {
        for (outcome, it) in report.outcomes.iter().enumerate() {
            if it.rule.severity != severity {
                continue;
            }
            let rule: Rc<str> = Rc::from(&*it.rule.id);
            for finding in 0..it.outcome.findings.len() {
                let key = RowKey { rule: Rc::clone(&rule), ordinal: finding };
                rows.push(Row { key, severity, question: it.rule.question, outcome, finding });
            }
        }
    }
    rows
}
