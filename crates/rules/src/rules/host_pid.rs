//! The container shares the host's processes.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-pid",
    title: "The container shares the host's processes",
    question: None,
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.16", "4f31dd9f", "KSV-0010", "CKV_K8S_17"],
    doc: page!("host_pid.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.pid,
        |_, value| match value {
            Some(it) if it == "host" => Judged::fails(
                "the container shares the host's processes: it sees their arguments and may signal them",
            ),
            Some(_) | None => Judged::clear("the container sees no processes of the host"),
        },
    );
}
