//! The socket of a container engine is mounted.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::container::untold;
use crate::facts::MountType;
use crate::knowledge::dangerous_mounts::is_engine_socket;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "engine-socket-mounted",
    title: "The engine's socket is mounted",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.32", "d6355c88", "KSV-0006", "CKV_K8S_27"],
    doc: page!("engine_socket_mounted.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = case.facts.container.as_deref() else { return };
    let Some(at) = container.mounts.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.mounts.all().iter().filter(|it| it.value.kind == MountType::Bind) {
        let mount = &it.value;
        if !is_engine_socket(&mount.source) && !is_engine_socket(&mount.target) {
            continue;
        }
        let message = format!(
            "{} is mounted: whoever can talk to that socket owns the host, read-only or not",
            quote(&mount.source)
        );
        out.fail(&it.at, message);
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no socket of a container engine is mounted");
    }
}
