//! Applying fixes: the edits of the report, in the text they were made for.

use std::borrow::Cow;

use report::Safety;
use text::{Edit, SourceId, Span};

use super::intake::as_handed;
use super::{Answered, Effect, Ignoring, Notice, RowKey, State};
use crate::marks::{begins_instruction, continues};
use crate::sort::without_carriage_returns;

impl State {
    /// Applies the fix of one finding.
    pub(super) fn fix(&mut self, key: &RowKey, out: &mut Vec<Effect>) {
        let fix = self.answered.as_ref().and_then(|answered| {
            let (_, _, finding) = answered.row(answered.index(key)?)?;
            finding.fix.clone()
        });
        if let Some(fix) = fix {
            self.amend(
                fix.source,
                &fix.edits,
                format!("Applied: {}", report::sentence(&fix.title)),
                out,
            );
        }
    }

    /// Applies all safe fixes of one source that do not get in each other's way, or those of one
    /// rule only. What they make room for is offered by the next answer.
    pub(super) fn fix_all(&mut self, rule: Option<&str>, out: &mut Vec<Effect>) {
        let Some(answered) = self.answered.clone() else { return };
        let Some((source, edits, count)) = safe_edits(&answered, rule) else { return };
        let said = match count {
            1 => "Applied 1 safe fix.".to_owned(),
            n => format!("Applied {n} safe fixes."),
        };
        self.amend(source, &edits, said, out);
    }

    /// Writes a comment above an instruction that accepts the findings of a rule on it.
    pub(super) fn accept(&mut self, out: &mut Vec<Effect>) {
        let Some(answered) = self.answered.clone() else { return };
        let Some(it) = self.ignoring.take_if(|it| !it.reason.trim().is_empty()) else { return };
        if let Some((source, edit)) = acceptance(&answered, &it) {
            let said = format!("{} is accepted here, by a comment.", it.key.rule);
            self.amend(source, &[edit], said, out);
        }
    }

    /// Changes a text, and keeps the old one for whoever thinks better of it.
    fn amend(&mut self, source: SourceId, edits: &[Edit], said: String, out: &mut Vec<Effect>) {
        let Some(answered) = self.answered.clone() else { return };
        let Some((id, posted)) = answered.input(source) else { return };
        self.open_tab(id, out);
        if self.editor.id != id || self.editor.source != posted.0 {
            let what = "The text has changed since it was checked. Try again in a moment.";
            self.notice = Some(Notice::Input(what.to_owned()));
            return;
        }
        let Ok(text) = text::apply(&as_handed(posted), edits) else { return };
        let old = posted.0.text().to_owned();
        self.refill(without_carriage_returns(&text), out);
        self.say(said.clone(), out);
        self.notice = Some(Notice::Mended { said, text: old });
    }
}

/// The edits of safe fixes that can be applied together: all of one source.
fn safe_edits(answered: &Answered, rule: Option<&str>) -> Option<(SourceId, Vec<Edit>, usize)> {
    let mut source = None;
    let (mut edits, mut count) = (Vec::<Edit>::new(), 0);
    let fix = |row| answered.row(row)?.2.fix.as_ref();
    for fix in safe_fixes(answered, rule).filter_map(fix) {
        if *source.get_or_insert(fix.source) != fix.source {
            continue;
        }
        let touches = |it: &Edit| {
            edits.iter().any(|other| {
                it.span.start() <= other.span.end() && other.span.start() <= it.span.end()
            })
        };
        if !fix.edits.iter().any(touches) {
            edits.extend(fix.edits.iter().cloned());
            count += 1;
        }
    }
    // Sorted by insertion: there are few, and sorting would be compiled for them alone.
    let mut sorted: Vec<Edit> = Vec::new();
    for it in edits {
        let at = sorted.iter().position(|other| other.span.start() > it.span.start());
        sorted.insert(at.unwrap_or(sorted.len()), it);
    }
    Some((source?, sorted, count))
}

/// The rows with a safe fix of a text that the page has.
pub(super) fn safe_fixes<'a>(
    answered: &'a Answered,
    rule: Option<&'a str>,
) -> impl Iterator<Item = usize> {
    let rows = 0..answered.rows.len();
    rows.filter_map(move |row| {
        let (_, info, listed) = answered.listed(row)?;
        let (source, safety) = listed.fix?;
        let wanted = rule.is_none_or(|it| it == info.id) && safety == Safety::Safe;
        (wanted && answered.input(source).is_some()).then_some(row)
    })
}

/// The comment that accepts a finding, as an edit of its source; nothing for findings that are in
/// no text of the page, or that no comment can reach.
pub(crate) fn acceptance(answered: &Answered, it: &Ignoring) -> Option<(SourceId, Edit)> {
    let (_, rule, finding) = answered.row(answered.index(&it.key)?)?;
    let report::Locus::Text { source, span } = finding.place.at else { return None };
    if answered.sheet.sources.get(usize::from(source.0))?.kind != report::Kind::Dockerfile {
        return None;
    }
    let (_, posted) = answered.input(source)?;
    let text = as_handed(posted);
    let at = instruction_start(&text, span.start() as usize);
    let line = text.get(at..)?;
    let indent: String = line.chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
    let until = it.until.trim();
    let until = if until.is_empty() { Cow::Borrowed("") } else { format!(" until={until}").into() };
    let end = if posted.1 { "\r\n" } else { "\n" };
    let reason = it.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let file = if it.whole { "-file" } else { "" };
    let with = format!("{indent}# plimsoll: ignore{file}[{}]{until} {reason}{end}", rule.id);
    Some((source, Edit { span: Span::of(at..at), with }))
}

/// Where the first line of the instruction begins that a place is in. Such a comment counts above
/// all of its lines only, and in a here-document it would be no comment at all.
fn instruction_start(text: &str, place: usize) -> usize {
    let start = |at: usize| text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line = |at: usize| text.get(at..).and_then(|it| it.lines().next()).unwrap_or_default();
    let mut at = start(place.min(text.len()));
    while let Some(end) = at.checked_sub(1) {
        let before = start(end);
        if begins_instruction(line(at)) && !continues(line(before)) {
            break;
        }
        at = before;
    }
    at
}
