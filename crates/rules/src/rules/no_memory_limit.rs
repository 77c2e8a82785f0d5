//! Nothing limits the container's memory.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-memory-limit",
    title: "No limit of memory is set",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.11", "bb9ac4f7", "KSV-0018", "CKV_K8S_13"],
    doc: page!("no_memory_limit.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.memory,
        |_, value| match value {
            Some(_) => Judged::clear("memory is limited"),
            None => Judged::fails(
                "no limit of memory is set: the container may use all that the host has",
            ),
        },
    );
}
