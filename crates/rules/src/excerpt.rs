//! Closes a report: places get their lines and columns, and everything secret is masked.
//!
//! After this nothing in the report points back into the engine: it can be shown, stored and sent
//! without the texts it was made from.

use std::borrow::Cow;
use std::cell::Cell;

use report::{ExcerptLine, Finding, Gap, Locus, Place, Report, Why};
use text::{Position, Source, SourceId, Span, visible};

use crate::hidden::{Hidden, Mask};
use crate::{Case, told};

/// How many lines of a place are shown.
const LINES: u32 = 3;
/// How many characters of a line are shown, and how many of them before the marked part.
const WIDTH: usize = 160;
const BEFORE: usize = 40;

/// Fills in all places of a report and takes secrets out of its sentences.
pub(crate) fn close(case: &Case, report: &mut Report) {
    let closer = Closer { case, hidden: &case.hidden, last: Cell::default() };
    // Whoever names a file by the token that it holds shows it as well.
    for it in &mut report.sources {
        it.name = closer.hidden.scrub(&it.name).into_owned();
    }
    for it in &mut report.problems {
        it.place.iter_mut().for_each(|place| closer.position(place));
        closer.hidden.scrub_quotations(&mut it.message);
        closer.hidden.scrub_quotations(&mut it.remedy);
        for choice in &mut it.choices {
            *choice = closer.hidden.scrub(choice).into_owned();
        }
    }
    told::tell_steps(&mut report.disagreements, |at| match at {
        Locus::Text { source, span } => closer.text(*source, *span),
        Locus::Layer { .. } => String::new(),
    });
    for it in &mut report.disagreements {
        closer.hidden.scrub_quotations(&mut it.message);
        for one in &mut it.places {
            closer.position(&mut one.place);
            closer.note(&mut one.note);
        }
    }
    report.history = told::shown(case, |source, span| closer.text(source, span));
    if let Some(history) = &mut report.history {
        for it in &mut history.steps {
            closer.position(&mut it.place);
            it.line.iter_mut().for_each(|place| closer.position(place));
        }
        for it in [&mut history.base_name, &mut history.built_from].into_iter().flatten() {
            closer.hidden.scrub_quotations(it);
        }
    }
    for it in &mut report.writable {
        closer.position(&mut it.place);
        closer.note(&mut it.note);
    }
    for it in &mut report.unexamined {
        closer.gap(&mut it.gap);
    }
    for it in &mut report.outcomes {
        for finding in &mut it.outcome.findings {
            closer.finding(finding);
        }
        for accepted in &mut it.outcome.accepted {
            closer.finding(&mut accepted.finding);
            closer.position(&mut accepted.by.place);
            if let Some(reason) = &mut accepted.by.reason {
                *reason = closer.hidden.scrub(reason).into_owned();
            }
        }
        for gap in &mut it.outcome.gaps {
            closer.gap(gap);
        }
        for cleared in &mut it.outcome.cleared {
            closer.position(&mut cleared.place);
            closer.note(&mut cleared.note);
        }
    }
}

struct Closer<'a> {
    case: &'a Case,
    hidden: &'a Hidden,
    /// The place asked for last, and where it starts and ends: many rules look at the same one.
    last: Cell<Option<Positioned>>,
}

type Positioned = (SourceId, Span, (Position, Position));

impl Closer<'_> {
    /// No rule puts a secret into a sentence on purpose, but names, paths and addresses are put
    /// there, and those can hold one.
    fn finding(&self, it: &mut Finding) {
        self.position(&mut it.place);
        self.excerpt(&mut it.place);
        self.hidden.scrub_quotations(&mut it.message);
        for related in &mut it.related {
            self.position(&mut related.place);
            self.note(&mut related.note);
        }
        // A fix that writes a secret again would show it, and is no good fix.
        let shows = |it: &text::Edit| self.hidden.stands_in(&it.with);
        if it.fix.as_ref().is_some_and(|it| it.edits.iter().any(shows)) {
            it.fix = None;
        }
    }

    fn gap(&self, it: &mut Gap) {
        it.place.iter_mut().for_each(|place| self.position(place));
        match &mut it.why {
            Why::NotProvided(_) => {}
            Why::BaseImage(name) | Why::BuildArg(name) => {
                *name = self.hidden.scrub(name).into_owned().into();
            }
            Why::Unreadable(sentence) | Why::Limit(sentence) => self.sentence(sentence),
            Why::Incomplete(it) => self.sentence(&mut it.what),
        }
    }

    /// A note that all cases share quotes nothing from any.
    fn note(&self, it: &mut Cow<'static, str>) {
        if let Cow::Owned(text) = it {
            self.hidden.scrub_quotations(text);
        }
    }

    fn sentence(&self, sentence: &mut Box<str>) {
        let mut scrubbed = sentence.to_string();
        self.hidden.scrub_quotations(&mut scrubbed);
        *sentence = scrubbed.into();
    }

    /// The text of a place, masked.
    fn text(&self, id: SourceId, span: Span) -> String {
        let source = self.case.sources.get(usize::from(id.0));
        let (mut out, mut at) = (String::new(), span.start());
        for mask in self.hidden.masks_in(id, span) {
            let before = source.map(|it| it.slice(Span::new(at, mask.span.start())));
            out.push_str(before.unwrap_or_default());
            out.push_str(&mask.shown);
            at = mask.span.end().max(at);
        }
        let rest = source.map(|it| it.slice(Span::new(at, span.end().max(at))));
        out.push_str(rest.unwrap_or_default());
        out
    }

    fn source(&self, place: &Place) -> Option<(SourceId, &Source, Span)> {
        let Locus::Text { source, span } = &place.at else { return None };
        Some((*source, self.case.sources.get(usize::from(source.0))?, *span))
    }

    fn position(&self, place: &mut Place) {
        let Some((id, source, span)) = self.source(place) else { return };
        let known = self.last.get().filter(|it| (it.0, it.1) == (id, span)).map(|it| it.2);
        let positions =
            known.unwrap_or_else(|| (source.position(span.start()), source.position(span.end())));
        self.last.set(Some((id, span, positions)));
        place.start = Some(positions.0);
        place.end = Some(positions.1);
    }

    fn excerpt(&self, place: &mut Place) {
        let Some((id, source, span)) = self.source(place) else { return };
        let first = source.position(span.start()).line;
        let last = source.position(span.end().saturating_sub(1).max(span.start())).line;
        let lines = first..=last.min(first + LINES - 1);
        // Lines in the middle of something masked show nothing.
        let shows = |it: &u32| {
            let Some(line) = source.line(*it) else { return false };
            let inside = |it: &Mask| it.span.start() < line.start() && line.end() <= it.span.end();
            *it == first || !self.hidden.masks_in(id, line).iter().any(inside)
        };
        place.excerpt =
            lines.filter(shows).filter_map(|it| self.line(id, source, span, it)).collect();
    }

    fn line(
        &self,
        id: SourceId,
        source: &Source,
        marked: Span,
        number: u32,
    ) -> Option<ExcerptLine> {
        let line = source.line(number)?;
        let end = marked.end().clamp(line.start(), line.end());
        // A place that goes on over several lines is not marked in their indentation.
        let text = source.slice(line);
        let indent = Span::of(0..text.len() - text.trim_start().len()).end();
        let body = if marked.start() < line.start() { line.start() + indent } else { line.start() };
        let start = marked.start().max(body).min(end);
        let (from, cut_before) = back(source.text(), line.start(), start);
        let (to, cut_after) = forth(source.text(), from, line.end());
        let mut shown = Shown { text: String::new(), length: 0, mark: (0, 0), at: (start, end) };
        let masks = self.hidden.masks_in(id, Span::new(from, to));
        let starts_masked = masks.first().is_some_and(|it| it.span.start() < from);
        if cut_before && !starts_masked {
            shown.push("\u{2026}");
        }
        let mut at = from;
        for mask in masks {
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

#[cfg(test)]
mod tests {
    use crate::tests::case;

    /// The excerpt of the first finding of a rule: each line, and its marked part.
    fn excerpt(rule: &str, text: &str) -> Vec<(String, String)> {
        let report = crate::check(&case(&[("dockerfile", text)]));
        let (_, finding) = report.findings().find(|(it, _)| it.id == rule).unwrap();
        let line = |it: &report::ExcerptLine| {
            let (start, end) = (it.mark.0 as usize, it.mark.1 as usize);
            let marked = it.text.chars().skip(start).take(end - start).collect();
            (it.text.clone(), marked)
        };
        finding.place.excerpt.iter().map(line).collect()
    }

    #[track_caller]
    fn check(rule: &str, text: &str, expected: &[(&str, &str)]) {
        let got = excerpt(rule, text);
        let got: Vec<(&str, &str)> = got.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn the_mark_follows_what_is_shown_differently() {
        check(
            "no-sudo",
            "FROM a:1\nRUN echo \u{202e}\t\u{e9} && sudo x\n",
            &[("RUN echo <U+202E> \u{e9} && sudo x", "sudo")],
        );
        check(
            "no-sudo",
            "FROM a:1\nENV API_TOKEN=hush-hush-hush\nRUN echo hush-hush-hush && sudo x\n",
            &[("RUN echo \u{2026} (8 to 15 characters) && sudo x", "sudo")],
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let long = "\u{e9}".repeat(200);
        let text = format!("FROM a:1\nRUN {long} && sudo {long}\n");
        let shown = excerpt("no-sudo", &text);
        let (line, marked) = &shown[0];
        assert_eq!(marked, "sudo");
        assert!(line.starts_with("\u{2026}\u{e9}") && line.ends_with("\u{e9}\u{2026}"), "{line}");
        assert_eq!(line.chars().count(), super::WIDTH + 2);
    }

    #[test]
    fn a_place_over_several_lines_is_marked_without_indentation() {
        check(
            "no-sudo",
            "FROM a:1\nRUN x && su\\\n    # in between\ndo y\n",
            &[("RUN x && su\\", "su\\"), ("    # in between", "# in between"), ("do y", "do")],
        );
    }

    #[test]
    fn a_masked_part_is_marked_as_a_whole_and_shown_once() {
        check(
            "secret-in-env-or-arg-name",
            "FROM a:1\nENV API_TOKEN=\"hush \\\n hush hush\" B=1\n",
            &[
                (
                    "ENV API_TOKEN=\u{2026} (8 to 15 characters)",
                    "API_TOKEN=\u{2026} (8 to 15 characters)",
                ),
                ("\u{2026} B=1", "\u{2026}"),
            ],
        );
    }
}
