//! The container is in a control group of its own choice.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "custom-cgroup",
    title: "The container chooses its control group",
    question: None,
    severity: Severity::Note,
    applies: Applies::Host,
    default: false,
    reads: &[Input::Run],
    aka: &["5.25", "4d9f44c6"],
    doc: page!("custom_cgroup.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.cgroup_parent,
        |_, value| match value {
            Some(it) => {
                Judged::Fails(format!("the container is put below control group {}", quote(it)))
            }
            None => Judged::clear("the engine chooses the control group"),
        },
    );
}
