//! A dump of data is in the image.

use report::{Applies, Input, Outcome, Severity};

use crate::files::LeftoverKind;
use crate::in_layers::report_leftovers;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "data-dump-in-image",
    title: "A dump of data is in the image",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("data_dump_in_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    report_leftovers(case, out, LeftoverKind::Dump, "a dump of data is shipped");
}
