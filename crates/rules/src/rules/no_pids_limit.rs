//! Nothing limits the container's processes.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge, linux};
use crate::facts::{Engine, Notation};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-pids-limit",
    title: "No limit of processes is set",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.29", "221e0658"],
    doc: page!("no_pids_limit.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    // On a cluster the nodes limit it, and nothing in a pod could.
    if linux(case).is_some_and(|it| it.engine == Engine::Kubernetes) {
        return;
    }
    judge(
        case,
        out,
        |it| &it.pids,
        |container, value| match value {
            Some(_) => Judged::clear("the number of processes is limited"),
            None if container.engine == Engine::Podman
                && container.notation == Notation::RunLine =>
            {
                Judged::clear("Podman limits the number of processes by itself")
            }
            None => Judged::fails(
                "no limit of processes is set: the container may fill the host's process table",
            ),
        },
    );
}
