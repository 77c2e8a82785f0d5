//! A port that controls a host or a cluster.

use report::{Applies, Input, Outcome, Severity};

use crate::facts::Reach;
use crate::starts::starts;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "control-plane-port",
    title: "A port is exposed that controls a host or a cluster",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("control_plane_port.md"),
    check,
};

const PORTS: [(u16, &str); 6] = [
    (2375, "Docker, without encryption"),
    (2376, "Docker"),
    (2379, "etcd"),
    (2380, "etcd"),
    (6443, "Kubernetes"),
    (10250, "the kubelet"),
];

fn check(case: &Case, out: &mut Outcome) {
    // The programs themselves have to listen.
    let own = |name: &str| ["docker", "etcd", "kube", "k3s"].iter().any(|it| name.starts_with(it));
    if starts(case).iter().any(|it| own(&it.command.program)) {
        return;
    }
    for seen in case.facts.ports.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(port) = &seen.value else { continue };
        // A wide range is about something else.
        let narrow = port.last.saturating_sub(port.first) < 10;
        match PORTS.iter().find(|(number, _)| narrow && port.holds(*number)) {
            Some((number, of)) => {
                out.fail(
                    &seen.at,
                    format!(
                        "port {number} is the one of {of}: it controls more than the container"
                    ),
                );
            }
            None => out.clear(&seen.at, "a port of the program"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn ports_that_control() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
EXPOSE 80 2375
#         ^^^^ port 2375 is the one of Docker, without encryption: it controls more than the container
EXPOSE 2379-2380
#      ^^^^^^^^^ port 2379 is the one of etcd: it controls more than the container
EXPOSE 2000-3000 8080
"#,
        );
    }
}
