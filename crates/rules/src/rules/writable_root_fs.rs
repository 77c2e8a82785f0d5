//! The image's file system can be written.

use report::{Applies, Input, Outcome, Question, Severity, Why, quote};

use crate::container::{Judged, is_root, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "writable-root-fs",
    title: "The image's file system can be written",
    question: Some(Question::Write),
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.13", "KSV-0014", "CKV_K8S_22"],
    doc: page!("writable_root_fs.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.read_only,
        |_, value| {
            if value == Some(&true) {
                return Judged::clear("the image's file system is read-only");
            }
            let user = case.facts.user.best().and_then(|it| it.value.as_ref().ok());
            match (is_root(case), user) {
                (Some(true), _) => Judged::fails(
                    "the image's file system can be written and the main process runs as root: it may \
                 change every file of the image",
                ),
                (_, Some(user)) => Judged::Open(in_layers(&format!(
                    "the image's file system can be written; which of its files {} may change is in \
                 the layers",
                    quote(&user.to_string())
                ))),
                (_, None) => Judged::Open(in_layers(
                    "the image's file system can be written, and who the main process runs as is not \
                 known",
                )),
            }
        },
    );
}

fn in_layers(what: &str) -> Why {
    Why::Incomplete(Box::new(report::Incomplete {
        what: what.into(),
        input: Input::Layers,
        command: "docker save IMAGE -o image.tar".into(),
    }))
}
