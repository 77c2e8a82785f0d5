//! The kernel may not end the container when memory runs out.

use report::{Applies, Input, Outcome, Severity};

use crate::container::linux;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "oom-kill-disabled",
    title: "The kernel may not end the container when memory runs out",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["oom-kill-disable"],
    doc: page!("oom_kill_disabled.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case) else { return };
    let Some(at) = container.oom_kill_disable.at() else { return };
    if container.oom_kill_disable.value() == Some(&true) {
        out.fail(at, "when memory runs out, the kernel ends other processes of the host instead");
    } else {
        out.clear(at, "the kernel may end the container when memory runs out");
    }
}
