//! A default for what the builder knows.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::Span;

use crate::walk::walk;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "platform-arg-default",
    title: "A default replaces what the builder knows of the platform",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("platform_arg_default.md"),
    check,
};

/// Arguments that the builder sets by itself.
const PLATFORM: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, _| {
        let Kind::Arg(declared) = &it.kind else { return };
        for one in declared.iter().filter(|it| PLATFORM.contains(&it.name.as_str())) {
            let name = build.at(one.name.span);
            let Some(default) = &one.default else {
                out.clear(&name, "the builder sets it");
                continue;
            };
            let at = build.at(default.span);
            let message = format!(
                "with this default {} says the same for every platform that is built for",
                quote(one.name.as_str())
            );
            let span = Span::new(one.name.span.end(), default.span.end());
            let fix = fix::delete("Leave the default out", &build.at(span), Safety::Review);
            out.fail(&at, message).fix(fix);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn defaults_of_the_platform() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG TARGETARCH=amd64
#              ^^^^^ with this default `TARGETARCH` says the same for every platform that is built for
ARG TARGETOS
ARG ARCH=amd64
"#,
        );
        assert_eq!(
            fixed(&RULE, "FROM a\nARG TARGETARCH=amd64 A=1\n"),
            "FROM a\nARG TARGETARCH A=1\n"
        );
    }
}
