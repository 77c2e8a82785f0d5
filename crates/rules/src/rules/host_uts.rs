//! The container shares the host's host name.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-uts",
    title: "The container shares the host's host name",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.21"],
    doc: page!("host_uts.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.uts,
        |_, value| match value {
            Some(it) if it == "host" => Judged::fails(
                "the container shares the host's name and may change it as root with `SYS_ADMIN`",
            ),
            Some(_) | None => Judged::clear("the container has a host name of its own"),
        },
    );
}
