//! A protocol in capitals.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::Span;

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "expose-protocol-casing",
    title: "The protocol of a port has capitals",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["ExposeProtoCasing", "DF078"],
    doc: page!("expose_protocol_casing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Kind::Expose(ports) = &it.kind else { continue };
            for word in ports {
                let Some((_, protocol)) = word.as_str().rsplit_once('/') else {
                    out.clear(&build.at(word.span), "no protocol");
                    continue;
                };
                let length = u32::try_from(protocol.len()).unwrap_or(0);
                let span = Span::new(word.span.end().saturating_sub(length), word.span.end());
                let at = build.at(span);
                let lower = protocol.to_ascii_lowercase();
                if protocol == lower || !["tcp", "udp", "sctp"].contains(&&*lower) {
                    out.clear(&at, "small letters");
                    continue;
                }
                let fix = fix::replace(format!("Write `{lower}`"), &at, &lower, Safety::Safe);
                out.fail(&at, format!("{} is written {}", quote(protocol), quote(&lower))).fix(fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn capitals() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
EXPOSE 80/TCP 53/udp 90/Sctp 8080
#         ^^^ `TCP` is written `tcp`
#                       ^^^^ `Sctp` is written `sctp`
"#,
        );
        assert_eq!(
            fixed(&RULE, "FROM a\nEXPOSE 80/TCP 81/tcp\n"),
            "FROM a\nEXPOSE 80/tcp 81/tcp\n"
        );
    }
}
