//! A base image gets no more fixes.

use report::{Applies, Input, Outcome, Severity, quote};
use text::Date;

use crate::facts::{Reach, Role};
use crate::files::Files;
use crate::in_layers::with_origin;
use crate::knowledge::lifecycle::{self, Cycle, Support, end_of_life};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "end-of-life-base",
    title: "A base image is past its end of life",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers],
    aka: &["deprecated-image", "eol-ruby-version", "4.4"],
    doc: page!("end_of_life_base.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if let Some(files) = &case.files {
        check_layers(case, files, out);
    }
    for seen in case.facts.bases.iter().filter(|it| it.reach == Reach::Image) {
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
        let tag = match (&it.image.tag, &it.image.digest) {
            (None, None) => Some("latest"),
            (tag, _) => tag.as_deref(),
        };
        for cycle in end_of_life(&it.image.familiar(), tag) {
            match ended(&cycle, case.today) {
                Some(message) => {
                    out.fail(&seen.at, message);
                }
                None => out.clear(&seen.at, format!("{} still gets fixes", name(&cycle))),
            }
        }
    }
}

/// The distribution as the image itself names it, if no base image that is named says the same.
fn check_layers(case: &Case, files: &Files, out: &mut Outcome) {
    let Some(it) = &files.release else { return };
    for cycle in lifecycle::distribution_of(&it.id, &it.version) {
        match ended(&cycle, case.today) {
            Some(message) => {
                with_origin(files, &it.at, out.fail(&it.at, message));
            }
            None => out.clear(&it.at, format!("{} still gets fixes", name(&cycle))),
        }
    }
}

fn name(cycle: &Cycle) -> String {
    quote(format!("{} {}", cycle.product, cycle.cycle).trim_end())
}

fn ended(cycle: &Cycle, today: Date) -> Option<String> {
    let name = name(cycle);
    let mut message = match cycle.support(today) {
        Support::Full(_) => return None,
        Support::Extended(_) if cycle.extended_is_free => return None,
        Support::Extended(until) => {
            format!("{name} gets fixes only for those who pay for them, until {until}")
        }
        Support::Over(Some(since)) => format!("support for {name} ended on {since}"),
        Support::Over(None) => format!("support for {name} has ended"),
    };
    message += &format!(", as known on {}", lifecycle::AS_OF);
    if let Some(instead) = cycle.instead {
        message += &format!("; its place is taken by {}", quote(instead));
    }
    Some(message)
}
