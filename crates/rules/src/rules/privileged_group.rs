//! The process is in a group that has power over the host.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::{linux, untold};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "privileged-group",
    title: "The process is in a powerful group",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["group-add"],
    doc: page!("privileged_group.md"),
    check,
};

/// Groups whose members own what others must not touch.
const GROUPS: [&str; 9] =
    ["0", "root", "docker", "podman", "disk", "shadow", "kmem", "sudo", "wheel"];

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case) else { return };
    let Some(at) = container.groups.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.groups.all().iter().filter(|it| GROUPS.contains(&&*it.value)) {
        let message = format!(
            "group {} is added: its members may touch what belongs to the system",
            quote(&it.value)
        );
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no group is added that has power over the system");
    }
}
