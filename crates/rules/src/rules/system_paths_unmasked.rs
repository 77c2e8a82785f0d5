//! Files of the kernel are open that engines hide.

use report::{Applies, Input, Outcome, Severity};

use crate::container::linux;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "system-paths-unmasked",
    title: "Files of the kernel are not hidden",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["KSV-0027"],
    doc: page!("system_paths_unmasked.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = linux(case).filter(|it| !it.is_privileged()) else { return };
    let Some(at) = container.unmasked.at() else { return };
    if container.unmasked.value() == Some(&true) {
        out.fail(at, "files of the kernel are open that the engine hides, such as `/proc/kcore`");
    } else {
        out.clear(at, "the engine hides the kernel's files");
    }
}
