//! A command that the entry point never sees.

use dockerfile::{Form, Instruction, Kind};
use report::{Applies, Input, Outcome, Severity};

use crate::facts::StartCommand;
use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "cmd-ignored-by-shell-entrypoint",
    title: "The command has no effect because of the entry point",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &[],
    doc: page!("cmd_ignored_by_shell_entrypoint.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let entry = case.facts.entrypoint.best();
    let cmd = case.facts.cmd.best();
    if let (Some(entry), Some(cmd)) = (entry, cmd)
        && let (Ok(start), Ok(command)) = (&entry.value, &cmd.value)
        && !start.is_empty()
        && !command.is_empty()
        && entry.via == cmd.via
    {
        if start.shell && !passes_on(start) {
            let message = "the entry point is in shell form, so it never sees this command";
            out.fail(&cmd.at, message).related(&entry.at, "the entry point");
        } else {
            out.clear(&cmd.at, "the entry point gets the command");
        }
    }
    for build in &case.builds {
        set_back(build, out);
    }
}

/// Whether the text of an entry point uses what it is given, as `exec "$@"` does.
fn passes_on(start: &StartCommand) -> bool {
    const GIVEN: [&str; 6] = ["$@", "$*", "$0", "$1", "${@", "${*"];
    start.words.iter().any(|word| GIVEN.iter().any(|it| word.contains(it)))
}

/// A command of an earlier stage is gone once a stage built on it sets an entry point.
fn set_back(build: &Build, out: &mut Outcome) {
    let Some(target) = build.target else { return };
    let chain = build.stages.lineage(target);
    let mut command = None;
    for (_, body) in build.stages().filter(|(stage, _)| chain.contains(&stage.id)) {
        let body: Vec<&Instruction> = body.collect();
        let last = |wanted: fn(&Kind) -> Option<&Form>| {
            let of = |it: &&&Instruction| wanted(&it.kind).is_some_and(|it| !it.is_empty());
            body.iter().rfind(of).copied()
        };
        let own = last(|it| match it {
            Kind::Cmd(form) => Some(form),
            _ => None,
        });
        let entry = last(|it| match it {
            Kind::Entrypoint(form) => Some(form),
            _ => None,
        });
        if let (Some(entry), Some(earlier), None) = (entry, command, own) {
            let earlier: &Instruction = earlier;
            let message = "this `ENTRYPOINT` sets the `CMD` of an earlier stage back to nothing";
            out.fail(&build.at(entry.word.span), message)
                .related(&build.at(earlier.code()), "the command that is lost");
            command = None;
        }
        command = own.or(command);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_the_entry_point_does_not_see() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENTRYPOINT /app --serve
CMD ["--port", "80"]
#^^^^^^^^^^^^^^^^^^^ the entry point is in shell form, so it never sees this command
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS base
CMD ["--port", "80"]
FROM base
ENTRYPOINT ["/app"]
#^^^^^^^^^ this `ENTRYPOINT` sets the `CMD` of an earlier stage back to nothing
"#,
        );
    }

    #[test]
    fn what_it_sees() {
        for text in [
            "FROM a\nENTRYPOINT [\"/app\"]\nCMD [\"--port\"]\n",
            "FROM a\nENTRYPOINT exec /app \"$@\"\nCMD [\"--port\"]\n",
            "FROM a\nENTRYPOINT /app\n",
            "FROM a AS b\nCMD [\"x\"]\nFROM b\nENTRYPOINT [\"/app\"]\nCMD [\"y\"]\n",
            "FROM a AS b\nENTRYPOINT [\"/app\"]\nFROM b\nCMD [\"x\"]\n",
        ] {
            check_dockerfile(&RULE, text);
        }
    }
}
