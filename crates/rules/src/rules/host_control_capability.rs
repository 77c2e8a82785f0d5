//! A capability is added that is as good as control of the host.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::container::{linux, untold};
use crate::knowledge::Risk;
use crate::knowledge::capabilities::{capability, is_all};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-control-capability",
    title: "A capability is added that gives power over the host",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.4", "ce76b7d0", "KSV-0005", "CKV_K8S_25"],
    doc: page!("host_control_capability.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case).filter(|it| !it.is_privileged()) else { return };
    let Some(at) = container.caps_added.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.caps_added.all() {
        if is_all(&it.value) {
            out.fail(&it.at, "every capability is added: root in the container controls the host");
            is_clear = false;
            continue;
        }
        let Some(known) = capability(&it.value) else { continue };
        if known.risk >= Risk::High {
            let message = format!(
                "capability {} is added: it lets a process {}",
                quote(known.name),
                known.allows
            );
            out.fail(&it.at, message);
            is_clear = false;
        }
    }
    if is_clear {
        out.clear(at, "no capability is added that gives power over the host");
    }
}
