//! The container shares the host's network.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-network",
    title: "The container shares the host's network",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.10", "071a71ff", "KSV-0009", "CKV_K8S_19"],
    doc: page!("host_network.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.network,
        |_, value| match value {
            Some(it) if it == "host" => Judged::fails(
                "the container shares the host's network: it reaches services that listen on localhost only",
            ),
            Some(_) | None => Judged::clear("the container has a network of its own"),
        },
    );
}
