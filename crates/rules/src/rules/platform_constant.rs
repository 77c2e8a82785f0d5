//! A stage is bound to one platform.

use dockerfile::Stage;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "platform-constant",
    title: "A stage is bound to one platform",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "DL3029",
        "FromPlatformFlagConstDisallowed",
        "b16e8501",
        "avoid-platform-with-from",
        "DF061",
    ],
    doc: page!("platform_constant.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in &build.stages.stages {
            let from = build.dockerfile.pieces.get(stage.from).and_then(|it| it.instruction());
            let Some(flag) = from.and_then(|it| it.flag("platform")) else { continue };
            let Some(value) = flag.value.as_ref().filter(|it| !it.as_str().is_empty()) else {
                continue;
            };
            let at = build.at(flag.span);
            let platform = value.as_str().trim_matches(['"', '\'']);
            if platform.contains('$') {
                out.clear(&at, "the build decides the platform");
            } else if is_for_platforms(stage, platform) {
                out.clear(&at, "other stages are for other platforms");
            } else {
                let platform = quote(platform);
                out.fail(&at, format!("this stage is for {platform} only, whatever is built for"));
            }
        }
    }
}

/// Whether the name of the stage says its platform, so that there are others for the others.
fn is_for_platforms(stage: &Stage, platform: &str) -> bool {
    let Some(name) = &stage.name else { return false };
    let architecture = |it: &str| match it {
        "x86_64" | "x86-64" => "amd64".to_owned(),
        "aarch64" => "arm64".to_owned(),
        "i386" | "i686" => "386".to_owned(),
        "armhf" => "arm".to_owned(),
        other => other.to_owned(),
    };
    let platform = platform.to_ascii_lowercase();
    let mut words = platform.split('/').filter(|it| it.len() > 2);
    words.any(|it| name.contains(it) || name.contains(&architecture(it)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn only_constants_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
ARG PLATFORM=linux/amd64
FROM --platform=linux/amd64 debian:13 AS base
#    ^^^^^^^^^^^^^^^^^^^^^^ this stage is for `linux/amd64` only, whatever is built for
FROM --platform=x86 busybox:1
#    ^^^^^^^^^^^^^^ this stage is for `x86` only, whatever is built for
FROM --platform=linux/arm64 debian:13 AS base-arm64
FROM --platform=linux/x86_64 debian:13 AS Base_AMD64
FROM --platform=$BUILDPLATFORM golang:1.25
FROM --platform=${PLATFORM} debian:13
FROM debian:13
"#,
        );
    }
}
