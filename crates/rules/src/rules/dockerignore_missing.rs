//! The whole build context is copied, and nothing is left out of it.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use super::copy_secret_file::is_whole;
use crate::facts::{Copied, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "dockerignore-missing-or-empty",
    title: "No ignore file leaves anything out of what is copied",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::Context],
    aka: &["DF033"],
    doc: page!("dockerignore_missing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut first = None;
    for seen in case.facts.copies.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(copy), Locus::Text { source: text, .. }) = (&seen.value, &seen.at) else {
            continue;
        };
        first = first.or(Some(&seen.at));
        for (source, span) in copy.sources.iter().filter(|_| copy.from.is_none()) {
            let Copied::Path(path) = source else { continue };
            if !is_whole(path) {
                continue;
            }
            let at = Locus::Text { source: *text, span: *span };
            match case.context() {
                // Which files get in without leave is asked where secrets are looked for.
                None => {}
                Some(it) if it.ignores() => out.clear(&at, "an ignore file leaves something out"),
                Some(_) => {
                    let message = format!(
                        "{} copies all of the context: no ignore file leaves anything out",
                        quote(path)
                    );
                    out.fail(&at, message);
                }
            }
            return;
        }
    }
    if let Some(at) = first {
        out.clear(at, "what is copied is named");
    }
}
