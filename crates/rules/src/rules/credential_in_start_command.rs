//! What a container starts with holds a credential.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use super::hardcoded_secret_value::holds;
use crate::facts::{GivenCredential, Seen, StartCommand, Way};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "credential-in-start-command",
    title: "The start command holds a credential",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run],
    aka: &[],
    doc: page!("credential_in_start_command.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let facts = &case.facts;
    for seen in facts.entrypoint.seen.iter().chain(&facts.cmd.seen) {
        if let Ok(command) = &seen.value {
            judge_all(case, seen, command, "everyone who lists the processes sees it", out);
        }
    }
    for seen in &facts.healthcheck.seen {
        if let Ok(it) = &seen.value
            && let Some(command) = &it.command
        {
            judge_all(case, seen, command, "everyone who may inspect the image sees it", out);
        }
    }
}

fn judge_all<T>(case: &Case, seen: &Seen<T>, command: &StartCommand, who: &str, out: &mut Outcome) {
    if command.is_empty() {
        return;
    }
    let mut any = false;
    for given in case.facts.credentials.iter().filter(|it| holds(&seen.at, &it.at)) {
        let Ok(it) = &given.value else { continue };
        if it.literal().is_some() {
            any = true;
            out.fail(&given.at, format!("{}; {who}", what(it)));
        }
    }
    if !any {
        out.clear(&seen.at, "no credential is written into this command");
    }
}

fn what(it: &GivenCredential) -> String {
    match &it.way {
        Way::Option(name) => format!("option {} is given a secret", quote(name)),
        Way::Variable(name) => format!("{} is set to a secret", quote(name)),
        Way::Argument | Way::Input | Way::Sql | Way::Account => {
            format!("{} is given {}", quote(&it.program), it.what)
        }
    }
}
