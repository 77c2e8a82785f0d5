//! Where the inputs tell different things about the image.

use std::collections::BTreeMap;

use report::{Disagreement, Evidence, Input, Locus, quote};

use super::Fit;
use crate::Case;
use crate::facts::{EnvVar, Fact, Healthcheck, Origin, Reach, Seen, StartCommand, User};

/// More places of one disagreement are not shown.
const MOST: usize = 12;

/// Everything that inputs tell differently.
pub(crate) fn disagreements(case: &Case) -> Vec<Disagreement> {
    let facts = &case.facts;
    let mut out = case.disagreements.clone();
    out.extend(one("runs as", &told_users(&facts.user), user));
    out.extend(one("starts with", &facts.entrypoint, |it| format!("entry point {}", words(it))));
    out.extend(one("starts with", &facts.cmd, |it| format!("command {}", words(it))));
    out.extend(one("has", &facts.healthcheck, healthcheck));
    out.extend(one("starts in", &facts.workdir, |it| format!("folder {}", quote(it))));
    out.extend(one("is stopped by", &facts.stop_signal, |it| format!("signal {}", quote(it))));
    out.extend(variables(&facts.env));
    out.extend(drift(case));
    out
}

/// A property that should be the same everywhere. `does`: what a container does with it.
fn one<T: PartialEq>(
    does: &str,
    fact: &Fact<T>,
    show: impl Fn(&T) -> String,
) -> Option<Disagreement> {
    let seen: Vec<(&Seen<T>, String)> = fact
        .seen
        .iter()
        .filter(|it| it.via != Input::Catalogue)
        .filter_map(|it| Some((it, show(it.value.as_ref().ok()?))))
        .collect();
    let (best, value) = seen.first()?;
    let others: Vec<&(&Seen<T>, String)> = seen.iter().filter(|it| it.1 != *value).collect();
    let (other, otherwise) = others.first()?;
    let says = |it: &Seen<T>, value: &str| match it.via {
        Input::Run => format!("the container {does} {value}"),
        // What no step of it says is known from it all the same.
        Input::History => format!("by its history the image {does} {value}"),
        via => format!("the {} says {value}", via.name()),
    };
    let message = format!("{}, {}", says(other, otherwise), says(best, value));
    let evidence = |it: &Seen<T>, value: &str| Evidence {
        place: (&it.at).into(),
        note: value.to_owned().into(),
    };
    let places = seen.iter().map(|(it, value)| evidence(it, value)).collect();
    Some(Disagreement { message, places })
}

/// The users that are told. Where nobody is root, somebody who must not be is no other user.
fn told_users(fact: &Fact<User>) -> Fact<User> {
    let is_root = |it: &Seen<User>| it.value.as_ref().is_ok_and(User::names_root);
    let any_root = fact.seen.iter().any(is_root);
    let is_open = |it: &Seen<User>| it.value.as_ref().is_ok_and(User::is_any_but_root);
    Fact { seen: fact.seen.iter().filter(|it| any_root || !is_open(it)).cloned().collect() }
}

fn user(it: &User) -> String {
    // Root goes by several names.
    quote(if it.names_root() { "root" } else { &it.text })
}

fn words(it: &StartCommand) -> String {
    if it.is_empty() { "none".to_owned() } else { quote(&it.words.join(" ")) }
}

fn healthcheck(it: &Healthcheck) -> String {
    match &it.command {
        Some(it) => format!("health check {}", words(it)),
        None => "no health check".to_owned(),
    }
}

/// Variables whose last values differ. The values themselves are not shown: they may be secret.
fn variables(env: &[Seen<EnvVar>]) -> Option<Disagreement> {
    let mut last: BTreeMap<(&str, Input), &Seen<EnvVar>> = BTreeMap::new();
    for seen in env.iter().filter(|it| it.reach == Reach::Image) {
        if let Ok(it) = &seen.value
            && it.origin == Origin::Env
            && it.value.is_some()
        {
            last.insert((&it.name, seen.via), seen);
        }
    }
    let mut places: Vec<Evidence> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let value = |it: &Seen<EnvVar>| it.value.as_ref().ok().and_then(|it| it.value.clone());
    let mut rest = last.into_iter().peekable();
    while let Some(((name, via), best)) = rest.next() {
        let mut group = vec![(via, best)];
        while let Some(((_, via), seen)) = rest.next_if(|((other, _), _)| *other == name) {
            group.push((via, seen));
        }
        // A container may well be given other values than its image has.
        group.retain(|(via, _)| *via != Input::Run);
        let Some((_, first)) = group.first() else { continue };
        if group.iter().all(|(_, it)| value(it) == value(first)) {
            continue;
        }
        names.push(name);
        places.extend(group.iter().map(|(via, it)| Evidence {
            place: (&it.at).into(),
            note: format!("{} in the {}", quote(name), via.name()).into(),
        }));
    }
    let message = match &names[..] {
        [] => return None,
        [name] => format!("variable {} has different values", quote(name)),
        [first, ..] => {
            format!("{} and {} more variables have different values", quote(first), names.len() - 1)
        }
    };
    places.truncate(MOST);
    Some(Disagreement { message, places })
}

/// The steps in which a history and a Dockerfile differ.
fn drift(case: &Case) -> Option<Disagreement> {
    let told = case.told.as_ref()?;
    let file = super::dockerfile(case)?;
    let fit = told.fit.as_ref().filter(|it| !it.is_clean())?;
    let name = case.sources.get(usize::from(file.source.0)).map(|it| &*it.name)?;
    // In the order of the file; what it does not have, behind the line before it.
    let mut steps: Vec<((u32, usize), Vec<(Option<Locus>, &'static str)>)> = Vec::new();
    for (line, entry) in &fit.changed {
        let both = vec![(Some(file.at(*line)), SAYS), (told.place(*entry), INSTEAD)];
        steps.push(((line.start(), 0), both));
    }
    for line in &fit.missing {
        steps.push(((line.start(), 0), vec![(Some(file.at(*line)), MISSING)]));
    }
    for entry in &fit.surplus {
        let before = fit.matches.iter().rev().find(|(_, it)| it < entry);
        let at = before.map_or(0, |(line, _)| line.start());
        steps.push(((at, 1 + entry), vec![(told.place(*entry), SURPLUS)]));
    }
    text::order::sort_by_key(&mut steps, |it| it.0);
    let places = steps
        .into_iter()
        .flat_map(|it| it.1)
        .filter_map(|(at, note)| Some(Evidence { place: at?.into(), note: note.into() }));
    let places = places.take(2 * MOST).collect();
    Some(Disagreement { message: sentence(name, fit), places })
}

const SAYS: &str = "the file says";
const INSTEAD: &str = "the history says instead";
const MISSING: &str = "no step of the history does";
const SURPLUS: &str = "no line of the file says";

/// Puts into the notes about steps what the steps say. `text`: of a place, without secrets.
pub(crate) fn tell_steps(all: &mut [Disagreement], text: impl Fn(&Locus) -> String) {
    for it in all.iter_mut().flat_map(|it| &mut it.places) {
        if [SAYS, INSTEAD, MISSING, SURPLUS].contains(&&*it.note) {
            let text = text(&it.place.at);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            it.note = format!("{} {}", it.note, quote(&text)).into();
        }
    }
}

fn sentence(name: &str, fit: &Fit) -> String {
    match fit.matches.len() {
        0 => format!(
            "this image was probably not built from {}: none of its steps is found",
            quote(name)
        ),
        // Most of it is there: an older or newer version of the same file.
        found if found * 2 >= fit.n_steps => format!(
            "this image was probably not built from {} as it is now, because {}",
            quote(name),
            differences(fit)
        ),
        found => format!(
            "this image was probably not built from {}, because only {found} of its {} steps {} found",
            quote(name),
            fit.n_steps,
            if found == 1 { "is" } else { "are" }
        ),
    }
}

/// How many steps differ, and in which way.
fn differences(fit: &Fit) -> String {
    let are = |n: usize| if n == 1 { "is" } else { "are" };
    let steps = |n: usize| if n == 1 { "step" } else { "steps" };
    let (changed, missing, surplus) = (fit.changed.len(), fit.missing.len(), fit.surplus.len());
    let all = [
        (changed, format!("{changed} of its steps {} another in the history", are(changed))),
        (missing, format!("{missing} {} not there", are(missing))),
        (
            surplus,
            format!("{surplus} {} of the history {} not in the file", steps(surplus), are(surplus)),
        ),
    ];
    let said: Vec<String> = all.into_iter().filter(|it| it.0 > 0).map(|it| it.1).collect();
    match said.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
