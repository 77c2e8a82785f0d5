//! Mounts made in the container appear on the host.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::{linux, untold};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "shared-mount-propagation",
    title: "Mounts propagate to the host",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.20"],
    doc: page!("shared_mount_propagation.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case) else { return };
    let Some(at) = container.mounts.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.mounts.all().iter().filter(|it| it.value.propagation.ends_with("shared")) {
        let message =
            format!("what is mounted below {} appears on the host too", quote(&it.value.target));
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "what is mounted in the container stays there");
    }
}
