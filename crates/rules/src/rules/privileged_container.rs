//! The container has every privilege.

use report::{Applies, Input, Outcome, Question, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "privileged-container",
    title: "The container is privileged",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.5", "ae5b6871", "KSV-0017", "CKV_K8S_16"],
    doc: page!("privileged_container.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.privileged,
        |_, value| match value {
            Some(true) => Judged::fails(
                "the container is privileged: it has every capability and every device of the host",
            ),
            Some(false) | None => Judged::clear("the container is not privileged"),
        },
    );
}
