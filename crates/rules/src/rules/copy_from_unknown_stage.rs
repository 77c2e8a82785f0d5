//! A copy from a stage that does not exist.

use dockerfile::{Base, ImageRef};
use report::{Applies, Input, Outcome, Safety, Severity, quote};

use crate::knowledge::base_image::base_image;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "copy-from-unknown-stage",
    title: "A copy names no stage of the file",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3022", "DF049"],
    doc: page!("copy_from_unknown_stage.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let names = || build.stages.stages.iter().filter_map(|it| it.name.as_deref());
        for stage in &build.stages.stages {
            for take in &stage.takes {
                let at = build.at(take.place);
                let Base::Image(image) = &take.from else {
                    out.clear(&at, "a stage of the file");
                    continue;
                };
                let name = image.to_string();
                let near = text::nearest(&name, names());
                if !is_bare(image) || is_known(image) && near.is_none() {
                    out.clear(&at, "an image");
                    continue;
                }
                let meant = near.map(|it| format!("; did you mean {}?", quote(it)));
                let message =
                    format!("no stage is called {}{}", quote(&name), meant.unwrap_or_default());
                let fix = near.and_then(|it| {
                    fix::replace(format!("Write {}", quote(it)), &at, it, Safety::Review)
                });
                out.fail(&at, message).fix(fix);
            }
        }
    }
}

/// Whether a name is a single word, as names of stages are.
fn is_bare(image: &ImageRef) -> bool {
    image.registry.is_none()
        && image.tag.is_none()
        && image.digest.is_none()
        && !image.repository.contains('/')
        && image.repository != "context"
        && image.repository.parse::<u32>().is_err()
}

fn is_known(image: &ImageRef) -> bool {
    base_image(&image.familiar(), Some("latest")).is_some() || image.repository == "scratch"
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn names_of_nothing() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS builder
FROM debian:13
COPY --from=buidler /a /a
#           ^^^^^^^ no stage is called `buidler`; did you mean `builder`?
COPY --from=nonexistent /a /a
#           ^^^^^^^^^^^ no stage is called `nonexistent`
COPY --from=builder /a /a
COPY --from=busybox /bin/busybox /bin/
COPY --from=ghcr.io/astral-sh/uv /uv /bin/
COPY --from=tianon/gosu:1 /a /a
COPY --from=$X /a /a
"#,
        );
    }

    #[test]
    fn the_stage_is_named() {
        assert_eq!(
            fixed(&RULE, "FROM a AS builder\nFROM a\nCOPY --from=buidler /x /y\n"),
            "FROM a AS builder\nFROM a\nCOPY --from=builder /x /y\n"
        );
    }
}
