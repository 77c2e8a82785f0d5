//! The same content is in the image several times.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::files::path;
use crate::in_layers::{clear, size, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-files",
    title: "The same content is in the image several times",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("duplicate_files.md"),
    check,
};

/// Less is not worth a change.
const LEAST: u64 = 5_000_000;

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    let waste = &files.waste;
    let Some((first, second, bytes)) = waste.largest.as_ref().filter(|_| waste.duplicates >= LEAST)
    else {
        clear(files, out, "no content of weight is in the image twice");
        return;
    };
    let message = format!(
        "{} are taken by second copies of files; the largest is {}, {}",
        size(waste.duplicates),
        quote(path(second)),
        size(*bytes)
    );
    let finding = out.fail(second, message);
    finding.related(first, "the same content");
    with_origin(files, second, finding);
}
