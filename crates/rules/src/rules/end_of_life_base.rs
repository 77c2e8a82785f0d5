//! A base image gets no more fixes.

use report::{Applies, Input, Outcome, Severity, quote};
use text::Date;

use crate::facts::{Reach, Role};
use crate::known::{self, Support};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "end-of-life-base",
    title: "A base image is past its end of life",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["eol-ruby-version", "4.4"],
    doc: page!("end_of_life_base.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.bases.iter().filter(|it| it.reach != Reach::Unused) {
        let it = match &seen.value {
            Ok(it) => it,
            Err(why) => {
                out.gap(&seen.at, why.clone());
                continue;
            }
        };
        if it.role != Role::Base {
            continue;
        }
        let repository = it.image.familiar();
        for cycle in known::support(&repository, it.image.tag.as_deref()) {
            match ended(&cycle, case.today) {
                Some(message) => {
                    out.fail(&seen.at, message);
                }
                None => out.clear(&seen.at, format!("{} still gets fixes", quote(&cycle.name))),
            }
        }
    }
}

fn ended(cycle: &Support, today: Date) -> Option<String> {
    let name = quote(&cycle.name);
    let as_known = format!("as known on {}", known::LIFECYCLES_AS_OF);
    match cycle.until {
        Some(until) if until < today => {
            Some(format!("{name} gets no more fixes since {until}, {as_known}"))
        }
        Some(_) => None,
        None if cycle.ended => Some(format!("{name} gets no more fixes, {as_known}")),
        None => None,
    }
}
