//! Programs may gain privileges.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-new-privileges-unset",
    title: "Programs in the container may gain privileges",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.26", "27fcc7d6", "610e266e", "KSV-0001", "CKV_K8S_20"],
    doc: page!("no_new_privileges_unset.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.no_new_privileges,
        |_, value| match value {
            Some(true) => Judged::clear("no program of the container can gain privileges"),
            Some(false) | None => Judged::fails(
                "programs may gain privileges that the container was not started with, as `sudo` does",
            ),
        },
    );
}
