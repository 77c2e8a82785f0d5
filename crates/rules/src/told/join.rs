//! One report of what a history and a Dockerfile both show: findings about the same step become
//! one, and every place is put where people can find it, in what they handed in.

use report::{Evidence, Finding, Locus, Outcome, Place, Report};

use text::{SourceId, Span};

use super::Told;
use crate::Case;
use crate::case::Derived;

/// Joins what a rule found in a step of the history and in the line of the Dockerfile that says
/// the same. The line stays: it is where the step can be changed.
pub(crate) fn join(case: &Case, outcome: &mut Outcome) {
    let Some(told) = &case.told else { return };
    let (Some(fit), Some(file)) = (&told.fit, super::dockerfile(case)) else { return };
    let lines: Vec<Option<Locus>> = outcome
        .findings
        .iter()
        .map(|it| Some(file.at(fit.line(told.entry(&it.place.at)?)?)))
        .collect();
    join_gaps(outcome, told, |entry| Some(file.at(fit.line(entry)?)));
    let mut joined: Vec<(usize, Place)> = Vec::new();
    let mut kept = Vec::with_capacity(outcome.findings.len());
    for (finding, line) in outcome.findings.iter().zip(&lines) {
        let inside = |it: &Finding| match (&it.place.at, line) {
            (Locus::Text { source, span }, Some(Locus::Text { source: file, span: line })) => {
                source == file && line.contains(*span)
            }
            _ => false,
        };
        let same = |it: &Finding| inside(it) && it.message == finding.message;
        let twin = outcome.findings.iter().position(same).or_else(|| {
            // The history has variables with their values, so the words may differ.
            let all = outcome.findings.iter().filter(|it| inside(it)).count();
            let of_line = lines.iter().filter(|it| *it == line && it.is_some()).count();
            (all == 1 && of_line == 1).then(|| outcome.findings.iter().position(inside))?
        });
        match twin {
            Some(index) => joined.push((index, finding.place.clone())),
            None => kept.push(finding.clone()),
        }
    }
    if joined.is_empty() {
        return;
    }
    // Those that stay are found again by their place.
    for (index, place) in joined {
        let Some(twin) = outcome.findings.get(index).map(|it| it.place.at.clone()) else {
            continue;
        };
        let message = outcome.findings.get(index).map(|it| it.message.clone());
        let stays =
            kept.iter_mut().find(|it| it.place.at == twin && Some(&it.message) == message.as_ref());
        if let Some(it) = stays {
            it.related.push(Evidence { place, note: "the history shows it too".into() });
        }
    }
    outcome.findings = kept;
}

/// A doubt about a line is not said again of its step.
fn join_gaps(outcome: &mut Outcome, told: &Told, line: impl Fn(usize) -> Option<Locus>) {
    let gaps = outcome.gaps.clone();
    outcome.gaps.retain(|gap| {
        let Some(at) = gap.place.as_ref().map(|it| &it.at) else { return true };
        let Some(Locus::Text { source: file, span: line }) = told.entry(at).and_then(&line) else {
            return true;
        };
        let same = |it: &report::Gap| {
            let place = it.place.as_ref().map(|it| &it.at);
            it.why == gap.why
                && matches!(place, Some(Locus::Text { source, span })
                    if *source == file && line.contains(*span))
        };
        !gaps.iter().any(same)
    });
}

/// The texts that were read out of others.
pub(crate) struct Origins<'a>(&'a [Derived]);

/// The texts that were read out of others, to ask where something stands in those.
pub(crate) fn origins(derived: &[Derived]) -> Origins<'_> {
    Origins(derived)
}

impl Origins<'_> {
    /// Where a place of a text that was read out of another stands in what was handed in. Nothing
    /// for places that stand there themselves, and for what no document says.
    pub(crate) fn of(&self, source: SourceId, span: Span) -> Option<(SourceId, Span)> {
        let mut at = (source, span);
        // A history may be recovered from a text that was itself unpacked.
        for _ in 0..4 {
            let derived = self.0.iter().find(|it| it.source == at.0);
            let Some((of, recovered)) = derived.and_then(|it| Some((it.of, it.origin.as_ref()?)))
            else {
                break;
            };
            at = (of, recovered.origin(at.1)?);
        }
        (at.0 != source).then_some(at)
    }
}

/// Where a place stands in what was handed in. Nothing for what no document says.
pub(crate) fn origin(case: &Case, at: &Locus) -> Option<Locus> {
    let Locus::Text { source, span } = at else { return Some(at.clone()) };
    let derived = case.derived.iter().find(|it| it.source == *source);
    if derived.is_none_or(|it| it.origin.is_none()) {
        return Some(at.clone());
    }
    let (source, span) = origins(&case.derived).of(*source, *span)?;
    Some(Locus::Text { source, span })
}

/// Puts every place of a report where it stands in what was handed in. What is about nothing but
/// our own words in the recovered text is left out.
pub(crate) fn translate(case: &Case, report: &mut Report) {
    if case.derived.is_empty() {
        return;
    }
    let moved = |place: &mut Place| match origin(case, &place.at) {
        Some(at) => {
            place.at = at;
            true
        }
        None => false,
    };
    let kept = |place: &mut Option<Place>| {
        *place = place.take().and_then(|mut it| moved(&mut it).then_some(it));
    };
    let finding = |it: &mut Finding| {
        it.in_base |= case.told.as_ref().is_some_and(|told| is_in_base(told, it));
        it.fix = it.fix.take().filter(|fix| case.derived.iter().all(|it| it.source != fix.source));
        it.related.retain_mut(|it| moved(&mut it.place));
        moved(&mut it.place)
    };
    for it in &mut report.outcomes {
        it.outcome.findings.retain_mut(finding);
        it.outcome.accepted.retain_mut(|it| finding(&mut it.finding) && moved(&mut it.by.place));
        it.outcome.cleared.retain_mut(|it| moved(&mut it.place));
        it.outcome.gaps.iter_mut().for_each(|it| kept(&mut it.place));
    }
    for it in &mut report.disagreements {
        it.places.retain_mut(|it| moved(&mut it.place));
    }
    report.writable.retain_mut(|it| moved(&mut it.place));
    report.problems.iter_mut().for_each(|it| kept(&mut it.place));
    report.unexamined.iter_mut().for_each(|it| kept(&mut it.gap.place));
}

/// Whether a finding is about nothing but steps of the base image.
fn is_in_base(told: &Told, finding: &Finding) -> bool {
    let in_base = |at: &Locus| {
        let entry = match at {
            // Build arguments have their places in the history itself.
            Locus::Text { source, span } if *source == told.of => {
                told.history.entries.iter().position(|it| it.span.contains(*span))
            }
            _ => told.entry(at),
        };
        entry.is_some_and(|it| it < told.boundary.base)
    };
    in_base(&finding.place.at) && finding.related.iter().all(|it| in_base(&it.place.at))
}
