//! With the defaults of its arguments a `FROM` names no image.

use dockerfile::{Expansion, ImageRef, Kind, Reason};
use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "invalid-default-arg-in-from",
    title: "With its defaults `FROM` names no image",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["InvalidDefaultArgInFrom", "BASE_NAME_EMPTY", "INVALID_REFERENCE_FORMAT"],
    doc: page!("invalid_default_arg_in_from.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Kind::From(from) = &it.kind else { continue };
            if !from.image.as_str().contains('$') {
                continue;
            }
            let value = build.stages.globals.expand(from.image.as_str(), build.dockerfile.escape);
            let at = build.at(from.image.span);
            match outcome(&value) {
                Some(name) if name.is_empty() => {
                    out.fail(&at, "with the defaults of its arguments the name comes out empty");
                }
                Some(name) if !ImageRef::parse(&name).is_valid() => {
                    let message = format!(
                        "with the defaults of its arguments the name is {}, which is none",
                        quote(&name)
                    );
                    out.fail(&at, message);
                }
                Some(name) => out.clear(&at, format!("the defaults give {}", quote(&name))),
                None => {}
            }
        }
    }
}

/// The name when no argument is given: one without a default is empty then. Nothing when a variable
/// is not declared at all, or when the name cannot be read.
fn outcome(value: &Expansion) -> Option<String> {
    if value.error.is_some() {
        return None;
    }
    let mut name = value.text.clone();
    for it in &value.unknown {
        let with = match it.reason {
            // What the builder sets for platforms has a value.
            Reason::BuildArg if it.name.ends_with("ARCH") => "amd64",
            Reason::BuildArg if it.name.ends_with("OS") => "linux",
            Reason::BuildArg => "",
            Reason::Undeclared | Reason::Unset | Reason::TooLong => return None,
        };
        name = name.replace(&format!("${{{}}}", it.name), with);
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn defaults_give_a_name_or_not() {
        check_dockerfile(
            &RULE,
            r#"
ARG TAG
ARG SUFFIX=box:
ARG VARIANT=
FROM busybox:$TAG
#    ^^^^^^^^^^^^ with the defaults of its arguments the name is `busybox:`, which is none
FROM busy${SUFFIX}
#    ^^^^^^^^^^^^^ with the defaults of its arguments the name is `busybox:`, which is none
FROM $TAG
#    ^^^^ with the defaults of its arguments the name comes out empty
FROM busybox:${TAG:-1.37}
FROM busybox$TAG
FROM busybox:stable${VARIANT}
FROM busybox:${TARGETARCH}
FROM busybox:$NOWHERE
"#,
        );
    }
}
