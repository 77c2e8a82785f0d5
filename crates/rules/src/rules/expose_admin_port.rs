//! The image exposes a port for administration from afar.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "expose-admin-port",
    title: "A port for remote administration is exposed",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &["S6473", "5.9"],
    doc: page!("expose_admin_port.md"),
    check,
};

const PORTS: [(u16, &str); 6] = [
    (23, "Telnet, which sends passwords in the clear"),
    (512, "rexec, which sends passwords in the clear"),
    (513, "rlogin, which trusts whoever asks"),
    (3389, "remote desktops"),
    (5800, "VNC in a browser"),
    (5900, "VNC, which sends the screen in the clear"),
];

fn check(case: &Case, out: &mut Outcome) {
    // An image that shows a desktop starts it, or installs it.
    let desktop = |it: &str| {
        let it = it.to_ascii_lowercase();
        ["vnc", "xrdp", "guac"].iter().any(|name| it.contains(name))
    };
    let installs = case.facts.packages.iter().filter_map(|it| it.value.as_ref().ok());
    let shows = installs.into_iter().any(|it| desktop(&it.name))
        || case.facts.starts().any(|it| it.command.words.iter().any(|it| desktop(it)));
    for seen in
        case.facts.ports.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run)
    {
        // What is not known is said once, by the rule about the port of SSH.
        let Ok(port) = &seen.value else { continue };
        let held = PORTS.iter().find(|it| port.holds(it.0) && port.is_narrow());
        match held.filter(|_| port.protocol == "tcp") {
            Some((number, _)) if *number > 3000 && shows => {
                out.clear(&seen.at, "the image is there to show a desktop");
            }
            Some((number, what)) => {
                out.fail(
                    &seen.at,
                    format!("port {} is that of {what}", quote(&number.to_string())),
                );
            }
            None => out.clear(&seen.at, "it is no port for administration"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn known_ports_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
EXPOSE 23 80 3389/udp 5900-5910
#      ^^ port `23` is that of Telnet, which sends passwords in the clear
#                     ^^^^^^^^^ port `5900` is that of VNC, which sends the screen in the clear
"#,
        );
        check_dockerfile(
            &RULE,
            "FROM debian:13\nRUN apt-get install -y tigervnc-server\nEXPOSE 5900\n",
        );
    }
}
