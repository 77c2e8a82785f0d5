//! A disk or the memory of the host is handed in as a device.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::container::{linux, untold};
use crate::knowledge::Risk;
use crate::knowledge::dangerous_mounts::{Mode, mount};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "host-disk-device",
    title: "A disk or the memory of the host is a device of the container",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.18"],
    doc: page!("host_disk_device.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case) else { return };
    let Some(at) = container.devices.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.devices.all() {
        let host = it.value.host.as_str();
        let message = if it.value.is_rule {
            let is_all = host.starts_with('a') || host.starts_with("b *");
            is_all.then(|| format!("rule {} opens every device of its kind", quote(host)))
        } else {
            let found = mount(host, Mode::ReadWrite).filter(|it| it.risk >= Risk::Critical);
            found.map(|found| format!("the container has device {}: {}", quote(host), found.why))
        };
        if let Some(message) = message {
            out.fail(&it.at, message);
            is_clear = false;
        }
    }
    if is_clear {
        out.clear(at, "no disk and no memory of the host is a device of the container");
    }
}
