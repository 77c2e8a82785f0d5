//! The history of a source tree is in the image.

use report::{Applies, Input, Outcome, Severity};

use crate::files::LeftoverKind;
use crate::in_layers::report_leftovers;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "vcs-history-copied",
    title: "The history of a source tree is in the image",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("vcs_history_copied.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    report_leftovers(case, out, LeftoverKind::VersionControl, "the history of the source tree is shipped");
}
