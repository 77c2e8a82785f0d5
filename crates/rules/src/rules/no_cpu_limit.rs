//! Nothing limits the container's processor time.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-cpu-limit",
    title: "No limit of processor time is set",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.12", "6b610c50", "KSV-0011", "CKV_K8S_11"],
    doc: page!("no_cpu_limit.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.cpus,
        |_, value| match value {
            Some(_) => Judged::clear("processor time is limited"),
            None => Judged::fails(
                "no limit of processor time is set: the container may use every processor",
            ),
        },
    );
}
