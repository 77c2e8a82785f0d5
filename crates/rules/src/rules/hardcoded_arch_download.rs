//! A download for one architecture only.

use dockerfile::Kind;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "hardcoded-arch-download",
    title: "A download is for one architecture although the file is for several",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("hardcoded_arch_download.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if !case.builds.iter().any(is_for_several) {
        return;
    }
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let fixed = case.builds.iter().filter_map(|it| it.stages.get(step.stage)).any(|it| {
            it.platform.as_ref().is_some_and(|it| it.unknown.is_empty() && !it.text.is_empty())
        });
        // A branch for each architecture is as it should be.
        let plain = step.commands.iter().filter(|it| it.place.depth == 0 && !fixed);
        for command in plain {
            for (url, span) in command.fetches().into_iter().flat_map(|it| &it.urls) {
                let at = Locus::Text { source: *source, span: *span };
                match architecture(url) {
                    Some(name) => {
                        let message = format!("this is for {} whatever is built for", quote(name));
                        out.fail(&at, message);
                    }
                    None => out.clear(&at, "for any architecture"),
                }
            }
        }
    }
}

/// Whether a file asks what it is built for.
fn is_for_several(build: &Build) -> bool {
    const ASKED: [&str; 3] = ["TARGETARCH", "TARGETPLATFORM", "BUILDPLATFORM"];
    build.dockerfile.instructions().any(|it| match &it.kind {
        Kind::Arg(declared) => {
            declared.iter().any(|it| ASKED.contains(&it.name.as_str()) && it.default.is_none())
        }
        Kind::From(_) => {
            let platform = it.flag("platform").and_then(|it| it.value.as_ref());
            platform.is_some_and(|it| ASKED.iter().any(|name| !it.places_of(name).is_empty()))
        }
        _ => false,
    })
}

/// The architecture that an address names as a word of its own.
fn architecture(url: &str) -> Option<&str> {
    if url.contains('$') {
        return None;
    }
    let mut words = url.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words
        .find(|it| matches!(*it, "amd64" | "x86_64" | "arm64" | "aarch64" | "x64" | "linux64"))
        .or_else(|| url.contains("_amd64").then_some("amd64"))
        .or_else(|| url.contains("_x86_64").then_some("x86_64"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn addresses_of_one_architecture() {
        check_dockerfile(
            &RULE,
            r#"
FROM --platform=$BUILDPLATFORM debian:13 AS a
RUN curl -fsSLO https://example.com/app-linux-amd64.tar.gz
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is for `amd64` whatever is built for
RUN wget -q https://example.com/app_x86_64
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is for `x86_64` whatever is built for
RUN if [ a = b ]; then curl -O https://example.com/app-amd64; fi
RUN curl -O https://example.com/app-${TARGETARCH} && curl -O https://example.com/app-noarch
FROM a
"#,
        );
        check_dockerfile(&RULE, "\nFROM debian:13\nRUN curl -O https://example.com/app-amd64\n");
    }
}
