//! All of another stage's file system is copied.

use dockerfile::Base;
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::facts::{Copied, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-stage-root",
    title: "All of another stage is copied",
    question: Some(Question::Tools),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3067"],
    doc: page!("copy_stage_root.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.copies.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some(from) = &copy.from else { continue };
        let whole = copy.sources.iter().find(|(it, _)| match it {
            Copied::Path(path) => matches!(&**path, "/" | "/*" | "." | "./" | "/."),
            Copied::Url(_) | Copied::Inline | Copied::Unknown(_) => false,
        });
        let to_root = copy.destination.trim_end_matches(['/', '.']).is_empty();
        match whole {
            Some((_, span))
                if to_root && !is_empty_below(case, copy.stage) && is_stage(case, from) =>
            {
                let at = Locus::Text { source: *source, span: *span };
                let message =
                    format!("all of {} is copied over this image, its tools included", quote(from));
                out.fail(&at, message);
            }
            _ => out.clear(&seen.at, "only a part is copied"),
        }
    }
}

/// Whether there is nothing below: then the copy is meant to be the whole image.
fn is_empty_below(case: &Case, stage: dockerfile::StageId) -> bool {
    let first = case.builds.first().and_then(|it| it.stages.root_base(stage));
    first.is_some_and(|it| it.base == Base::Scratch)
}

/// Whether what is copied from has a file system to speak of: stages and images that only hand files
/// on are built on nothing.
fn is_stage(case: &Case, name: &str) -> bool {
    let Some(build) = case.builds.first() else { return false };
    match build.stages.target(Some(name)) {
        Some(id) => !is_empty_below(case, id),
        // Images such as `tonistiigi/xx` hold nothing but the files they are for.
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn everything_of_a_stage() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25 AS build
FROM scratch AS files
FROM debian:13
COPY --from=build / /
#                 ^ all of `build` is copied over this image, its tools included
COPY --from=build /app /
COPY --from=files / /
COPY --from=tonistiigi/xx / /
COPY --from=build / /rootfs
COPY . /
"#,
        );
    }

    #[test]
    fn flattening_is_meant() {
        check_dockerfile(&RULE, "\nFROM debian:13 AS a\nRUN x\nFROM scratch\nCOPY --from=a / /\n");
    }
}
