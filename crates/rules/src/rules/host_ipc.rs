//! The container shares the host's shared memory.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-ipc",
    title: "The container shares the host's shared memory",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.17", "baa3890f", "KSV-0008", "CKV_K8S_18"],
    doc: page!("host_ipc.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.ipc,
        |_, value| match value {
            Some(it) if it == "host" => {
                Judged::fails("the container shares the host's memory segments and message queues")
            }
            Some(_) | None => Judged::clear("the container has shared memory of its own"),
        },
    );
}
