//! What a history does not tell, as doubts.
//!
//! Builders leave out what matters most to security, and tools cut off what is long. A rule that
//! finds nothing in such a history has not looked at everything.

use report::{Gap, Incomplete, Input, Locus, Outcome, Question, QuestionGap, Why};

use super::Told;
use crate::Case;

/// The command that prints a history whole.
pub(crate) const WHOLE: &str = "docker history --no-trunc --format '{{json .}}' IMAGE";

/// Takes back the all-clear of a rule where steps that it could not read are cut off.
pub(crate) fn doubt_clearances(case: &Case, outcome: &mut Outcome) {
    let Some(told) = &case.told else { return };
    let Some((first, n_cut)) = open(told) else { return };
    // The user or the command are told by one step; what was run or set, only by all of them.
    let about_all = |at: &Locus| match at {
        Locus::Text { source, .. } if *source == told.of => true,
        _ => told.entry(at).is_some_and(|it| !is_single(told, it)),
    };
    if outcome.cleared.iter().any(|it| about_all(&it.place.at)) {
        let place = told.place(first).map(Into::into);
        outcome.gaps.push(Gap { place, why: cut(told, n_cut) });
    }
}

/// Rules about what a command leaves undone: it may be done where the line is cut off.
pub(crate) const UNDONE: [&str; 15] = [
    "archive-left-after-extract",
    "build-tools-in-final",
    "cloud-cli-in-final",
    "download-tool-in-final",
    "editor-or-debugger-in-final",
    "git-ref-not-pinned",
    "key-generated-in-build",
    "moving-download-url",
    "network-tools-in-final",
    "package-cache-left",
    "remote-artifact-unverified",
    "uid-not-fixed",
    "unpinned-libraries",
    "useradd-high-uid",
    "virtual-deps-not-removed",
];

/// Makes doubts of findings that the end of a line could take back which is cut off.
pub(crate) fn doubt_findings(case: &Case, rule: &str, outcome: &mut Outcome) {
    let Some(told) = case.told.as_ref().filter(|_| UNDONE.contains(&rule)) else { return };
    let mut gaps = Vec::new();
    outcome.findings.retain(|it| {
        let Some(entry) = told.entry(&it.place.at) else { return true };
        let is_cut = told.history.entries.get(entry).is_some_and(|it| it.is_cut);
        if is_cut {
            let (what, input) = (
                format!("{}, unless it is undone where the line is cut off", it.message),
                Input::History,
            );
            let what = Incomplete { what: what.into(), input, command: WHOLE.into() };
            let place = Some(it.place.clone());
            gaps.push(Gap { place, why: Why::Incomplete(Box::new(what)) });
        }
        !is_cut
    });
    outcome.gaps.extend(gaps);
}

/// What no rule owns: steps that are cut off or not recorded, and what no history shows.
pub(crate) fn doubts(case: &Case) -> Vec<QuestionGap> {
    let Some(told) = &case.told else { return Vec::new() };
    let mut gaps = Vec::new();
    let mut add = |question, place: Option<Locus>, why| {
        let place = place.map(Into::into);
        gaps.push(QuestionGap { question, gap: Gap { place, why } });
    };
    if let Some((first, n_cut)) = open(told) {
        for question in [Question::Write, Question::Secrets, Question::Tools] {
            add(question, told.place(first), cut(told, n_cut));
        }
    }
    let is_known = |entry: usize| told.fit.as_ref().is_some_and(|it| it.line(entry).is_some());
    let needs = |what: &str| {
        let (input, command) = (Input::Dockerfile, "".into());
        Why::Incomplete(Box::new(Incomplete { what: what.into(), input, command }))
    };
    let lost = told.steps.iter().position(|it| it.what == image::history::What::Lost);
    if let Some(entry) = lost.filter(|it| !is_known(*it)) {
        for question in [Question::Secrets, Question::Tools] {
            let why = needs("the script of this step is not in the history");
            add(question, told.place(entry), why);
        }
    }
    let own = told.boundary.base..told.steps.len();
    let mounts = |entry: usize| {
        let step = told.steps.get(entry);
        step.is_some_and(|it| {
            it.maker == image::history::Maker::BuildKit
                && matches!(
                    it.what,
                    image::history::What::Shell(..) | image::history::What::Exec(_)
                )
        })
    };
    if own.into_iter().any(|it| mounts(it) && !is_known(it)) {
        let why = needs(
            "a history shows no mounts, so how secrets were handed to its steps is not known",
        );
        add(Question::Secrets, None, why);
    }
    gaps
}

/// Why something is not known that a cut off step says.
pub(crate) fn cut_off(told: &Told) -> Why {
    let n_cut = told.history.entries.iter().filter(|it| it.is_cut).count();
    cut(told, n_cut)
}

/// The first entry that is cut off and that no line of a Dockerfile tells, and how many there are.
fn open(told: &Told) -> Option<(usize, usize)> {
    let is_known = |entry: &usize| told.fit.as_ref().is_some_and(|it| it.line(*entry).is_some());
    let is_cut = |entry: &usize| told.history.entries.get(*entry).is_some_and(|it| it.is_cut);
    let mut open = (0..told.history.entries.len()).filter(|it| is_cut(it) && !is_known(it));
    let first = open.next()?;
    Some((first, 1 + open.count()))
}

fn cut(told: &Told, n_cut: usize) -> Why {
    let all = told.history.entries.len();
    let what = match n_cut {
        1 => format!("1 of {all} steps of the history is cut off; what else it did is not known"),
        _ => format!(
            "{n_cut} of {all} steps of the history are cut off; what else they did is not known"
        ),
    };
    Why::Incomplete(Box::new(Incomplete {
        what: what.into(),
        input: Input::History,
        command: WHOLE.into(),
    }))
}

/// Whether a step sets one thing, and all of it is there.
fn is_single(told: &Told, entry: usize) -> bool {
    const SINGLE: [&str; 6] = ["USER", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "WORKDIR"];
    let line = told.recovered.lines.get(entry);
    let text = line.and_then(|it| told.recovered.text.get(it.span.range())).unwrap_or_default();
    let is_whole = told.history.entries.get(entry).is_some_and(|it| !it.is_cut);
    is_whole && SINGLE.iter().any(|it| text.starts_with(it))
}
