//! A script that the container starts with ends its first line as DOS does.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::files::path;
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "crlf-line-endings",
    title: "A start script has line endings of DOS",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Config, Input::Layers],
    aka: &[],
    doc: page!("crlf_line_endings.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    for at in &files.dos_scripts {
        let message = format!("the first line of {} ends with a carriage return: its interpreter is not found", quote(path(at)));
        with_origin(files, at, out.fail(at, message));
    }
    if files.dos_scripts.is_empty() {
        clear(files, out, "no script that the container starts with has line endings of DOS");
    }
}
