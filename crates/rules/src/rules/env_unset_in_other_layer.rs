//! A variable is unset in a step, which does not take it out of the image.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::facts::{EnvVar, Origin, Reach, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "env-unset-in-other-layer",
    title: "Unsetting a variable in a step does not remove it from the image",
    question: Some(Question::Secrets),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["S6581"],
    doc: page!("env_unset_in_other_layer.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let mut any = false;
        for command in &step.commands {
            if !command.runs(&["unset"]) || command.place.depth > 0 {
                continue;
            }
            // What follows in the same step may want to do without the variable.
            let is_last = step
                .commands
                .iter()
                .all(|it| it.simple.span.start() <= command.simple.span.start());
            for word in command.arguments() {
                let name = word.text();
                let Some(set) = set_before(case, &name, seen.at.clone()) else { continue };
                let secret = set.value.as_ref().is_ok_and(|it| it.secret);
                if !is_last && !secret {
                    continue;
                }
                any = true;
                let at = Locus::Text { source: *source, span: word.span };
                let message = format!(
                    "{} is unset for this step only; the image keeps its value",
                    quote(&name)
                );
                out.fail(&at, message).related(&set.at, "it is set here");
            }
        }
        if !any {
            out.clear(&seen.at, "no variable of the image is unset in vain");
        }
    }
}

/// The `ENV` of a name that comes before a place in the same text.
fn set_before<'a>(case: &'a Case, name: &str, at: Locus) -> Option<&'a Seen<EnvVar>> {
    case.facts.env.iter().rfind(|it| {
        it.reach == Reach::Image
            && it.at < at
            && it.value.as_ref().is_ok_and(|it| it.name == name && it.origin == Origin::Env)
    })
}
