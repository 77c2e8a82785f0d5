//! Closes a report: places get their lines and columns, and everything secret is masked.
//!
//! After this nothing in the report points back into the engine: it can be shown, stored and sent
//! without the texts it was made from.

use report::{ExcerptLine, Locus, Place, Report};
use text::{Source, SourceId, Span, visible};

use crate::Case;
use crate::case::Mask;

/// How many lines of a place are shown.
const LINES: u32 = 3;
/// How many characters of a line are shown, and how many of them before the marked part.
const WIDTH: usize = 160;
const BEFORE: usize = 40;

/// Fills in all places of a report and takes secrets out of its sentences.
pub(crate) fn close(case: &Case, report: &mut Report) {
    let mut masks: Vec<&Mask> = case.masks.iter().collect();
    masks.sort();
    let closer = Closer { case, hidden: hidden(case, &masks), masks };
    for it in &mut report.problems {
        it.place.iter_mut().for_each(|place| closer.position(place));
    }
    for it in &mut report.unexamined {
        it.gap.place.iter_mut().for_each(|place| closer.position(place));
    }
    for it in &mut report.outcomes {
        for finding in &mut it.outcome.findings {
            closer.finding(finding);
        }
        for accepted in &mut it.outcome.accepted {
            closer.finding(&mut accepted.finding);
            closer.position(&mut accepted.by.place);
            accepted.by.reason.iter_mut().for_each(|it| closer.scrub(it));
        }
        for gap in &mut it.outcome.gaps {
            gap.place.iter_mut().for_each(|place| closer.position(place));
        }
        for cleared in &mut it.outcome.cleared {
            closer.position(&mut cleared.place);
            closer.scrub(&mut cleared.note);
        }
    }
}

/// Texts long enough to be told from ordinary words, with what is shown instead, longest first.
fn hidden<'a>(case: &'a Case, masks: &[&'a Mask]) -> Vec<(&'a str, &'a str)> {
    let text = |it: &&'a Mask| {
        let source = case.sources.get(usize::from(it.source.0))?;
        let value = source.slice(it.span).trim_matches(['"', '\'']);
        (value.len() >= 8).then_some((value, &*it.shown))
    };
    let mut texts: Vec<(&str, &str)> = masks.iter().filter_map(text).collect();
    texts.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then(a.cmp(b)));
    texts.dedup();
    texts
}

struct Closer<'a> {
    case: &'a Case,
    masks: Vec<&'a Mask>,
    hidden: Vec<(&'a str, &'a str)>,
}

impl Closer<'_> {
    fn finding(&self, it: &mut report::Finding) {
        self.position(&mut it.place);
        self.excerpt(&mut it.place);
        self.scrub(&mut it.message);
        for related in &mut it.related {
            self.position(&mut related.place);
            self.scrub(&mut related.note);
        }
    }

    /// No rule puts a secret into a sentence; this makes sure of it.
    fn scrub(&self, sentence: &mut String) {
        for (value, shown) in &self.hidden {
            if sentence.contains(value) {
                *sentence = sentence.replace(value, shown);
            }
        }
    }

    fn source(&self, place: &Place) -> Option<(SourceId, &Source, Span)> {
        let Locus::Text { source, span } = &place.at else { return None };
        Some((*source, self.case.sources.get(usize::from(source.0))?, *span))
    }

    fn position(&self, place: &mut Place) {
        let Some((_, source, span)) = self.source(place) else { return };
        let positions = (source.position(span.start()), source.position(span.end()));
        place.start = Some(positions.0);
        place.end = Some(positions.1);
    }

    fn excerpt(&self, place: &mut Place) {
        let Some((id, source, span)) = self.source(place) else { return };
        let first = source.position(span.start()).line;
        let last = source.position(span.end().saturating_sub(1).max(span.start())).line;
        let lines = first..=last.min(first + LINES - 1);
        place.excerpt = lines.filter_map(|it| self.line(id, source, span, it)).collect();
    }

    fn line(
        &self,
        id: SourceId,
        source: &Source,
        marked: Span,
        number: u32,
    ) -> Option<ExcerptLine> {
        let line = source.line(number)?;
        let start = marked.start().clamp(line.start(), line.end());
        let end = marked.end().clamp(start, line.end());
        let (from, cut_before) = back(source.text(), line.start(), start);
        let (to, cut_after) = forth(source.text(), from, line.end());
        let mut shown = Shown { text: String::new(), length: 0, mark: (0, 0), at: (start, end) };
        if cut_before {
            shown.push("\u{2026}");
        }
        let inside = |it: &&&Mask| it.source == id && it.span.overlaps(Span::new(from, to));
        let mut at = from;
        for mask in self.masks.iter().filter(inside) {
            if mask.span.end() <= at {
                continue;
            }
            shown.plain(source.text(), at, mask.span.start().max(at));
            let begins = mask.span.start() >= at;
            at = mask.span.end().min(to);
            shown.masked(if begins { &mask.shown } else { "\u{2026}" }, mask.span, at);
        }
        shown.plain(source.text(), at, to);
        shown.close(to);
        if cut_after {
            shown.push("\u{2026}");
        }
        Some(ExcerptLine { line: number, text: shown.text, mark: shown.mark })
    }
}

/// Where the shown part of a line starts, some characters before `at`; whether that cuts it.
fn back(text: &str, line: u32, at: u32) -> (u32, bool) {
    let before = text.get(line as usize..at as usize).unwrap_or_default();
    // Long lines are measured in bytes first, so that a huge line costs nothing.
    let mut chars = before.char_indices().rev();
    match chars.nth(BEFORE) {
        Some((index, it)) if before.len() > WIDTH / 2 => {
            (line + Span::of(0..index + it.len_utf8()).end(), true)
        }
        _ => (line, false),
    }
}

/// Where the shown part of a line ends; whether that cuts it.
fn forth(text: &str, from: u32, end: u32) -> (u32, bool) {
    let rest = text.get(from as usize..end as usize).unwrap_or_default();
    match rest.char_indices().nth(WIDTH) {
        Some((index, _)) => (from + Span::of(0..index).end(), true),
        None => (end, false),
    }
}

/// A line being put together, with the marked part followed through masks and visible characters.
struct Shown {
    text: String,
    /// Characters so far.
    length: u32,
    mark: (u32, u32),
    /// The marked part in the source.
    at: (u32, u32),
}

impl Shown {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += Span::of(0..text.chars().count()).end();
    }

    /// Source text as it stands.
    fn plain(&mut self, source: &str, from: u32, to: u32) {
        let (start, end) = self.at;
        let cuts = [from, start.clamp(from, to.max(from)), end.clamp(from, to.max(from)), to];
        for pair in cuts.windows(2) {
            let [a, b] = pair else { continue };
            if *a == start {
                self.mark.0 = self.length;
            }
            if *a == end {
                self.mark.1 = self.length;
            }
            let piece = source.get(*a as usize..(*b).max(*a) as usize).unwrap_or_default();
            self.push(&visible(piece).to_string());
        }
        self.close(to);
    }

    /// What stands for masked text up to `to`.
    fn masked(&mut self, shown: &str, span: Span, to: u32) {
        let (start, end) = self.at;
        if (span.start()..to).contains(&start) {
            self.mark.0 = self.length;
        }
        self.push(shown);
        if (span.start() + 1..=to).contains(&end) {
            self.mark.1 = self.length;
        }
    }

    /// Marks that begin or end exactly here.
    fn close(&mut self, at: u32) {
        if at == self.at.0 {
            self.mark.0 = self.length;
        }
        if at <= self.at.1 {
            self.mark.1 = self.length;
        }
    }
}
