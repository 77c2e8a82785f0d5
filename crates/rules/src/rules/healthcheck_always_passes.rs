//! A health check cannot fail.

use dockerfile::shell::Joint;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};

use crate::commands::RunCommand;
use crate::facts::Start;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "healthcheck-always-passes",
    title: "The health check cannot fail",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("healthcheck_always_passes.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for start in case.facts.starts().filter(|it| it.checks_health && it.via != Input::Run) {
        let outer = || start.command.commands.iter().filter(|it| !it.place.substituted);
        // `sh -c '…'` in an array ends as what it runs ends.
        let inner = outer().any(|it| it.place.inner);
        let commands: Vec<&RunCommand> = outer().filter(|it| it.place.inner == inner).collect();
        let Some(last) = commands.last() else { continue };
        let at = Locus::Text { source: start.source, span: last.simple.span };
        let alone = commands.iter().all(|it| succeeds(it));
        let excuses = last.place.joint != Joint::And && last.place.depth == 0;
        if succeeds(last) && (alone || excuses) {
            let message = match commands.len() {
                1 => format!("{} says that all is well without looking", quote(&last.program)),
                _ => format!(
                    "with {} at its end the check passes whatever it finds",
                    quote(&last.program)
                ),
            };
            out.fail(&at, message).fix(failing(last, &start, &at, commands.len()));
        } else {
            out.clear(&at, "the check can fail");
        }
    }
}

/// Whether a command always succeeds and looks at nothing.
fn succeeds(command: &RunCommand) -> bool {
    match &*command.program {
        "true" | ":" | "echo" | "printf" => command.place.length == 1,
        "exit" => command.arguments().first().is_some_and(|it| it.is("0")),
        _ => false,
    }
}

fn failing(last: &RunCommand, start: &Start<'_>, at: &Locus, number: usize) -> Option<Fix> {
    let replaces = number > 1 && last.place.joint == Joint::Or && start.via == Input::Dockerfile;
    replaces.then(|| fix::replace("Let it fail", at, "exit 1", Safety::Review))?
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn ends_that_cannot_fail() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
HEALTHCHECK CMD curl -f http://localhost || true
#                                           ^^^^ with `true` at its end the check passes whatever it finds
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
HEALTHCHECK CMD ["sh", "-c", "check; exit 0"]
#                                    ^^^^^^ with `exit` at its end the check passes whatever it finds
"#,
        );
        for fine in [
            "curl -f x || exit 1",
            "check && exit 0",
            "check && echo ok",
            "check || echo no && exit 1",
            "check",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\nHEALTHCHECK CMD {fine}\n"));
        }
        check_dockerfile(&RULE, "FROM debian:13\nHEALTHCHECK NONE\n");
        let text = "FROM debian:13\nHEALTHCHECK CMD curl -f x || exit 0\n";
        assert_eq!(fixed(&RULE, text), text.replace("exit 0", "exit 1"));
    }
}
