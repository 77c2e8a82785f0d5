//! A command that makes no sense in a build.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::facts::RunStep;
use crate::starts::starts;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "pointless-command",
    title: "A command makes no sense while an image is built",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3001", "9b6b0f38", "nonsensical-command", "DF060"],
    doc: page!("pointless_command.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut cleared = false;
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some(first) = step.commands.first() else { continue };
        let at = |it: &RunCommand| Locus::Text { source: *source, span: it.program_span() };
        let found = step
            .commands
            .iter()
            .enumerate()
            .find_map(|(index, it)| Some((it, problem(case, step, index, it)?)));
        match found {
            Some((it, message)) => {
                out.fail(&at(it), message);
            }
            // One for the file is enough.
            None if cleared => {}
            None => {
                cleared = true;
                out.clear(&at(first), "commands that do something");
            }
        }
    }
}

fn problem(case: &Case, step: &RunStep, index: usize, it: &RunCommand) -> Option<String> {
    let name = || quote(&it.program);
    // What is asked for or passed on is of use to somebody.
    let used = it.place.substituted || it.place.condition || it.place.length > 1;
    let redirected = !it.simple.redirects.is_empty();
    let first = || it.arguments().iter().map(|it| it.text()).find(|it| !it.starts_with('-'));
    match &*it.program {
        "ps" | "top" | "free" | "ifconfig" | "htop" | "uptime" if !used && !redirected => {
            Some(format!("{} shows the machine that builds, not the image", name()))
        }
        "shutdown" | "reboot" | "halt" | "poweroff" => {
            Some(format!("there is no machine to {} in a build", name()))
        }
        "vim" | "vi" | "nano" | "emacs"
            if it.arguments().iter().all(|it| !it.text().starts_with(['+', '-'])) =>
        {
            Some(format!("{} waits for somebody to type", name()))
        }
        "mount" if !used && !it.arguments().is_empty() => {
            Some("a mount ends with the step, and mostly is not permitted".to_owned())
        }
        "ssh" if !used && !redirected && !it.arguments().iter().any(|it| it.is("-V")) => {
            Some(format!("{} to another machine makes the build depend on it", name()))
        }
        "kill" if index == 0 && !used => Some("no process runs yet that could be ended".to_owned()),
        "service" | "invoke-rc.d" | "rc-service" if is_start(it) && is_last(step, index) => {
            Some("the service ends with the step: start it when the container starts".to_owned())
        }
        "systemctl"
            if first().is_some_and(|it| {
                matches!(&*it, "start" | "restart" | "reload" | "daemon-reload" | "status")
            }) =>
        {
            Some(format!("nothing that {} could talk to runs in a build", name()))
        }
        "systemctl" if first().is_some_and(|it| it == "enable") && !starts_init(case) => {
            Some("no init runs in the container that would start the service".to_owned())
        }
        _ => None,
    }
}

fn is_start(it: &RunCommand) -> bool {
    it.arguments().iter().any(|it| it.is("start") || it.is("restart") || it.is("reload"))
}

/// Whether no other command of the step could use what a service does.
fn is_last(step: &RunStep, index: usize) -> bool {
    let behind = step.commands.get(index + 1..).unwrap_or_default();
    behind
        .iter()
        .all(|it| it.runs(&["service", "invoke-rc.d", "rc-service", "true", "echo", "sleep", "rm"]))
}

/// Whether containers start an init, or whatever the base image starts.
fn starts_init(case: &Case) -> bool {
    let starts = starts(case);
    let init = |name: &str| {
        name.contains("init") || name.contains("systemd") || name.contains("entrypoint")
    };
    let own = starts.iter().any(|it| it.command.simple.words.iter().any(|it| init(&it.text())));
    // A base image that starts a shell starts no init.
    let build = case.builds.first();
    let base = build.and_then(|it| it.known_base(it.target?)).and_then(|it| it.presets.command);
    own || (starts.is_empty() && base.is_none_or(|it| !it.ends_with("sh")))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn commands_without_sense() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN top
#   ^^^ `top` shows the machine that builds, not the image
RUN ["ps", "-d"]
#    ^^^^ `ps` shows the machine that builds, not the image
RUN make && service nginx start
#           ^^^^^^^ the service ends with the step: start it when the container starts
RUN systemctl enable nginx
#   ^^^^^^^^^ no init runs in the container that would start the service
RUN shutdown -h now
#   ^^^^^^^^ there is no machine to `shutdown` in a build
RUN vim /etc/hosts
#   ^^^ `vim` waits for somebody to type
CMD ["nginx"]
"#,
        );
    }

    #[test]
    fn the_same_words_elsewhere_and_commands_with_a_use() {
        for text in [
            "FROM debian:13\nRUN apt-get install -y vim ssh mount nano\n",
            "FROM debian:13\nRUN service postgresql start && createdb app\n",
            "FROM debian:13\nRUN app & sleep 1 && kill $!\n",
            "FROM debian:13\nRUN make -j$(free -g | awk '{print $2}') && ps | grep x\n",
            "FROM debian:13\nRUN vim +PlugInstall +qall && ssh -V\n",
            "FROM fedora:43\nRUN systemctl enable httpd\nCMD [\"/sbin/init\"]\n",
            "FROM debian:13\nRUN mkdir mount && echo ps top free\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
