//! A secret is written out.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::{SourceId, Span};

use crate::facts::{EnvVar, GivenCredential, Home, Reach, Secret, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "hardcoded-secret-value",
    title: "A secret is written out",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::History],
    aka: &["a88baa34", "S6437", "secrets-in-code", "4.10"],
    doc: page!("hardcoded_secret_value.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for source in case.searched.iter().copied() {
        if !case.facts.secrets.iter().any(|it| is_in(it, source)) {
            let at = Locus::Text { source, span: Span::default() };
            out.clear(&at, "no token, key or password of a known form is written here");
        }
    }
    report_all(shipped(case), out, |it| persists(it.home));
}

/// Secrets that get into the image.
fn shipped(case: &Case) -> impl Iterator<Item = &Seen<Secret>> {
    case.facts.secrets.iter().filter(|it| is_shipped(it) && !is_named(case, it))
}

/// Whether a secret gets into the image.
pub(super) fn is_shipped(seen: &Seen<Secret>) -> bool {
    let home = seen.value.as_ref().map_or(Home::Nowhere, |it| it.home);
    seen.reach == Reach::Image && home != Home::Nowhere
}

/// Whether it is judged elsewhere already: by the name of its variable, or by the command that is
/// given it.
pub(super) fn is_named(case: &Case, seen: &Seen<Secret>) -> bool {
    let Ok(it) = &seen.value else { return false };
    let origin = |at: &Locus| crate::told::origin(case, at);
    let variable = |it: &Seen<EnvVar>| {
        it.value.as_ref().is_ok_and(|it| it.secret)
            && origin(&it.at).is_some_and(|at| holds(&at, &seen.at))
    };
    let command = |it: &Seen<GivenCredential>| {
        it.value.as_ref().is_ok_and(|it| it.literal().is_some())
            && origin(&it.at).is_some_and(|at| overlap(&at, &seen.at))
    };
    (it.guess || it.weak) && case.facts.env.iter().any(variable)
        || it.likely && case.facts.credentials.iter().any(command)
}

/// Whether two places share something.
pub(super) fn overlap(a: &Locus, b: &Locus) -> bool {
    match (a, b) {
        (Locus::Text { source, span }, Locus::Text { source: of, span: it }) => {
            source == of && span.start() < it.end() && it.start() < span.end()
        }
        _ => false,
    }
}

/// Whether a place lies in another.
pub(super) fn holds(outer: &Locus, inner: &Locus) -> bool {
    match (outer, inner) {
        (Locus::Text { source, span }, Locus::Text { source: of, span: it }) => {
            source == of && span.contains(*it)
        }
        _ => false,
    }
}

/// One finding for each secret, however often it is written. `where_to`: where it stays.
pub(super) fn report_all<'a>(
    all: impl Iterator<Item = &'a Seen<Secret>>,
    out: &mut Outcome,
    where_to: impl Fn(&Secret) -> &'static str,
) {
    let mut found: Vec<(&Secret, Vec<&Seen<Secret>>)> = Vec::new();
    for seen in all {
        let Ok(it) = &seen.value else { continue };
        match found.iter_mut().find(|(first, _)| first.fingerprint == it.fingerprint) {
            Some((_, places)) => places.push(seen),
            None => found.push((it, vec![seen])),
        }
    }
    for (it, places) in found {
        let Some((first, rest)) = places.split_first() else { continue };
        let public = match &it.public[..] {
            [] => String::new(),
            all => format!(" ({})", all.join(", ")),
        };
        let message = format!("{} {}{public} {}", it.title, quote(&it.masked), where_to(it));
        let finding = out.fail(&first.at, message);
        if it.guess {
            finding.likely();
        }
        for other in rest {
            finding.related(&other.at, "and here");
        }
        finding.related(&first.at, format!("to rotate it: {}", lower_first(it.rotate)));
    }
}

/// A phrase as it stands behind a colon.
fn lower_first(text: &str) -> String {
    let is_word = text.chars().nth(1).is_some_and(|it| it.is_lowercase() || it == ' ');
    let mut letters = text.chars();
    match letters.next().filter(|_| is_word) {
        Some(first) => format!("{}{}", first.to_ascii_lowercase(), letters.as_str()),
        None => text.to_owned(),
    }
}

/// Where a secret stays that is written into something.
fn persists(home: Home) -> &'static str {
    match home {
        Home::Env => "is in the environment of every container",
        Home::Arg | Home::Run | Home::History => "stays in the history of the image",
        Home::Label => "is in the labels of the image",
        Home::Start => "is in the image's configuration and in every list of its processes",
        Home::File => "is in a file of the image",
        Home::Trigger => "is handed on to every image built on this one",
        Home::Config => "is there for everyone who may read this configuration",
        Home::Nowhere => "is written here",
    }
}

fn is_in(seen: &Seen<Secret>, source: SourceId) -> bool {
    matches!(seen.at, Locus::Text { source: of, .. } if of == source)
}
