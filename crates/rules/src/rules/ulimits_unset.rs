//! The limits of single processes are the engine's.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "ulimits-unset",
    title: "The limits of single processes are the engine's",
    question: None,
    severity: Severity::Note,
    applies: Applies::Host,
    default: false,
    reads: &[Input::Run],
    aka: &["5.19"],
    doc: page!("ulimits_unset.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.ulimits,
        |_, value| match value {
            Some(list) if !list.is_empty() => Judged::clear("the container sets limits of its own"),
            Some(_) | None => {
                Judged::fails("the limits of single processes are left to the engine")
            }
        },
    );
}
