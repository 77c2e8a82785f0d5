//! An image is named by a tag and a digest, of which only the digest counts.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "tag-and-digest",
    title: "An image has a tag beside its digest",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["S8431"],
    doc: page!("tag_and_digest.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.bases.iter().filter(|it| it.reach != Reach::Unused) {
        match &seen.value {
            Ok(it) => match (&it.image.tag, &it.image.digest) {
                (Some(tag), Some(_)) => {
                    out.fail(
                        &seen.at,
                        format!("the digest decides; {} is not looked at", quote(tag)),
                    );
                }
                (Some(_), None) | (None, Some(_)) | (None, None) => {
                    out.clear(&seen.at, "tag and digest do not stand beside each other");
                }
            },
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}
