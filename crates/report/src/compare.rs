//! Two reports beside each other: which findings are new, which are gone, which stayed.
//!
//! A finding is the same one when its rule says it of the same text, wherever that text has moved to. What
//! is left after that is the same one when its rule says the same of the same kind of place, so that
//! rewording a line around a problem does not make the problem new.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;
use text::{Source, changed_lines, visible};

use crate::render::{escaped, message_as_markdown, place_name};
use crate::{
    Finding, Locus, Question, Report, RuleInfo, Severity, State, answers, headline, pieces,
    sentence,
};

/// What became of the findings and answers of a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Comparison {
    schema: &'static str,
    /// The headline of each report, the older one first.
    pub headlines: (String, String),
    /// The four questions.
    pub answers: Vec<Change>,
    /// Findings that only the newer report has, worst first as it has them.
    pub new: Vec<Compared>,
    /// Findings that only the older report has.
    pub fixed: Vec<Compared>,
    /// Findings of both, as the newer report has them.
    pub unchanged: Vec<Compared>,
}

/// How a question was answered before and is answered now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Change {
    /// The question.
    pub question: Question,
    /// The question as people read it.
    pub text: &'static str,
    /// The word of the answer before.
    pub old: &'static str,
    /// The word of the answer now.
    pub new: &'static str,
    /// What it is about now, in a sentence.
    pub sentence: String,
}

/// A finding as it is listed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Compared {
    /// The rule's name.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where, in words.
    pub place: String,
    /// Whether it stands on a line that the other version does not have, if both versions are at hand and it
    /// stands in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<bool>,
}

/// Compares two reports, and says of each finding whether it stands on a line that was changed between the
/// texts that the reports are about.
pub fn compare_texts(old: (&Report, &[Source]), new: (&Report, &[Source])) -> Comparison {
    let (gone, came) = changes(old, new);
    compare_marked((old.0, Some(&gone)), (new.0, Some(&came)))
}

/// Compares two reports.
pub fn compare(old: &Report, new: &Report) -> Comparison {
    compare_marked((old, None), (new, None))
}

/// For each source, which of its lines are changed.
type Changed = Vec<Vec<bool>>;

/// The changed lines of both versions. A source is compared with the one of its name, else with the only one
/// of its kind; without either, all of it is changed.
fn changes(old: (&Report, &[Source]), new: (&Report, &[Source])) -> (Changed, Changed) {
    let all = |it: &Source| vec![true; it.text().lines().count()];
    let (mut gone, mut came): (Changed, Changed) =
        (old.1.iter().map(all).collect(), new.1.iter().map(all).collect());
    let of_kind = |report: &Report, kind| {
        let mut all = report.sources.iter().enumerate().filter(|it| it.1.kind == kind);
        all.next().filter(|_| all.next().is_none()).map(|it| it.0)
    };
    for (index, info) in new.0.sources.iter().enumerate() {
        let named =
            old.0.sources.iter().position(|it| (it.kind, &it.name) == (info.kind, &info.name));
        let alone = of_kind(new.0, info.kind).and_then(|_| of_kind(old.0, info.kind));
        let Some(other) = named.or(alone) else { continue };
        let (Some(before), Some(now)) = (old.1.get(other), new.1.get(index)) else { continue };
        let (lines_gone, lines_came) = changed_lines(before.text(), now.text());
        gone.iter_mut().skip(other).take(1).for_each(|it| it.clone_from(&lines_gone));
        came.iter_mut().skip(index).take(1).for_each(|it| it.clone_from(&lines_came));
    }
    (gone, came)
}

/// Whether a finding stands on a changed line.
fn is_changed(finding: &Finding, changed: Option<&Changed>) -> Option<bool> {
    let place = &finding.place;
    let Locus::Text { source, .. } = &place.at else { return None };
    let lines = changed?.get(usize::from(source.0))?;
    let (start, end) = (place.start?, place.end?);
    // One that ends at the beginning of a line is not on it.
    let last = if end.column <= 1 { end.line.saturating_sub(1) } else { end.line };
    let range = start.line..=last.max(start.line);
    Some(range.into_iter().any(|it| lines.get((it as usize).wrapping_sub(1)) == Some(&true)))
}

fn compare_marked(
    (old, gone): (&Report, Option<&Changed>),
    (new, came): (&Report, Option<&Changed>),
) -> Comparison {
    let before: Vec<_> = old.findings().collect();
    let after: Vec<_> = new.findings().collect();
    let (left, open) = pair((old, &before), (new, &after));
    let of = |(report, changed): (&Report, Option<&Changed>),
              all: &[(&RuleInfo, &Finding)],
              flags: &[bool],
              wanted: bool| {
        let chosen = all.iter().zip(flags).filter(|(_, flag)| **flag == wanted);
        let compared = |((rule, finding), _): (&(&RuleInfo, &Finding), _)| {
            compared(report, rule, finding, changed)
        };
        chosen.map(compared).collect()
    };
    let (was, is) = (answers(old), answers(new));
    Comparison {
        schema: "plimsoll-comparison/1",
        headlines: (headline(&was), headline(&is)),
        answers: was.iter().zip(&is).map(|(was, is)| change(was.state, is)).collect(),
        new: of((new, came), &after, &open, true),
        fixed: of((old, gone), &before, &left, true),
        unchanged: of((new, came), &after, &open, false),
    }
}

/// A finding and its rule.
pub(crate) type Found<'a> = (&'a RuleInfo, &'a Finding);

/// Which findings have no counterpart in the other report: of the older one, and of the newer one.
pub(crate) fn pair(
    (old, before): (&Report, &[Found<'_>]),
    (new, after): (&Report, &[Found<'_>]),
) -> (Vec<bool>, Vec<bool>) {
    let mut left: Vec<bool> = vec![true; before.len()];
    let mut open: Vec<bool> = vec![true; after.len()];
    let keys: [fn(&Report, &RuleInfo, &Finding) -> String; 2] = [by_text, by_message];
    for key in keys {
        let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        // From behind, so that each is taken from the end of its list in order.
        for (at, (rule, finding)) in before.iter().enumerate().rev() {
            if left.get(at) == Some(&true) {
                known.entry(key(old, rule, finding)).or_default().push(at);
            }
        }
        for ((rule, finding), open) in after.iter().zip(&mut open).filter(|(_, open)| **open) {
            let same = known.get_mut(&key(new, rule, finding)).and_then(Vec::pop);
            if let Some(left) = same.and_then(|at| left.get_mut(at)) {
                *left = false;
                *open = false;
            }
        }
    }
    (left, open)
}

fn change(old: State, new: &crate::Answer) -> Change {
    Change {
        question: new.question,
        text: new.question.text(),
        old: old.word(),
        new: new.state.word(),
        sentence: new.sentence.clone(),
    }
}

fn compared(
    report: &Report,
    rule: &RuleInfo,
    finding: &Finding,
    changed: Option<&Changed>,
) -> Compared {
    Compared {
        rule: rule.id.to_string(),
        severity: rule.severity,
        message: sentence(&finding.message),
        place: place_name(&report.sources, &finding.place),
        changed: is_changed(finding, changed),
    }
}

/// What the text that a finding is about says. It is masked, as all text of a report.
fn by_text(report: &Report, rule: &RuleInfo, finding: &Finding) -> String {
    let mut key = by_place(report, rule, finding);
    for line in &finding.place.excerpt {
        let (start, end) = (line.mark.0 as usize, line.mark.1 as usize);
        let marked = line.text.chars().skip(start).take(end.saturating_sub(start));
        key.extend(line.text.trim().chars().chain(['\0']).chain(marked).chain(['\0']));
    }
    key
}

fn by_message(report: &Report, rule: &RuleInfo, finding: &Finding) -> String {
    by_place(report, rule, finding) + &finding.message
}

/// The rule, and the kind of input: two versions of a file need not have one name.
fn by_place(report: &Report, rule: &RuleInfo, finding: &Finding) -> String {
    let place = match &finding.place.at {
        Locus::Text { source, .. } => {
            report.sources.get(usize::from(source.0)).map_or("", |it| it.kind.name())
        }
        Locus::Layer { path, .. } => path,
    };
    format!("{}\0{place}\0", rule.id)
}

impl Comparison {
    /// The same without findings on lines that both versions have. What stands in no text stays.
    #[must_use]
    pub fn only_changed(mut self) -> Self {
        for findings in [&mut self.new, &mut self.fixed, &mut self.unchanged] {
            findings.retain(|it| it.changed != Some(false));
        }
        self
    }

    /// For programs, with a final newline.
    pub fn json(&self) -> String {
        escaped(serde_json::to_string_pretty(self).unwrap_or_default()) + "\n"
    }

    /// For a review: Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write_markdown(&mut out);
        out
    }

    fn write_markdown(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "## Plimsoll: {}\n", self.summary())?;
        writeln!(out, "| If this container is compromised | before | now |\n|---|---|---|")?;
        for it in &self.answers {
            writeln!(out, "| {} | {} | **{}** |", it.text, it.old, it.new)?;
        }
        for (name, findings) in self.groups() {
            if !findings.is_empty() {
                writeln!(out, "\n### {name} ({})\n", findings.len())?;
            }
            for it in findings {
                let place = crate::quote(&it.place);
                let message = message_as_markdown(&it.message);
                writeln!(out, "- **{}** {message} {place} `{}`", it.severity.id(), it.rule)?;
            }
        }
        Ok(())
    }

    /// For people in a terminal.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        let _ = self.write_plain(&mut out);
        out
    }

    fn write_plain(&self, out: &mut String) -> fmt::Result {
        let width = self.answers.iter().map(|it| it.text.len()).max().unwrap_or_default();
        for (name, findings) in self.groups() {
            if findings.is_empty() {
                continue;
            }
            writeln!(out, "{name} ({})", findings.len())?;
            for it in findings {
                // The backticks of quotations stay; what they hold may come from any file.
                let message: String = pieces(&it.message).map(quoted).collect();
                let (shape, severity) = (it.severity.shape(), it.severity.id());
                writeln!(out, "  {shape} {severity}: {message}")?;
                writeln!(out, "      {}  {}", visible(&it.place), visible(&it.rule))?;
            }
            writeln!(out)?;
        }
        for it in &self.answers {
            let arrow = if it.old == it.new { "still" } else { "now" };
            let old = if it.old == it.new { "" } else { it.old };
            let space = if old.is_empty() { "" } else { ", " };
            writeln!(out, "{:width$}  {old}{space}{arrow} {}", it.text, it.new)?;
        }
        writeln!(out, "\n{}", self.summary())
    }

    /// How many findings became what, in words.
    pub fn summary(&self) -> String {
        let (new, fixed, unchanged) = (self.new.len(), self.fixed.len(), self.unchanged.len());
        format!("{new} new, {fixed} fixed, {unchanged} unchanged")
    }

    fn groups(&self) -> [(&'static str, &[Compared]); 3] {
        [("New", &self.new), ("Fixed", &self.fixed), ("Unchanged", &self.unchanged)]
    }
}

fn quoted(piece: crate::Piece<'_>) -> String {
    match piece {
        crate::Piece::Prose(it) => visible(it).to_string(),
        crate::Piece::Code(it) => format!("`{}`", visible(it)),
    }
}
