//! The main process may put files where programs or libraries are looked for.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use super::system_file_writable::name;
use crate::in_layers::clear;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "path-entry-writable",
    title: "Programs are looked for in a directory that the main process may write to",
    question: Some(Question::Write),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Config, Input::Layers],
    aka: &[],
    doc: page!("path_entry_writable.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    let Some(user) = files.access.user.as_ref().filter(|it| it.uid != 0) else { return };
    for (variable, at, directory) in &files.access.search_paths {
        let message = format!("{variable} names {}, and {} may put files there", quote(directory), name(user));
        out.fail(at, message);
    }
    if files.access.search_paths.is_empty() {
        clear(files, out, "no directory that programs are looked for in can be written to");
    }
}
