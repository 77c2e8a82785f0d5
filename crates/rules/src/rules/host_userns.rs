//! The container shares the host's users.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-userns",
    title: "The container shares the host's users",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.31", "8af7162d"],
    doc: page!("host_userns.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.userns,
        |_, value| match value {
            Some(it) if it == "host" => Judged::fails(
                "the container opts out of user namespaces: root in it is root on the host",
            ),
            Some(_) | None => Judged::clear("the container does not opt out of user namespaces"),
        },
    );
}
