//! Reads a history: as the Dockerfile that is recovered from it, by the same reader.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::dockerfile::Arguments;
use image::history::{self, Boundary, Entry, History, Known, Maker, Step, Witness};
use image::json::Json;
use report::{Disagreement, Evidence, Incomplete, Input, Locus, Problem, Why};
use secrets::names::is_secret;
use text::{SourceId, Span};

use super::config::{Image, mask_secret};
use super::{dockerfile, step, written};
use crate::Case;
use crate::case::Build;
use crate::documents::Chosen;
use crate::facts::{EnvVar, Facts, Origin, Reach, Seen, StartCommand, User};
use crate::recognize::Content;
use crate::told::{self, Told};

/// The name of the text that is recovered.
const NAME: &str = "history (recovered)";

/// Reads the history that stands alone, or the one that an image's configuration holds.
pub(super) fn read(case: &mut Case, alone: Option<&Chosen>, image: Option<&Image>) {
    let given = alone.and_then(|it| of_part(case, it));
    let kept = image.map(|it| (it.source, &it.history)).filter(|(_, it)| !it.entries.is_empty());
    let (of, history) = match (given, kept) {
        (Some((of, given)), Some((other, kept))) => joined(case, (of, given), (other, kept)),
        (Some(given), None) => given,
        (None, Some((of, kept))) => (of, kept.clone()),
        (None, None) => return,
    };
    let steps = history::steps(&history.entries);
    let given = arguments(&steps);
    let config = image.map(|it| &it.config);
    let fit = fit(case, &history, &steps, &given);
    let boundary = boundary(case, &history, &steps, fit.as_ref());
    let known = Known { config, base: boundary.base };
    let recovered = Arc::new(history::recover(&history, &steps, known));
    let source = case.derive(of, NAME, &recovered.text, Some(Arc::clone(&recovered)));
    let base_name = base_name(&history.entries, image);
    let file = ::dockerfile::parse(&recovered.text);
    let build = Build::new(Input::History, source, file, &given, None);
    case.read.insert(Input::History);
    if history.is_limited {
        let message = format!("stopped at {} entries of the history", history::MOST_ENTRIES);
        let remedy = "no image has that many layers; check what made this".to_owned();
        let choices = Vec::new();
        case.problems.push(Problem { source: of, place: None, message, remedy, choices });
    }
    prefixes(case, of, &steps);
    case.told = Some(Told { of, source, history, steps, recovered, boundary, base_name, fit });
    dockerfile::read_build(case, build, &given);
    if let Some(told) = case.told.take() {
        cut_off(&mut case.facts, &told);
        inherited_command(&mut case.facts, &told);
        case.told = Some(told);
    }
}

/// What stands at the end of a line that is cut off is known in part only.
fn cut_off(facts: &mut Facts, told: &Told) {
    fn doubt<T>(seen: &mut [Seen<T>], told: &Told) {
        for it in seen.iter_mut().filter(|it| told.is_cut(&it.at)) {
            it.value = Err(told::cut_off(told));
        }
    }
    doubt(&mut facts.user.seen, told);
    doubt(&mut facts.entrypoint.seen, told);
    doubt(&mut facts.cmd.seen, told);
    doubt(&mut facts.healthcheck.seen, told);
    doubt(&mut facts.workdir.seen, told);
    doubt(&mut facts.stop_signal.seen, told);
    doubt(&mut facts.ports, told);
    doubt(&mut facts.volumes, told);
    doubt(&mut facts.copies, told);
    // Of variables and labels the name tells enough.
    for it in facts.env.iter_mut().filter(|it| told.is_cut(&it.at)) {
        it.value.iter_mut().for_each(|it| it.value = None);
    }
    for it in facts.labels.iter_mut().filter(|it| told.is_cut(&it.at)) {
        it.value.iter_mut().for_each(|it| it.value = None);
    }
}

/// An entry point takes away the command of the image below; the history does not say so.
fn inherited_command(facts: &mut Facts, told: &Told) {
    let of_history = |it: &Seen<StartCommand>| it.via == Input::History;
    let entrypoint = facts.entrypoint.seen.iter().find(|it| of_history(it)).cloned();
    let cmd = facts.cmd.seen.iter_mut().find(|it| of_history(it));
    let (Some(entrypoint), Some(cmd)) = (entrypoint, cmd) else { return };
    let (Some(set), Some(told_at)) = (told.entry(&entrypoint.at), told.entry(&cmd.at)) else {
        return;
    };
    let base = told.boundary.base;
    if told_at >= set {
        return;
    }
    cmd.value = match (told_at < base, set >= base) {
        (true, true) => Ok(step::start_of_words(&[])),
        (false, _) if !is_later_build(told, told_at, set) => return,
        (false, _) => Err(Why::Unreadable(
            "a day and more lies between the command and the entry point that was set after it: \
             if these are two builds, the second took the command away"
                .into(),
        )),
        // The base image is itself built on others.
        (true, false) => Err(Why::Unreadable(
            "the entry point of the base image may have taken its command away".into(),
        )),
    };
    cmd.at = entrypoint.at;
}

/// Whether a step may well be of a later build than another, by their times: steps of one build
/// are of one day, unless the first come from a cache.
fn is_later_build(told: &Told, first: usize, second: usize) -> bool {
    const DAY: i64 = 24 * 60 * 60;
    let time = |it: usize| told.history.entries.get(it).and_then(|it| it.time);
    let between = time(first).zip(time(second)).and_then(|(a, b)| a.until(b));
    between.is_some_and(|it| it >= DAY)
}

/// What a history says of the user that sets none: root, unless a tool that tells less made it.
pub(super) fn user(case: &Case) -> Option<Seen<User>> {
    let told = case.told.as_ref()?;
    let at = told.place(told.history.entries.len().checked_sub(1)?)?;
    let value = match told.steps.iter().find(|it| !it.maker.tells_all()) {
        None if !told.history.is_limited => Ok(User::new("")),
        step => Err(Why::Incomplete(Box::new(Incomplete {
            what: format!(
                "no step of the history sets a user, but {} does not tell all that it sets",
                step.map_or(Maker::Unknown, |it| it.maker).name()
            )
            .into(),
            input: Input::Config,
            command: "docker image inspect IMAGE".into(),
        }))),
    };
    Some(Seen { value, at, via: Input::History, reach: Reach::Image })
}

/// The entries of a part.
fn of_part(case: &mut Case, it: &Chosen) -> Option<(SourceId, History)> {
    let range = it.part.span.range();
    let text = case.text(it.source);
    let history = match it.part.content {
        Content::Table => history::table(text, range.clone()).unwrap_or_default(),
        _ => {
            let objects = Json::objects(text.get(..range.end)?, range.start);
            history::records(objects.into_iter())
        }
    };
    written::read(case, it.source, it.part.span, Input::History);
    if history.entries.is_empty() {
        case.problems.push(Problem {
            source: it.source,
            place: None,
            message: "no entry of this history can be read".to_owned(),
            remedy: "hand in the output of `docker history --no-trunc IMAGE` as it was printed"
                .to_owned(),
            choices: Vec::new(),
        });
        return None;
    }
    Some((it.source, history))
}

/// One history of two: a table has sizes and may be cut off, a configuration has all of the text.
fn joined(
    case: &mut Case,
    (of, given): (SourceId, History),
    (other, kept): (SourceId, &History),
) -> (SourceId, History) {
    if !tells_same(&given, kept) {
        let at = |source, history: &History| {
            let span = history.entries.last().map(|it| it.span).unwrap_or_default();
            Locus::Text { source, span }
        };
        let says = |source, history: &History| Evidence {
            place: at(source, history).into(),
            note: format!("this one has {} entries", history.entries.len()).into(),
        };
        case.disagreements.push(Disagreement {
            message: "the history and the one in the image's config tell different steps; the \
                      config's was read"
                .to_owned(),
            places: vec![says(other, kept), says(of, &given)],
        });
        return (other, kept.clone());
    }
    if given.entries.iter().all(|it| !it.is_cut) {
        return (of, given);
    }
    let mut history = kept.clone();
    for (entry, table) in history.entries.iter_mut().zip(&given.entries) {
        entry.size = entry.size.or(table.size);
        entry.time = entry.time.or(table.time);
    }
    (other, history)
}

/// Whether two histories have the same entries, as far as both tell them.
fn tells_same(a: &History, b: &History) -> bool {
    let words = |it: &Entry| {
        let text = it.created_by.as_str();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    a.entries.len() == b.entries.len()
        && a.entries.iter().zip(&b.entries).all(|(a, b)| {
            let (first, second) = (words(a), words(b));
            match (a.is_cut, b.is_cut) {
                (false, false) => first == second,
                (true, _) => second.starts_with(&first) || first.starts_with(&second),
                (false, true) => first.starts_with(&second),
            }
        })
}

/// The values that commands were run with; the last one counts.
fn arguments(steps: &[Step]) -> Arguments {
    let all = steps.iter().flat_map(|it| &it.arguments);
    all.map(|it| (it.name.as_str().to_owned(), it.value.as_str().to_owned())).collect()
}

/// How the history fits the Dockerfile, if there is one.
fn fit(case: &Case, history: &History, steps: &[Step], given: &Arguments) -> Option<told::Fit> {
    let file = told::dockerfile(case)?;
    let recovered = history::recover(history, steps, Known::default());
    let parsed = ::dockerfile::parse(&recovered.text);
    let recorded = Build::new(Input::History, file.source, parsed, given, None);
    let is_cut = |entry: usize| history.entries.get(entry).is_some_and(|it| it.is_cut);
    told::fit(file, &recorded, steps, |span| recovered.entry(span), is_cut)
}

fn boundary(case: &Case, history: &History, steps: &[Step], fit: Option<&told::Fit>) -> Boundary {
    if let Some(base) = case.settings.base_steps {
        return Boundary { base: base.min(steps.len()), witness: Witness::Said };
    }
    if let Some(base) = fit.and_then(told::Fit::first) {
        return Boundary { base, witness: Witness::Dockerfile };
    }
    history::boundary(&history.entries, steps)
}

/// The name of the base image: by a label, an annotation, or buildah's comment.
fn base_name(entries: &[Entry], image: Option<&Image>) -> Option<String> {
    let named = image.and_then(|it| it.base_name.clone());
    let comment = || {
        let mut comments = entries.iter().rev().map(|it| it.comment.as_str());
        comments.find_map(|it| it.strip_prefix("FROM ")).map(|it| it.trim().to_owned())
    };
    named.or_else(comment)
}

/// Build arguments stand before every command that could use them.
fn prefixes(case: &mut Case, of: SourceId, steps: &[Step]) {
    let mut known = BTreeSet::new();
    for it in steps.iter().flat_map(|it| &it.arguments) {
        let (name, value) = (it.name.as_str(), it.value.as_str());
        let span: Span = it.name.whole().to(it.value.whole());
        let secret = is_secret(name, Some(value));
        if secret {
            mask_secret(case, of, it.value.whole(), value);
        }
        // Of an ordinary value one place is enough.
        if !known.insert((name, value)) && !secret {
            continue;
        }
        let value = Some(value.to_owned());
        let variable = EnvVar { name: name.to_owned(), value, origin: Origin::Arg, secret };
        let at = Locus::Text { source: of, span };
        let (via, reach) = (Input::History, Reach::Image);
        case.facts.env.push(Seen { value: Ok(variable), at, via, reach });
    }
}
