//! An unprivileged process is to listen on a low port.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::course::Course;
use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "privileged-port-non-root",
    title: "An unprivileged process listens on a low port",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("privileged_port_non_root.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(Ok(user)) = case.facts.user.best().map(|it| &it.value) else { return };
    if user.names_root() || user.name().starts_with("Container") {
        return;
    }
    let grants = Course::all(case)
        .iter()
        .flat_map(Course::steps)
        .any(|(_, step)| step.run.commands.iter().any(|it| it.runs(&["setcap"]) || it.is_opaque()));
    for seen in
        case.facts.ports.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run)
    {
        let Ok(port) = &seen.value else { continue };
        if port.first < 1024 && port.is_narrow() && !grants {
            let message = format!(
                "{} may not listen on port {} where the engine keeps low ports for root",
                quote(user.name()),
                port.first
            );
            out.fail(&seen.at, message);
        } else {
            out.clear(&seen.at, "the port is open to every user, or the program is allowed to");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn low_ports_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
EXPOSE 8080 443
#           ^^^ `1000` may not listen on port 443 where the engine keeps low ports for root
USER 1000
"#,
        );
        check_dockerfile(
            &RULE,
            "FROM debian:13\nRUN setcap cap_net_bind_service+ep /x\nEXPOSE 80\nUSER 1000\n",
        );
        check_dockerfile(&RULE, "FROM debian:13\nEXPOSE 80\n");
    }
}
