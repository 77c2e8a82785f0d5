//! The whole build context is copied into the image.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use super::copy_secret_file::is_whole;
use crate::facts::{Copied, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-whole-context",
    title: "The whole build context is copied into the image",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    // Nearly every build does it, and with an ignore file there is little to say against it. What
    // secrets get in this way is another rule's business.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["S6470", "DF007"],
    doc: page!("copy_whole_context.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.copies {
        let (Ok(copy), Locus::Text { source: text, .. }) = (&seen.value, &seen.at) else {
            continue;
        };
        if seen.reach != Reach::Image || copy.from.is_some() {
            out.clear(&seen.at, "nothing of the context gets into the image here");
            continue;
        }
        let mut any = false;
        for (source, span) in &copy.sources {
            let Copied::Path(path) = source else { continue };
            if is_whole(path) {
                any = true;
                let at = Locus::Text { source: *text, span: *span };
                out.fail(
                    &at,
                    format!(
                        "{} brings whatever lies in the context on the day of the build",
                        quote(path)
                    ),
                );
            }
        }
        if !any {
            out.clear(&seen.at, "what is copied is named");
        }
    }
}
