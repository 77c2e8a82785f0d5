//! A step switches off what protects a system.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{RunCommand, lines, setting};
use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "hardening-switched-off",
    title: "Something that protects the system is switched off",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("hardening_switched_off.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps().filter(|it| it.reach == Reach::Image) {
        let mut found = false;
        for command in &step.run.commands {
            if let Some((span, what)) = switched_off(command) {
                found = true;
                out.fail(&step.at(span), what);
            }
        }
        for text in &step.run.written {
            for line in lines(&text.text) {
                let Some(it) = setting(&line) else { continue };
                let off = match (it.name.as_str(), it.value.as_str()) {
                    ("selinux", "disabled" | "permissive") => "SELinux enforces nothing",
                    ("kernel.randomize_va_space", "0") => "addresses of programs can be foretold",
                    ("umask", "000" | "0000" | "0") => "new files are open to everybody",
                    _ => continue,
                };
                found = true;
                out.fail(
                    &step.at(it.span),
                    format!("with {} {off}", quote(&format!("{}={}", it.name, it.value))),
                );
            }
        }
        if !found {
            out.clear(step.at, "nothing that protects the system is switched off");
        }
    }
}

/// What a command switches off, and the word that says so.
fn switched_off(command: &RunCommand) -> Option<(text::Span, String)> {
    let words = command.arguments();
    let first = words.first();
    let text = first.map(|it| it.text()).unwrap_or_default();
    let span = first.map_or(command.program_span(), |it| it.span);
    match &*command.program {
        "setenforce" if matches!(&*text, "0" | "Permissive" | "permissive") => {
            Some((span, "SELinux enforces nothing from here on".to_owned()))
        }
        // What is set for this step is over with it, unless files are made in it.
        "umask" if matches!(&*text, "0" | "000" | "0000") => {
            Some((span, "what this step makes is open to everybody".to_owned()))
        }
        "sysctl" => words
            .iter()
            .find(|it| it.text().contains("randomize_va_space=0"))
            .map(|it| (it.span, "addresses of programs can be foretold".to_owned())),
        "aa-disable" | "aa-complain" | "aa-teardown" => {
            Some((command.program_span(), "AppArmor enforces nothing from here on".to_owned()))
        }
        "ufw" if &*text == "disable" => Some((span, "the firewall is switched off".to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn commands_and_files() {
        check_dockerfile(
            &RULE,
            r#"
FROM rockylinux:9
RUN setenforce 0 && umask 0000 && make install
#              ^ SELinux enforces nothing from here on
#                         ^^^^ what this step makes is open to everybody
RUN sed -i 's/SELINUX=enforcing/SELINUX=disabled/' /etc/selinux/config
#                               ^^^^^^^^^^^^^^^^ with `selinux=disabled` SELinux enforces nothing
RUN umask 027 && setenforce 1 && echo "umask 022" >> /etc/profile
"#,
        );
    }
}
