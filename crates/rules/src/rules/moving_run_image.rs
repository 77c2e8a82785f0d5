//! The container is run from a tag that moves.

use report::{Applies, Input, Outcome, Severity, Why, quote};

use crate::{Case, Rule};
use dockerfile::ImageRef;

pub(super) static RULE: Rule = Rule {
    id: "moving-run-image",
    title: "The container is run from a tag that moves",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.28", "CKV_K8S_14"],
    doc: page!("moving_run_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(image) = case.facts.container.as_deref().and_then(|it| it.image.as_ref()) else {
        return;
    };
    let text = image.value.as_str();
    if text.contains('$') {
        let why = format!("a variable decides which image {} is", quote(text));
        return out.gap(&image.at, Why::Unreadable(why.into()));
    }
    let is_id = text.len() >= 12 && text.bytes().all(|it| it.is_ascii_hexdigit());
    if text.starts_with("sha256:") || is_id {
        return out.clear(&image.at, "the image is named by its id");
    }
    let it = ImageRef::parse(text);
    match (&it.digest, it.tag.as_deref()) {
        (Some(_), _) => out.clear(&image.at, "the image is named by its digest"),
        (None, Some("latest") | None) => {
            let message = format!("{} is whatever was pushed last under that name", quote(text));
            out.fail(&image.at, message);
        }
        (None, Some(_)) => out.clear(&image.at, "the image has a tag other than `latest`"),
    }
}
