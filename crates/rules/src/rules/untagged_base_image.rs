//! An image without a version.

use dockerfile::ImageRef;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::{BaseImage, Role};
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
        "no_tag",
        "is_latest_tag",
    ],
    doc: page!("untagged_base_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.bases {
        match &seen.value {
            Ok(it) => match problem(it) {
                Some(message) => {
                    out.fail(&seen.at, message);
                }
                None => out.clear(&seen.at, format!("{} has a version", name(&it.image))),
            },
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}

fn problem(it: &BaseImage) -> Option<String> {
    if it.image.digest.is_some() {
        return None;
    }
    match (it.image.tag.as_deref(), it.role) {
        (Some("latest"), _) => {
            Some(format!("{} means whatever is newest when somebody builds", name(&it.image)))
        }
        (None, Role::Base) => {
            Some(format!("{} has no tag, so it means `latest`", name(&it.image)))
        }
        // Without a tag this may as well be a named build context.
        (None, Role::CopyFrom | Role::MountFrom) => None,
        (Some(_), _) => None,
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
}
