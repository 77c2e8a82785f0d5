//! `EXPOSE` with an address or a port of the host.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Safety, Severity};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "expose-host-mapping",
    title: "An address or a port of the host is exposed",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["ExposeInvalidFormat", "expose_host_port"],
    doc: page!("expose_host_mapping.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Kind::Expose(ports) = &it.kind else { continue };
            for word in ports {
                let at = build.at(word.span);
                // `${PORT:-80}` has a colon of its own.
                let plain = !word.as_str().contains('$');
                match word.as_str().rsplit_once(':') {
                    Some((_, container)) if plain => {
                        let fix = fix::replace(
                            "Leave the port of the container",
                            &at,
                            container,
                            Safety::Review,
                        );
                        let message = "`EXPOSE` says nothing about the host; only the port of the container counts";
                        out.fail(&at, message).fix(fix);
                    }
                    _ => out.clear(&at, "a port of the container"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn addresses_and_mappings() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
EXPOSE 80 127.0.0.1:80:8080 8001:8000/tcp
#         ^^^^^^^^^^^^^^^^^ `EXPOSE` says nothing about the host; only the port of the container counts
#                           ^^^^^^^^^^^^^ `EXPOSE` says nothing about the host; only the port of the container counts
EXPOSE ${PORT:-80} 8000-8010/udp
"#,
        );
    }

    #[test]
    fn the_port_of_the_container_is_left() {
        assert_eq!(fixed(&RULE, "FROM a\nEXPOSE 1:2 3:4/udp\n"), "FROM a\nEXPOSE 2 4/udp\n");
    }
}
