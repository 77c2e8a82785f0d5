//! A step needs root and runs as somebody else.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{RunCommand, Verb};
use crate::course::{Actor, Course};
use crate::facts::RunStep;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "root-work-after-user",
    title: "A step that needs root runs as another user",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("root_work_after_user.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let users = course.users();
        for (point, step) in course.steps() {
            // Only a user that the file itself sets is sure to have no rights that are not seen here.
            let Actor::Set(user) = course.actor(&users, point) else { continue };
            if user.names_root() || course.is_windows() {
                continue;
            }
            let failing = step.run.commands.iter().find(|it| needs_root(step.run, it));
            let Some(command) = failing else {
                out.clear(
                    step.at,
                    format!("nothing here needs more rights than {} has", quote(&user.text)),
                );
                continue;
            };
            let message = format!(
                "{} needs root here, and the step runs as {}",
                quote(&command.program),
                quote(&user.text)
            );
            out.fail(&step.at(command.program_span()), message);
        }
    }
}

/// Whether a command can do its work as root only. What runs through another program, inside a
/// condition, or with a failure that is taken, may be meant.
fn needs_root(step: &RunStep, command: &RunCommand) -> bool {
    let plain = command.wrappers().is_empty()
        && !command.place.condition
        && !command.place.substituted
        && command.place.depth == 0;
    let excused = step.commands.iter().any(|it| {
        it.place.pipeline == command.place.pipeline + 1
            && it.place.joint == dockerfile::shell::Joint::Or
    });
    if !plain || excused || command.place.inner {
        return false;
    }
    if let Some(call) = command.packages() {
        let needs = match call.verb {
            Verb::Refresh | Verb::Install | Verb::Upgrade | Verb::DistUpgrade | Verb::Remove => {
                true
            }
            Verb::Clean | Verb::Other => false,
        };
        let elsewhere = command.arguments().iter().any(|it| {
            let text = it.text();
            text == "--root"
                || text.starts_with("--root=")
                || text == "--installroot"
                || text == "-p"
                || text == "--help"
                || text == "--version"
                || text.starts_with("--installroot=")
                || text == "--download-only"
                || text == "-s"
                || text == "--simulate"
                || text == "--usermode"
        });
        let systems = ["apt", "apk", "rpm", "pacman"];
        return needs && !elsewhere && systems.contains(&call.manager.system);
    }
    command.runs(&[
        "useradd",
        "adduser",
        "groupadd",
        "addgroup",
        "usermod",
        "update-ca-certificates",
        "ldconfig",
    ]) || (command.runs(&["chown"]) && changes_owner(command))
}

/// Whether a `chown` names another owner. Giving a group that one is in is open to everybody.
fn changes_owner(command: &RunCommand) -> bool {
    let options = command.options(&["--from", "--reference"]);
    let owner = options.operands.first().map(|it| it.text().into_owned()).unwrap_or_default();
    let name = owner.split([':', '.']).next().unwrap_or_default();
    name == "root" || name == "0"
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_program_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update
USER app
RUN cd / && apt-get update && apt-get install -y gcc
#           ^^^^^^^ `apt-get` needs root here, and the step runs as `app`
RUN useradd other
#   ^^^^^^^ `useradd` needs root here, and the step runs as `app`
RUN chown -R root:root /srv
#   ^^^^^ `chown` needs root here, and the step runs as `app`
"#,
        );
    }

    #[test]
    fn what_may_work_is_not() {
        for run in [
            "sudo apt-get update",
            "apt-get update || true",
            "if [ -w / ]; then apt-get update; fi",
            "chown app:web /srv/x",
            "pip install x",
            "apk add --root /home/app x",
            "apt-get --version",
            "dpkg -l",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\nUSER app\nRUN {run}\n"));
        }
        check_dockerfile(&RULE, "FROM example/x\nRUN apt-get update\n");
        check_dockerfile(&RULE, "FROM debian:13\nARG U\nUSER $U\nRUN apt-get update\n");
    }
}
