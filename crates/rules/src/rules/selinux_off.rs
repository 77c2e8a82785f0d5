//! SELinux does not separate the container.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::facts::Profile;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "selinux-off",
    title: "SELinux separation is switched off",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.3"],
    doc: page!("selinux_off.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.selinux,
        |container, value| match value {
            _ if container.is_privileged() => Judged::Moot,
            Some(Profile::Off) => Judged::fails(
                "SELinux separation is switched off: files of the host are not protected by it",
            ),
            Some(Profile::Standard | Profile::Named(_)) | None => {
                Judged::clear("SELinux separation is not switched off")
            }
        },
    );
}
