//! The container leaves no log.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "log-driver-none",
    title: "The container leaves no log",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["no-log"],
    doc: page!("log_driver_none.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.log_driver,
        |_, value| match value {
            Some(it) if it == "none" => Judged::fails(
                "what the container writes is thrown away: after an incident nothing tells",
            ),
            Some(_) | None => Judged::clear("what the container writes is kept"),
        },
    );
}
