//! The container starts through `su` or `sudo`, which stay as root.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "root-pid1-with-su",
    title: "The container's first process is `su` or `sudo`",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("root_pid1_with_su.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for start in case.facts.starts().filter(|it| !it.checks_health && it.via != Input::Run) {
        for command in start.command.commands.iter().filter(|it| !it.place.inner) {
            let Some(last) = command.simple.words.get(command.first) else { continue };
            let is_su = |it: &&ShellWord| {
                let text = it.text();
                matches!(text.rsplit('/').next(), Some("su" | "sudo" | "runuser"))
            };
            let words = command.wrappers().iter().chain([last]);
            let word = words.into_iter().find(is_su).unwrap_or(last);
            let text = word.text();
            let name = text.rsplit('/').next().unwrap_or(&text);
            let at = Locus::Text { source: start.source, span: word.span };
            if matches!(name, "su" | "sudo" | "runuser") {
                let message = format!(
                    "{} stays as a process of root and does not pass signals on",
                    quote(name)
                );
                out.fail(&at, message);
            } else {
                out.clear(&at, format!("{} becomes what it starts, or is it", quote(name)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn both_forms_are_read() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENTRYPOINT ["/bin/su", "app", "-c", "run"]
#           ^^^^^^^^^ `su` stays as a process of root and does not pass signals on
CMD cd /srv && exec sudo -u app run
#                   ^^^^ `sudo` stays as a process of root and does not pass signals on
"#,
        );
        check_dockerfile(
            &RULE,
            "FROM debian:13\nENTRYPOINT [\"gosu\", \"app\", \"run\"]\nCMD setpriv --reuid 5 x\n",
        );
    }
}
