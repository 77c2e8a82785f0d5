//! Histories, logs or memory dumps are left in the image.

use report::{Applies, Input, Outcome, Severity};

use crate::files::LeftoverKind;
use crate::in_layers::report_leftovers;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "history-and-log-files",
    title: "Histories, logs or memory dumps are left in the image",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("history_and_log_files.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    report_leftovers(case, out, LeftoverKind::History, "what somebody typed is shipped");
    report_leftovers(case, out, LeftoverKind::Log, "logs of the build are shipped");
    report_leftovers(case, out, LeftoverKind::CoreDump, "the memory of a program is shipped");
}
