//! The first process of the container does not pass signals on.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::facts::StartCommand;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "pid1-without-forwarding",
    title: "The first process keeps signals to itself",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &[],
    doc: page!("pid1_without_forwarding.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let starts: Vec<_> =
        case.facts.starts().filter(|it| !it.checks_health && it.via != Input::Run).collect();
    // An init process passes signals to all.
    let init = |it: &RunCommand| {
        let inits = [
            "tini",
            "dumb-init",
            "catatonit",
            "docker-init",
            "s6-svscan",
            "supervisord",
            "init",
            "pm2-runtime",
        ];
        it.simple.words.iter().any(|it| {
            inits.iter().any(|name| {
                it.text().rsplit('/').next().is_some_and(|it| it == *name || it == "tini-static")
            })
        })
    };
    if starts.iter().flat_map(|it| &it.command.commands).any(init) {
        return;
    }
    for start in starts {
        let Some(first) = start.command.commands.first() else { continue };
        let at = |it: &RunCommand| Locus::Text { source: start.source, span: it.program_span() };
        if let Some(command) = runner(start.command) {
            let name = quote(&command.program);
            out.fail(
                &at(command),
                format!(
                    "{name} starts the program as a child and does not reliably pass signals on"
                ),
            );
        } else if let Some(shell) = list_in_array(start.command) {
            let name = quote(&shell.program);
            out.fail(&at(shell), format!("{name} stays as first process, and signals end with it"));
        } else if !start.command.shell {
            out.clear(&at(first), "the program itself is the first process");
        }
    }
}

/// A package manager that runs a script of the project. A shell form is another rule's matter.
fn runner(start: &StartCommand) -> Option<&RunCommand> {
    let [command] = &start.commands[..] else { return None };
    let first = command.arguments().iter().find(|it| !it.text().starts_with('-'))?.text();
    let runs = match &*command.program {
        "npm" | "pnpm" => matches!(&*first, "start" | "run" | "run-script" | "exec"),
        "yarn" => !matches!(&*first, "install" | "build" | "node"),
        _ => false,
    };
    runs.then_some(command)
}

/// Programs that end by themselves.
const TOOLS: [&str; 14] = [
    "cat", "chmod", "chown", "cp", "echo", "exit", "ls", "mkdir", "mv", "printf", "rm", "test",
    "true", "wait",
];

/// `["sh", "-c", "a && b"]`: an array, and yet a shell that stays, unless the last command takes its
/// place.
fn list_in_array(start: &StartCommand) -> Option<&RunCommand> {
    let shell =
        start.commands.first().filter(|it| it.runs(&["sh", "bash", "ash", "dash", "zsh"]))?;
    let inner: Vec<&RunCommand> =
        start.commands.iter().filter(|it| it.place.inner && !it.place.substituted).collect();
    let last = inner.last()?;
    let takes_over = last.simple.words.first().is_some_and(|it| it.is("exec"));
    let endless = inner.len() > 1 && !takes_over && !last.runs(&TOOLS);
    (!start.shell && endless && last.place.depth == 0).then_some(shell)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn package_managers_and_shells() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
CMD ["npm", "--silent", "start"]
#    ^^^^^ `npm` starts the program as a child and does not reliably pass signals on
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
ENTRYPOINT ["/bin/sh", "-c", "migrate && node server.js"]
#           ^^^^^^^^^ `sh` stays as first process, and signals end with it
"#,
        );
        for fine in [
            "CMD [\"node\", \"server.js\"]",
            "CMD [\"sh\", \"-c\", \"migrate && exec node server.js\"]",
            "CMD [\"sh\", \"-c\", \"node server.js $PORT\"]",
            "ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"npm\", \"start\"]",
            "CMD [\"npm\", \"test\"]",
            "CMD [\"yarn\", \"node\", \"server.js\"]",
        ] {
            check_dockerfile(&RULE, &format!("FROM node:24\n{fine}\n"));
        }
    }
}
