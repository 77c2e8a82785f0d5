//! `apt` is used where `apt-get` is meant.

use report::{Applies, Input, Locus, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::{PackageCall, RunCommand};
use crate::facts::RunStep;
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "prefer-apt-get",
    title: "A script calls `apt`",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3027", "CKV_DOCKER_9", "b84a0b47", "DF059"],
    doc: page!("prefer_apt_get.md"),
    check,
};

/// One finding for a step, at its first call.
fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let calls = || step.commands.iter().filter_map(|it| Some((it, it.packages()?)));
        let mut own =
            calls().filter(|(it, call)| call.manager.name == "apt" && !it.arguments().is_empty());
        let Some((first, _)) = own.clone().next() else {
            if calls().any(|(_, call)| call.manager.system == "apt") {
                out.clear(&seen.at, "scripts may rely on `apt-get`");
            }
            continue;
        };
        let at = Locus::Text { source: *source, span: first.program_span() };
        let mut safety = Safety::Safe;
        // Some queries have no counterpart.
        let edits: Option<Vec<Edit>> = own.try_fold(Vec::new(), |mut all, (command, call)| {
            let (edits, one) = replacement(step, command, call)?;
            safety = if one == Safety::Review { one } else { safety };
            all.extend(edits);
            Some(all)
        });
        let change = edits.and_then(|it| fix::edits("Call `apt-get`", &at, |_| it, safety));
        out.fail(&at, message(first)).fix(change);
    }
}

fn message(command: &RunCommand) -> String {
    let program = quote("apt");
    match command.arguments().iter().find(|it| !it.text().starts_with('-')) {
        Some(verb) if is_query(&verb.text()) => {
            format!("{program} is made for people, and scripts should not read what it prints")
        }
        _ => format!("{program} is made for people: its options and output may change"),
    }
}

fn is_query(verb: &str) -> bool {
    matches!(verb, "list" | "show" | "search" | "policy" | "depends" | "rdepends")
}

/// The same call of `apt-get`, or of `apt-cache`.
fn replacement(
    step: &RunStep,
    command: &RunCommand,
    call: &PackageCall,
) -> Option<(Vec<Edit>, Safety)> {
    let verb = command.arguments().iter().find(|it| !it.text().starts_with('-'))?;
    let program = command.program_span();
    let folder = command.simple.words.get(command.first)?.text();
    let folder = folder.strip_suffix("apt").unwrap_or_default();
    let to = |name: &str| amend::word(step, command, program, &format!("{folder}{name}"));
    Some(match &*verb.text() {
        "install" | "update" | "remove" | "purge" | "autoremove" | "clean" | "autoclean"
        | "build-dep" | "source" | "download" | "reinstall" | "satisfy" | "dist-upgrade" => {
            (vec![to("apt-get")], Safety::Safe)
        }
        // `apt upgrade` also installs new packages where an upgrade needs them.
        "upgrade" => {
            let extra = amend::words_behind(step, command, call.after_verb, &["--with-new-pkgs"]);
            (vec![to("apt-get"), extra], Safety::Review)
        }
        "full-upgrade" => {
            let verb: Span = call.verb_span;
            (vec![to("apt-get"), amend::word(step, command, verb, "dist-upgrade")], Safety::Safe)
        }
        "show" | "search" | "policy" | "depends" | "rdepends" => {
            (vec![to("apt-cache")], Safety::Review)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn calls_of_apt_are_found() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && sudo apt install -y curl && apt clean
#                          ^^^ `apt` is made for people: its options and output may change
RUN ["apt", "install", "-y", "curl"]
#    ^^^^^ `apt` is made for people: its options and output may change
RUN apt list --installed | grep curl
#   ^^^ `apt` is made for people, and scripts should not read what it prints
"#,
        );
    }

    #[test]
    fn the_word_alone_is_no_call() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && rm -rf /var/lib/apt && cd /var/lib && rm -rf apt dpkg
RUN echo "use apt install" > /etc/apt/apt && apt-cache policy && apt-mark hold x
"#,
        );
    }

    #[test]
    fn the_same_is_asked_of_apt_get() {
        for (before, after) in [
            ("RUN apt -y install a", "RUN apt-get -y install a"),
            ("RUN [\"apt\", \"update\"]", "RUN [\"apt-get\", \"update\"]"),
            ("RUN /usr/bin/apt full-upgrade -y", "RUN /usr/bin/apt-get dist-upgrade -y"),
            ("RUN apt upgrade -y", "RUN apt-get upgrade --with-new-pkgs -y"),
            ("RUN apt show a", "RUN apt-cache show a"),
            ("RUN apt update && apt install a", "RUN apt-get update && apt-get install a"),
            ("RUN apt update && apt list a", "RUN apt update && apt list a"),
        ] {
            assert_eq!(fixed(&RULE, &format!("FROM x\n{before}\n")), format!("FROM x\n{after}\n"));
        }
    }
}
