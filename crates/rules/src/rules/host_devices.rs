//! The container has devices of the host.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::linux;
use crate::knowledge::Risk;
use crate::knowledge::dangerous_mounts::{Mode, mount};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-devices",
    title: "Devices of the host are handed in",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.18"],
    doc: page!("host_devices.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case) else { return };
    let Some(at) = container.devices.at() else { return };
    let mut is_clear = true;
    for it in container.devices.all().iter().filter(|it| !it.value.is_rule) {
        let host = it.value.host.as_str();
        let risk = mount(host, Mode::ReadWrite).map(|it| it.risk);
        // Disks have a rule of their own; graphics and tunnels are what devices are for.
        if risk.is_some_and(|it| it >= Risk::Critical || it <= Risk::Low) {
            continue;
        }
        let message = format!("the container talks to the host's device {} directly", quote(host));
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no device of the host is handed in that needs a second look");
    }
}
