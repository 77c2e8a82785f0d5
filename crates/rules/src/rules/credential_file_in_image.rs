//! A file is in the image whose name says that it gives access.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::files::path;
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "credential-file-in-image",
    title: "A credential file is in the image",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("credential_file_in_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    for it in &files.sensitive {
        // What was found in the file says more than its name.
        let is_read = case
            .facts
            .secrets
            .iter()
            .any(|secret| secret.via == Input::Layers && path(&secret.at) == path(&it.at));
        if !is_read {
            let message = format!("{} is {}", quote(path(&it.at)), it.kind);
            with_origin(files, &it.at, out.fail(&it.at, message));
        }
    }
    if out.findings.is_empty() {
        clear(files, out, "no file is there whose name alone says that it gives access");
    }
}
