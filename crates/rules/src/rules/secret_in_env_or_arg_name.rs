//! A variable is named like a secret.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::facts::{EnvVar, Origin, Reach, Seen};
use crate::knowledge::env_names::{Because, judge};
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
        "DF014",
    ],
    doc: page!("secret_in_env_or_arg_name.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut found: Vec<(&EnvVar, Vec<&Seen<EnvVar>>)> = Vec::new();
    let mut others = None;
    for seen in &case.facts.env {
        let Ok(it) = &seen.value else { continue };
        if !it.secret {
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
        places.sort_by(|a, b| a.via.cmp(&b.via).then(a.at.cmp(&b.at)));
        let Some((first, rest)) = places.split_first() else { continue };
        let finding = out.fail(&first.at, message(it, first));
        for other in rest {
            finding.related(&other.at, "and here");
        }
    }
    if let (true, Some(seen)) = (out.findings.is_empty(), others) {
        out.clear(&seen.at, "no variable is named like a secret");
    }
}

fn message(it: &EnvVar, seen: &Seen<EnvVar>) -> String {
    let name = quote(&it.name);
    let what = match judge(&it.name, it.value.as_deref()).because {
        Because::ItsValue(value) => format!("{name} holds {}", value.label()),
        _ => format!("{name} is named like a secret"),
    };
    let who = match (seen.via, it.origin, seen.reach) {
        (Input::Run, _, _) => "everyone who may inspect the container can read its value",
        (_, Origin::Env, Reach::Image) => "everyone who has the image can read its value",
        (_, Origin::Env, Reach::Build | Reach::Unused) => "its value stays in the build cache",
        (_, Origin::Arg, Reach::Image) => {
            "the history of the image shows the value it is built with"
        }
        (_, Origin::Arg, Reach::Build | Reach::Unused) => {
            "build arguments stay in the build cache and its records"
        }
    };
    format!("{what}; {who}")
}

