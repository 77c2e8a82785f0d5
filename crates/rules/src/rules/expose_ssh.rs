//! The image exposes the port of SSH.

use report::{Applies, Input, Outcome, Severity};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "expose-ssh",
    title: "The port of SSH is exposed",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &["DS-0004", "CKV_DOCKER_1", "5907595b", "S6473", "5.7", "5.9"],
    doc: page!("expose_ssh.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    // An image that is there to be logged in to says so by what it starts.
    let is_server = case
        .facts
        .starts()
        .any(|it| it.command.commands.iter().any(|it| it.runs(&["sshd", "dropbear"])));
    for seen in
        case.facts.ports.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run)
    {
        match &seen.value {
            Ok(port) if port.holds(22) && port.protocol == "tcp" && port.is_narrow() => {
                if is_server {
                    out.clear(&seen.at, "the image is an SSH server");
                } else {
                    out.fail(
                        &seen.at,
                        "port 22 is for logins: a second way in, beside the engine's own",
                    );
                }
            }
            Ok(_) => out.clear(&seen.at, "it is not the port of SSH"),
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn ports_and_ranges() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG SSH=22
EXPOSE 80 22 2222 20-25/tcp 22/udp 1-65535
#         ^^ port 22 is for logins: a second way in, beside the engine's own
#                 ^^^^^^^^^ port 22 is for logins: a second way in, beside the engine's own
EXPOSE $SSH
#      ^^^^ port 22 is for logins: a second way in, beside the engine's own
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nEXPOSE 22\nCMD [\"/usr/sbin/sshd\", \"-D\"]\n");
    }
}
