//! A variable is named like a secret.

use report::{Applies, Input, Outcome, Question, Severity, quote};
use secrets::names::{Because, judge};

use super::arg_promoted_to_env::is_promoted;
use super::hardcoded_secret_value::holds;
use crate::facts::{EnvVar, Origin, Reach, Secret, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-in-env-or-arg-name",
    title: "A variable of the image is named like a secret",
    question: Some(Question::Secrets),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::History],
    aka: &[
        "secret-in-arg-env-name",
        "DL3064",
        "SecretsUsedInArgOrEnv",
        "DS-0031",
        "secret-in-build-arg",
        "S6472",
        "CIS-DI-0010",
        "DF013",
        "DF014",
        "ruby/secrets-in-arg-or-env",
        "ruby/prefer-secret-mounts-for-build-credentials",
    ],
    doc: page!("secret_in_env_or_arg_name.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let shipped = |it: &&Seen<EnvVar>| it.reach == Reach::Image;
    let other = report_all(case, case.facts.env.iter().filter(shipped), out, |it, seen| {
        match (seen.via, it.origin) {
            (Input::Run, _) => "everyone who may inspect the container can read its value",
            (_, Origin::Env) => "everyone who has the image can read its value",
            (_, Origin::Arg) => "the history of the image shows the value it is built with",
        }
    });
    if let (true, Some(seen)) = (out.findings.is_empty(), other) {
        out.clear(&seen.at, "no variable is named like a secret");
    }
}

/// One finding for each variable that is named like a secret, however often it is set. Gives the
/// first of the others. `where_to`: who can read its value.
pub(super) fn report_all<'a>(
    case: &Case,
    all: impl Iterator<Item = &'a Seen<EnvVar>>,
    out: &mut Outcome,
    where_to: impl Fn(&EnvVar, &Seen<EnvVar>) -> &'static str,
) -> Option<&'a Seen<EnvVar>> {
    let mut found: Vec<(&EnvVar, Vec<&Seen<EnvVar>>)> = Vec::new();
    let mut others = None;
    for seen in all {
        let Ok(it) = &seen.value else { continue };
        // What its value gives away is reported for what it is.
        if !it.secret || holds_secret(case, seen) || is_promoted(case, seen) {
            others = others.or(Some(seen));
            continue;
        }
        let same = |(first, _): &&mut (&EnvVar, Vec<_>)| {
            first.name == it.name && first.origin == it.origin
        };
        match found.iter_mut().find(same) {
            Some((_, places)) => places.push(seen),
            None => found.push((it, vec![seen])),
        }
    }
    for (it, mut places) in found {
        text::order::sort_by(&mut places, |a, b| a.via.cmp(&b.via).then(a.at.cmp(&b.at)));
        let Some((first, rest)) = places.split_first() else { continue };
        let what = match judge(&it.name, it.value.as_deref()).because {
            Because::ItsValue(value) => format!("holds {}", value.label()),
            _ => "is named like a secret".to_owned(),
        };
        let message = format!("{} {what}; {}", quote(&it.name), where_to(it, first));
        let finding = out.fail(&first.at, message);
        for other in rest {
            finding.related(&other.at, "and here");
        }
    }
    others
}

/// Whether a secret of a known form stands in the value.
fn holds_secret(case: &Case, seen: &Seen<EnvVar>) -> bool {
    let certain = |it: &&Seen<Secret>| it.value.as_ref().is_ok_and(|it| !it.guess && !it.weak);
    case.facts.secrets.iter().filter(certain).any(|it| holds(&seen.at, &it.at))
}
