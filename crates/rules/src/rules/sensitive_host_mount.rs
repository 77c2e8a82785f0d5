//! A directory of the host is mounted that hands over the host.

use report::{Applies, Input, Outcome, Question, Severity, Why, quote};

use crate::container::untold;
use crate::facts::MountType;
use crate::knowledge::Risk;
use crate::knowledge::dangerous_mounts::{Mode, is_engine_socket, mount};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "sensitive-host-mount",
    title: "A sensitive path of the host is mounted",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.6", "KSV-0023"],
    doc: page!("sensitive_host_mount.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = case.facts.container.as_deref() else { return };
    let Some(at) = container.mounts.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    for it in container.volumes_from.all() {
        let why = format!("what container {} has mounted is not told", quote(&it.value));
        out.gap(&it.at, Why::Unreadable(why.into()));
    }
    let mut is_clear = true;
    for it in container.mounts.all().iter().filter(|it| it.value.kind == MountType::Bind) {
        let source = it.value.source.as_str();
        let mode = if it.value.read_only { Mode::ReadOnly } else { Mode::ReadWrite };
        let found = mount(source, mode);
        if found.is_none() && source.starts_with('$') {
            let why = format!("a variable decides which path of the host {} is", quote(source));
            out.gap(&it.at, Why::Unreadable(why.into()));
            is_clear = false;
        }
        let Some(found) = found.filter(|it| it.risk >= Risk::Medium) else { continue };
        // The socket itself has a rule of its own.
        if is_engine_socket(source) {
            continue;
        }
        let how = if it.value.read_only { "mounted read-only" } else { "mounted" };
        let source = quote(source);
        let message = match found.inside {
            true => format!(
                "{source} of the host is {how}; it holds {}: {}",
                quote(found.path),
                found.why
            ),
            false => format!("{source} of the host is {how}: {}", found.why),
        };
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no path of the host is mounted that is known to hand it over");
    }
}
