//! A report, prepared for being looked at.

use std::rc::Rc;

use report::{Finding, Input, Listed, Question, RuleInfo, Severity, Sheet, State as Verdict};
use text::{SourceId, Span};

use super::mending::safe_fixes;
use super::{InputId, Posted, Texts};
use crate::marks::Mark;

/// A report and what follows from it.
#[derive(Debug)]
pub(crate) struct Answered {
    /// The report as the engine told it.
    pub(crate) sheet: Sheet,
    /// The stages that could be built, if there are several.
    pub(crate) stages: Vec<String>,
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
    pub(crate) fn new(sheet: Sheet, stages: Vec<String>, texts: Texts, millis: u32) -> Self {
        let rows = rows(&sheet);
        let hidden = Vec::new();
        let mut it = Self { rows, sheet, stages, millis, texts, safe_fixes: 0, hidden };
        it.safe_fixes = safe_fixes(&it, None).count();
        it
    }

    /// A row with its rule, and what is known of its finding without reading it.
    pub(crate) fn listed(&self, index: usize) -> Option<(&Row, &RuleInfo, &Listed)> {
        let listed = self.sheet.findings.get(index)?;
        Some((self.rows.get(index)?, self.sheet.rules.get(listed.rule)?, listed))
    }

    /// A row with its rule and its finding.
    pub(crate) fn row(&self, index: usize) -> Option<(&Row, &RuleInfo, &Finding)> {
        let (row, rule, _) = self.listed(index)?;
        Some((row, rule, self.sheet.finding(index)?))
    }

    /// What a row can be found by.
    pub(crate) fn words(&self, index: usize) -> Option<String> {
        let (_, rule, finding) = self.row(index)?;
        let place = report::place_name(&self.sheet.sources, &finding.place);
        Some(format!("{} {} {} {place}", rule.id, rule.aka.join(" "), finding.message))
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
        let recovered = self.sheet.history.as_ref().is_some_and(|it| it.source == source);
        recovered || self.input(source).is_some()
    }

    /// Whether the layers of an image were read.
    pub(crate) fn has_layers(&self) -> bool {
        self.sheet.read.contains(&Input::Layers)
    }

    /// What is to be underlined in a source, worst first.
    pub(crate) fn marks(&self, wanted: SourceId) -> Vec<Mark> {
        let mark = |(row, it): (usize, &Row)| {
            let listed = self.sheet.findings.get(row)?;
            let (source, span) = listed.at?;
            let is_fixable = listed.fix.is_some();
            (source == wanted).then_some(Mark { span, severity: it.severity, row, is_fixable })
        };
        self.rows.iter().enumerate().filter_map(mark).collect()
    }

    /// The answer in one breath, for a screen reader.
    pub(crate) fn spoken(&self) -> String {
        let findings = match self.rows.len() {
            0 => "No findings.".to_owned(),
            1 => "1 finding.".to_owned(),
            n => format!("{n} findings, {} high.", self.count(Severity::High)),
        };
        let answers = self.sheet.answers.iter().map(|it| {
            let about = match it.question {
                Question::Write => "Writes important files",
                Question::Root => "Runs as root",
                Question::Secrets => "Secrets",
                Question::Tools => "Unnecessary tools",
            };
            format!(" {about}: {}.", spoken(it.state))
        });
        let problems = match self.sheet.problems.len() {
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

/// The findings as they came, those of one rule together.
fn rows(sheet: &Sheet) -> Vec<Row> {
    let mut rows = Vec::<Row>::with_capacity(sheet.findings.len());
    let mut before = None;
    for it in &sheet.findings {
        let Some(rule) = sheet.rules.get(it.rule) else { break };
        let key = match rows.last() {
            Some(last) if before == Some(it.rule) => {
                RowKey { rule: Rc::clone(&last.key.rule), ordinal: last.key.ordinal + 1 }
            }
            _ => RowKey { rule: Rc::from(&*rule.id), ordinal: 0 },
        };
        before = Some(it.rule);
        rows.push(Row { key, severity: rule.severity, question: rule.question });
    }
    rows
}
