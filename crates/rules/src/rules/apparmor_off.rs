//! AppArmor is switched off.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::facts::Profile;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "apparmor-off",
    title: "AppArmor is switched off",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.2", "KSV-0002"],
    doc: page!("apparmor_off.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.apparmor,
        |container, value| match value {
            _ if container.is_privileged() => Judged::Moot,
            Some(Profile::Off) => {
                Judged::fails("AppArmor is switched off: nothing limits mounts and kernel files")
            }
            Some(Profile::Standard | Profile::Named(_)) => {
                Judged::clear("an AppArmor profile confines the container")
            }
            // Only the host knows whether it has AppArmor at all.
            None => Judged::Moot,
        },
    );
}
