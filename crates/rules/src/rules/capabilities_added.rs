//! A capability is added beyond the engine's default.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::linux;
use crate::knowledge::Risk;
use crate::knowledge::capabilities::{capability, is_all};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "capabilities-added",
    title: "A capability is added",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["capability-added", "CKV_K8S_25"],
    doc: page!("capabilities_added.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case).filter(|it| !it.is_privileged()) else { return };
    let Some(at) = container.caps_added.at() else { return };
    let mut is_clear = true;
    for it in container.caps_added.all().iter().filter(|it| !is_all(&it.value)) {
        let Some(known) = capability(&it.value) else { continue };
        if known.default || known.risk >= Risk::High {
            continue;
        }
        let message = format!(
            "capability {} is added: it lets a process {}",
            quote(known.name),
            known.allows
        );
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no capability is added beyond the engine's default");
    }
}
