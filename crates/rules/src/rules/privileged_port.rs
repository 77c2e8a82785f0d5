//! A port below 1024 is published or listened on.

use report::{Applies, Input, Outcome, Severity};

use crate::container::untold;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "privileged-port",
    title: "A port below 1024 is published",
    question: None,
    severity: Severity::Note,
    applies: Applies::Host,
    default: false,
    reads: &[Input::Run],
    aka: &["bc2908f3"],
    doc: page!("privileged_port.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = case.facts.container.as_deref() else { return };
    let Some(at) = container.ports.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.ports.all() {
        let lowest = it.value.host.map_or(u16::MAX, |it| it.0).min(it.value.container.0);
        if lowest < 1024 {
            out.fail(&it.at, format!("port {lowest} is below 1024"));
            is_clear = false;
        }
    }
    if is_clear {
        out.clear(at, "no published port is below 1024");
    }
}
