//! System calls are not filtered.

use report::{Applies, Input, Outcome, Severity, Why};

use crate::container::{Judged, judge};
use crate::facts::{Engine, Profile};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "seccomp-off",
    title: "The filter of system calls is off",
    question: None,
    severity: Severity::High,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.22", "404fde2c", "KSV-0030", "CKV_K8S_31"],
    doc: page!("seccomp_off.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.seccomp,
        |container, value| {
            if container.is_privileged() {
                return Judged::Moot;
            }
            match value {
                Some(Profile::Off) => Judged::fails(
                    "system calls are not filtered: every part of the kernel can be attacked",
                ),
                Some(Profile::Standard) => {
                    Judged::clear("the engine's filter of system calls holds")
                }
                Some(Profile::Named(_)) => Judged::clear("system calls are filtered"),
                None if container.engine == Engine::Kubernetes => Judged::Open(Why::Unreadable(
                    "a pod without a seccomp profile runs unfiltered unless its node has a default"
                        .into(),
                )),
                None => Judged::clear("the engine's filter of system calls holds"),
            }
        },
    );
}
