//! The build added a program that runs as its owner or group.

use report::{Applies, Input, Outcome, Severity};

use super::setuid_files_left::{is_added, shown};
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "setuid-gtfobin",
    title: "The build adds a program that runs with its owner's rights",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("setuid_gtfobin.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    // Which layers are the base image's has to be known for this.
    if files.n_base.is_none() {
        return;
    }
    let bits = files.privileged.iter().filter(|it| it.set_uid || it.set_gid);
    for it in bits.filter(|it| is_added(files, it)) {
        let whose = match (it.set_uid, it.uid, it.gid) {
            (true, 0, _) => "as root".to_owned(),
            (true, uid, _) => format!("as user {uid}"),
            (false, _, 0) => "with the group root".to_owned(),
            (false, _, gid) => format!("with group {gid}"),
        };
        let message =
            format!("{} is not from a distribution and runs {whose}, whoever starts it", shown(it));
        with_origin(files, &it.at, out.fail(&it.at, message));
    }
    if out.findings.is_empty() {
        clear(files, out, "the build added no program with a set-user-ID or set-group-ID bit");
    }
}
