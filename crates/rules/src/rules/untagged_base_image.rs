//! An image without a version.

use dockerfile::{Base, ImageRef};
use report::{Applies, Input, Locus, Outcome, Severity, Why, quote};

use crate::facts::{BaseImage, Role};
use crate::knowledge::base_image::base_image;
use crate::knowledge::lifecycle::end_of_life;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "untagged-base-image",
    title: "An image is used without a version",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "latest-tag",
        "copy-from-unpinned",
        "DL3006",
        "DL3007",
        "DS-0001",
        "CKV_DOCKER_7",
        "9efb0b2d",
        "f45ea400",
        "missing-image-version",
        "avoid-latest-version",
        "S6596",
        "DKL-DI-0006",
        "DF001",
        "DF024",
        "missing_tag",
        "latest_tag",
        "no_tag",
        "is_latest_tag",
    ],
    doc: page!("untagged_base_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.bases {
        // Names with an unknown part are judged below, where the known part is.
        if let Ok(it) = &seen.value {
            judge(case, it, &seen.at, out);
        }
    }
    for build in &case.builds {
        for stage in &build.stages.stages {
            let takes = stage.takes.iter().map(|it| (&it.from, it.place));
            for (base, place) in [(&stage.base, stage.base_place)].into_iter().chain(takes) {
                if let Base::Unknown { name, variable } = base {
                    judge_unknown(name, variable, &build.at(place), out);
                }
            }
        }
    }
}

fn judge(case: &Case, it: &BaseImage, at: &Locus, out: &mut Outcome) {
    let name = name(&it.image);
    match (&it.image.digest, it.image.tag.as_deref()) {
        (Some(_), _) => out.clear(at, format!("{name} has a digest")),
        (None, Some("latest")) => {
            out.fail(at, format!("{name} means whatever is newest when somebody builds"));
        }
        (None, Some(_)) => out.clear(at, format!("{name} has a version")),
        (None, None) if it.role == Role::Base || is_surely_an_image(case, it) => {
            out.fail(at, format!("{name} has no tag, so it means `latest`"));
        }
        (None, None) => out.gap(
            at,
            Why::Unreadable(
                format!("{name} is an image without a version, unless the build has a context of that name")
                    .into(),
            ),
        ),
    }
}

/// A single word behind `--from` may as well name a build context.
fn is_surely_an_image(case: &Case, it: &BaseImage) -> bool {
    let familiar = it.image.familiar();
    it.image.registry.is_some()
        || it.image.repository.contains('/')
        || base_image(&familiar, Some("latest")).is_some()
        || !end_of_life(&familiar, None).is_empty()
        || case.builds.is_empty()
}

/// A name of which a part is not known: what stands behind the last slash may be.
fn judge_unknown(name: &str, variable: &str, at: &Locus, out: &mut Outcome) {
    let last = name.rsplit('/').next().unwrap_or(name);
    let known_last = name.contains('/') && !last.contains('$');
    match last.rsplit_once(':') {
        // `${X:-…}` is not a tag.
        Some((_, "latest")) => {
            out.fail(at, format!("{} means whatever is newest when somebody builds", quote(name)));
        }
        Some((_, tag)) if !tag.is_empty() && !tag.contains(['$', '}']) => {
            out.clear(at, format!("{} has a version", quote(name)));
        }
        None if known_last && !last.is_empty() => {
            out.fail(at, format!("{} has no tag, so it means `latest`", quote(name)));
        }
        Some(_) | None => out.gap(at, Why::BuildArg(variable.into())),
    }
}

fn name(image: &ImageRef) -> String {
    quote(&image.to_string())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn each_image_is_judged_where_it_is_named() {
        check_dockerfile(
            &RULE,
            r#"
ARG REGISTRY=registry.example.com:5000
ARG BASE=debian
FROM node
#    ^^^^ `node` has no tag, so it means `latest`
FROM $BASE
#    ^^^^^ `debian` has no tag, so it means `latest`
FROM --platform=$BUILDPLATFORM ${REGISTRY}/a/b:latest AS x
#                              ^^^^^^^^^^^^^^^^^^^^^^ `registry.example.com:5000/a/b:latest` means whatever is newest when somebody builds
COPY --from=ghcr.io/example/tool:latest /tool /
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ghcr.io/example/tool:latest` means whatever is newest when somebody builds
COPY --from=hashicorp/terraform /bin/terraform /
#           ^^^^^^^^^^^^^^^^^^^ `hashicorp/terraform` has no tag, so it means `latest`
RUN --mount=from=golang,target=/go make
#                ^^^^^^ `golang` has no tag, so it means `latest`
FROM x
"#,
        );
    }

    #[test]
    fn names_that_are_no_images_need_no_version() {
        check_dockerfile(
            &RULE,
            r#"
ARG VERSION=13
FROM debian:${VERSION} AS base-amd64
FROM scratch
FROM base-amd64 AS x
FROM X
COPY --from=context / /
COPY --from=x / /
FROM node:latest-alpine
FROM node:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
"#,
        );
    }

    #[test]
    fn what_is_known_of_a_name_is_judged() {
        check_dockerfile(
            &RULE,
            r#"
ARG REGISTRY
ARG NAME
ARG VERSION
FROM ${REGISTRY}/ubuntu
#    ^^^^^^^^^^^^^^^^^^ `${REGISTRY}/ubuntu` has no tag, so it means `latest`
FROM $NAME:latest
#    ^^^^^^^^^^^^ `${NAME}:latest` means whatever is newest when somebody builds
FROM $NAME:13
FROM ${REGISTRY}ubuntu
FROM node:${VERSION}-alpine
FROM ${REGISTRY}/${NAME}
"#,
        );
    }
}
