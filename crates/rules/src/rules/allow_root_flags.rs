//! A switch overrules a program that refuses to run as root, or without its sandbox.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::facts::{Origin, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "allow-root-flags",
    title: "A program is made to run as root or without its sandbox",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("allow_root_flags.md"),
    check,
};

/// Options, and what they switch off.
const OPTIONS: [(&str, &str); 5] = [
    ("--allow-root", "its refusal to run as root"),
    ("--allow-superuser", "its refusal to run as root"),
    ("--no-sandbox", "its sandbox"),
    ("--disable-setuid-sandbox", "its sandbox"),
    ("--unsafe-perm", "its change to an unprivileged user"),
];

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps().filter(|it| it.reach == Reach::Image) {
        let found = step.run.commands.iter().filter_map(|it| Some((it, option(it)?)));
        let mut clear = true;
        for (command, (word, off)) in found {
            clear = false;
            out.fail(&step.at(word), message(&command.program, off));
        }
        if let Some((word, _)) = any_repository(step.run) {
            clear = false;
            out.fail(&step.at(word), "git trusts every repository, whoever owns it");
        }
        if clear {
            out.clear(step.at, "no program is made to run as root");
        }
    }
    for start in case.facts.starts().filter(|it| it.via != Input::Run) {
        for command in &start.command.commands {
            if let Some((word, off)) = option(command) {
                let at = Locus::Text { source: start.source, span: word };
                out.fail(&at, message(&command.program, off));
            }
        }
    }
    let shipped =
        case.facts.env.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run);
    for seen in shipped {
        let Ok(it) = &seen.value else { continue };
        let on = it.value.as_deref().is_some_and(|it| matches!(it, "1" | "true" | "yes"));
        let program = match it.name.as_str() {
            "NPM_CONFIG_UNSAFE_PERM" | "npm_config_unsafe_perm" => "npm",
            "ELECTRON_DISABLE_SANDBOX" => "electron",
            _ => continue,
        };
        if on && it.origin == Origin::Env {
            let off =
                if program == "npm" { "its change to an unprivileged user" } else { "its sandbox" };
            out.fail(&seen.at, message(program, off));
        }
    }
}

fn message(program: &str, off: &str) -> String {
    let program = if program.is_empty() { "the program".to_owned() } else { quote(program) };
    format!("{program} has {off} switched off")
}

/// The option of a command that is one of those.
fn option(command: &RunCommand) -> Option<(text::Span, &'static str)> {
    if command.runs(&["echo", "printf", "grep", "sed"]) {
        return None;
    }
    command.arguments().iter().find_map(|word| {
        let text = word.text();
        if !text.starts_with("--") {
            return None;
        }
        let name = text.strip_suffix("=true").unwrap_or(&text);
        let (_, off) = OPTIONS.iter().find(|it| it.0 == name)?;
        Some((word.span, *off))
    })
}

/// `git config --global safe.directory '*'`
fn any_repository(step: &crate::facts::RunStep) -> Option<(text::Span, ())> {
    step.commands.iter().filter(|it| it.runs(&["git"])).find_map(|it| {
        let words = it.arguments();
        let at = words.iter().position(|it| it.is("safe.directory"))?;
        let value = words.get(at + 1).filter(|it| it.is("*"))?;
        Some((value.span, ()))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn switches_are_marked_wherever_they_stand() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
RUN bower --allow-root install && npm install --unsafe-perm=true
#         ^^^^^^^^^^^^ `bower` has its refusal to run as root switched off
#                                             ^^^^^^^^^^^^^^^^^^ `npm` has its change to an unprivileged user switched off
RUN git config --global --add safe.directory '*'
#                                            ^^^ git trusts every repository, whoever owns it
RUN git config --global safe.directory /srv && echo --no-sandbox
CMD ["jupyter", "lab", "--allow-root"]
#                      ^^^^^^^^^^^^^^ `jupyter` has its refusal to run as root switched off
"#,
        );
    }
}
