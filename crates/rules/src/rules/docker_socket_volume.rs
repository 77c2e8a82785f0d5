//! The container engine's socket is declared as a volume.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "docker-socket-volume",
    title: "The engine's socket is a volume of the image",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::History],
    aka: &["dockerfile-dockerd-socket-mount", "5.32"],
    doc: page!("docker_socket_volume.md"),
    check,
};

/// Sockets that hand over the engine, and with it the host.
const SOCKETS: [&str; 5] =
    ["docker.sock", "containerd.sock", "crio.sock", "podman.sock", "buildkitd.sock"];

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.volumes {
        match &seen.value {
            Ok(path) if is_socket(path) => {
                let whose = if seen.via == Input::Run { "container" } else { "image" };
                let message = format!(
                    "{} is a volume of the {whose}; whoever can talk to that socket owns the host",
                    quote(path)
                );
                out.fail(&seen.at, message);
            }
            Ok(path) => out.clear(&seen.at, format!("{} is no socket of an engine", quote(path))),
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}

fn is_socket(path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    SOCKETS.contains(&name)
}
