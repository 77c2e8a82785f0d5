//! An account gets an empty password.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::course::Course;
use crate::files::Files;
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "empty-password-account",
    title: "An account has an empty password",
    question: None,
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &["DKL-LI-0001"],
    doc: page!("empty_password_account.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if let Some(files) = &case.files {
        check_layers(files, out);
    }
    for course in Course::all(case) {
        for (_, step) in course.steps() {
            let mut looked_at = None;
            let mut found = false;
            for command in &step.run.commands {
                if !command.runs(&["passwd", "useradd", "usermod", "adduser", "chpasswd"]) {
                    continue;
                }
                looked_at = Some(command.program_span());
                let Some((name, span)) = emptied(command) else { continue };
                found = true;
                let name = quote(&name);
                out.fail(
                    &step.at(span),
                    format!("anybody in the container becomes {name} without a password"),
                );
            }
            if let (Some(span), false) = (looked_at, found) {
                out.clear(&step.at(span), "no account gets an empty password");
            }
        }
    }
}

/// What the image's own lists say.
fn check_layers(files: &Files, out: &mut Outcome) {
    let Some(users) = &files.users else { return };
    for it in users.iter().filter(|it| it.no_password) {
        let name = quote(&it.name);
        let message = format!("anybody in the container becomes {name} without a password");
        with_origin(files, &it.at, out.fail(&it.at, message));
    }
    if !users.iter().any(|it| it.no_password) {
        clear(files, out, "no account has an empty password");
    }
}

/// The account whose password a command empties, and the word that says so.
fn emptied(command: &RunCommand) -> Option<(String, text::Span)> {
    let name = |it: Option<&&dockerfile::shell::ShellWord>| {
        it.map_or_else(|| "root".to_owned(), |it| it.text().into_owned())
    };
    match &*command.program {
        "passwd" => {
            let options = command.options(&["-i", "-n", "-w", "-x"]);
            let flag = options.flag(&["-d", "--delete"])?;
            (!options.has(&["-l", "--lock"]))
                .then(|| (name(options.operands.first()), flag.word.span))
        }
        "useradd" | "usermod" => {
            let valued = [
                "-p",
                "--password",
                "-u",
                "-g",
                "-G",
                "-d",
                "-s",
                "-c",
                "-b",
                "-e",
                "-f",
                "-k",
                "-K",
            ];
            let options = command.options(&valued);
            let flag = options.flag(&["-p", "--password"])?;
            let empty = flag.value.as_deref() == Some("");
            empty.then(|| (name(options.operands.last()), flag.word.span))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn every_way_to_empty_a_password() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN useradd app && passwd -d app
#                         ^^ anybody in the container becomes `app` without a password
RUN passwd --delete root
#          ^^^^^^^^ anybody in the container becomes `root` without a password
RUN usermod -p '' app
#           ^^ anybody in the container becomes `app` without a password
RUN useradd --password= app2
#           ^^^^^^^^^^^ anybody in the container becomes `app2` without a password
RUN passwd -l app && usermod -L app && usermod -p '*' app && adduser -D app3
RUN adduser --disabled-password app4 && passwd -dl app
"#,
        );
    }
}
