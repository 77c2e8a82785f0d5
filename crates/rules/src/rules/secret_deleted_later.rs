//! A secret was removed from the files, and the layer that brought it is shipped.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::facts::{Secret, Seen};
use crate::files::{Files, Ghost, path};
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-deleted-later",
    title: "A secret is deleted, and an earlier layer still has it",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &[],
    doc: page!("secret_deleted_later.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    let mut known: Vec<&Secret> = Vec::new();
    for it in &files.ghosts {
        if let Ok(secret) = &it.what {
            // One that containers still have is a finding of its own.
            if is_alive(case, secret) || known.iter().any(|it| it.fingerprint == secret.fingerprint) {
                continue;
            }
            known.push(secret);
        }
        report(files, it, out);
    }
    if out.findings.is_empty() {
        clear(files, out, "no secret is in a file that a later layer deletes");
    }
}

fn report(files: &Files, it: &Ghost, out: &mut Outcome) {
    let what = match &it.what {
        Ok(secret) => format!("{} {}", secret.title, quote(&secret.masked)),
        Err(kind) => format!("{}, {kind},", quote(path(&it.at))),
    };
    let how = if it.is_replaced { "replaced" } else { "deleted" };
    let message = format!("{what} is {how} in layer {}, and everyone who has the image still has it", it.gone);
    let finding = out.fail(&it.at, message);
    with_origin(files, &it.at, finding);
    let gone = Locus::Layer { layer: it.gone, path: path(&it.at).into(), span: None };
    finding.related(&gone, format!("{how} here"));
    if let Some(at) = files.made_by(&gone) {
        finding.related(at, "by this step");
    }
    if let Ok(secret) = &it.what {
        finding.related(&it.at, format!("to rotate it: {}", secret.rotate));
    }
}

fn is_alive(case: &Case, secret: &Secret) -> bool {
    let same = |it: &Seen<Secret>| {
        it.via == Input::Layers && it.value.as_ref().is_ok_and(|it| it.fingerprint == secret.fingerprint)
    };
    case.facts.secrets.iter().any(same)
}
