//! A comment that should accept a finding accepts nothing.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "ineffective-ignore",
    title: "An ignore comment has no effect",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("ineffective_ignore.md"),
    check,
};

/// Which comments had an effect is known once all rules have run; they are added then. Here stands
/// only that a file was looked at.
fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        if let Some(first) = build.dockerfile.instructions().next() {
            let at = Locus::Text { source: build.source, span: first.word.span };
            out.clear(&at, "every ignore comment has an effect");
        }
    }
}
