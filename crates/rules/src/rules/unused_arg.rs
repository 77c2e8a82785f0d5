//! An argument that nothing sees.

use dockerfile::Kind;
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unused-arg",
    title: "A build argument before the first `FROM` reaches nothing",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("unused_arg.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for (name, span) in globals(build) {
            let at = build.at(span);
            if is_special(name) || is_used(build, name) {
                out.clear(&at, "something sees it");
                continue;
            }
            match wanted(case, name) {
                Some(step) => {
                    let message = format!(
                        "a step uses {}, and its stage does not declare it again, so it is empty there",
                        quote(name)
                    );
                    out.fail(&at, message).related(&step, "the step");
                }
                None => {
                    let message =
                        format!("no `FROM` uses {} and no stage declares it again", quote(name));
                    out.fail(&at, message);
                }
            }
        }
    }
}

/// The arguments before the first `FROM`.
fn globals(build: &Build) -> Vec<(&str, Span)> {
    let before = build.dockerfile.instructions().take_while(|it| !matches!(it.kind, Kind::From(_)));
    let mut found = Vec::new();
    for it in before {
        if let Kind::Arg(declared) = &it.kind {
            found.extend(declared.iter().map(|it| (it.name.as_str(), it.name.span)));
        }
    }
    // Without any stage there is nothing to be used in.
    if build.stages.stages.is_empty() { Vec::new() } else { found }
}

/// Arguments that the builder itself reads.
fn is_special(name: &str) -> bool {
    name.starts_with("BUILDKIT_")
        || name.starts_with("TARGET")
        || name.starts_with("BUILD")
        || name == "SOURCE_DATE_EPOCH"
        || name.to_ascii_lowercase().ends_with("_proxy")
}

fn is_used(build: &Build, name: &str) -> bool {
    let mut first = true;
    build.dockerfile.instructions().any(|it| match &it.kind {
        Kind::From(from) => {
            first = false;
            let platform = it.flag("platform").and_then(|it| it.value.as_ref());
            platform.into_iter().chain([&from.image]).any(|it| !it.places_of(name).is_empty())
        }
        Kind::Arg(declared) if first => {
            let defaults = declared.iter().filter_map(|it| it.default.as_ref());
            { defaults }.any(|it| !it.places_of(name).is_empty())
        }
        Kind::Arg(declared) => declared.iter().any(|it| it.name.as_str() == name),
        _ => false,
    })
}

/// A step that counts on the argument.
fn wanted(case: &Case, name: &str) -> Option<Locus> {
    let found = case.facts.runs.iter().find(|seen| {
        let Ok(step) = &seen.value else { return false };
        let own =
            step.commands.iter().flat_map(|it| &it.simple.assignments).any(|it| it.name == name);
        step.dialect.is_read() && step.mentions(name) && !own && !step.scope.declares(name)
    });
    found.map(|it| it.at.clone())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn arguments_that_reach_nothing() {
        check_dockerfile(
            &RULE,
            r#"
ARG UNUSED=1
#   ^^^^^^ no `FROM` uses `UNUSED` and no stage declares it again
ARG VERSION=1
#   ^^^^^^^ a step uses `VERSION`, and its stage does not declare it again, so it is empty there
ARG TAG=13
ARG IMAGE=debian:$TAG
ARG AGAIN=1
ARG BUILDKIT_SBOM_SCAN_STAGE=true
FROM $IMAGE
ARG AGAIN
RUN make v$VERSION $AGAIN
"#,
        );
    }
}
