//! A port below 1024 of the host leads into the container.

use report::{Applies, Input, Outcome, Severity};

use crate::container::untold;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "privileged-host-port",
    title: "A port below 1024 of the host is published",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.8", "bc2908f3"],
    doc: page!("privileged_host_port.md"),
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
        let Some((first, _)) = it.value.host.filter(|it| it.0 < 1024) else { continue };
        // Web servers are what containers are mostly for.
        if matches!(it.value.host, Some((80, 80) | (443, 443))) {
            continue;
        }
        let message = format!(
            "port {first} of the host leads into the container; below 1024 people expect the system's own services"
        );
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no port of the host below 1024 is published, but for web servers");
    }
}
