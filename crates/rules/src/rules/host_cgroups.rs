//! The container shares the host's control groups.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-cgroups",
    title: "The container shares the host's control groups",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["host-cgroupns"],
    doc: page!("host_cgroups.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.cgroupns,
        |_, value| match value {
            Some(it) if it == "host" => {
                Judged::fails("the container sees the host's control groups")
            }
            Some(_) | None => Judged::clear("the container sees its own control groups only"),
        },
    );
}
