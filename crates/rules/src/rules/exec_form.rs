//! A shell stands between the engine and the program.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity};
use text::{Edit, Span};

use crate::facts::{Dialect, Fact, Seen, StartCommand};
use crate::json_form::{json, single, text_span};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "exec-form",
    title: "A shell stands before the main process",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &[
        "DL3025",
        "JSONArgsRecommended",
        "b86987e1",
        "prefer-json-notation",
        "S7019",
        "DF018",
        "DF025",
    ],
    doc: page!("exec_form.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let facts = [(&case.facts.entrypoint, "entry point"), (&case.facts.cmd, "command")];
    for (fact, what) in facts {
        judge(case, fact, what, out);
    }
}

fn judge(case: &Case, fact: &Fact<StartCommand>, what: &str, out: &mut Outcome) {
    let Some(seen) = fact.best().filter(|it| it.via != Input::Run) else { return };
    let Ok(start) = &seen.value else { return };
    let linux = start.dialect.is_read() || start.dialect == Dialect::Foreign;
    if start.is_empty() || !linux {
        return;
    }
    if !start.shell {
        return out.clear(&seen.at, format!("the {what} is started without a shell"));
    }
    if sets_shell(case, seen, start) {
        return out.clear(&seen.at, "the build says which shell it wants");
    }
    // `exec` puts the program in the place of the shell.
    let last = start.commands.iter().rfind(|it| !it.place.inner && !it.place.substituted);
    if last.is_some_and(|it| it.simple.words.first().is_some_and(|it| it.is("exec"))) {
        return out.clear(&seen.at, "the program takes the place of the shell");
    }
    if single(start)
        .is_some_and(|it| it.runs(&["sh", "bash", "ash", "zsh"]) && it.arguments().is_empty())
    {
        return out.clear(&seen.at, "the shell is what is wanted");
    }
    let at = match (&seen.at, text_span(start)) {
        (Locus::Text { source, .. }, Some(span)) => Locus::Text { source: *source, span },
        (other, _) => other.clone(),
    };
    let message = format!(
        "a shell starts the {what}; while it stays, signals such as that of a stop end with it"
    );
    let fix = if seen.via == Input::Dockerfile { without_shell(start, &at) } else { None };
    out.fail(&at, message).fix(fix);
}

/// Whether the stage sets a shell of its own.
fn sets_shell(case: &Case, seen: &Seen<StartCommand>, start: &StartCommand) -> bool {
    let build = case.builds.iter().find(|it| Some(it.source) == seen.source());
    let end = build.and_then(|it| it.ends.get(start.stage.0 as usize));
    end.is_some_and(|it| it.shell.is_some())
}

/// An array where no shell is needed; else `exec` before the last program.
fn without_shell(start: &StartCommand, at: &Locus) -> Option<Fix> {
    if let Some(array) = single(start).and_then(json) {
        return fix::replace("Write it as an array", at, &array, Safety::Review);
    }
    let last = start.commands.iter().rfind(|it| !it.place.substituted)?;
    let plain = last.place.length == 1
        && last.place.depth == 0
        && !last.place.inner
        && !last.place.background
        && last.simple.assignments.is_empty()
        && !last.program.is_empty()
        && !last.runs(&["cd", "export", "set", "exit", "wait", ".", "source", "sh", "bash"]);
    let word = last.simple.words.first().filter(|_| plain)?;
    let edit = |_| vec![Edit { span: Span::at(word.span.start()), with: "exec ".to_owned() }];
    fix::edits("Let the program take the place of the shell", at, edit, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn shell_forms_of_the_shipped_stage_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
CMD make
FROM debian:13
ENTRYPOINT migrate && serve | tee log
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^ a shell starts the entry point; while it stays, signals such as that of a stop end with it
CMD serve $PORT
#   ^^^^^^^^^^^ a shell starts the command; while it stays, signals such as that of a stop end with it
"#,
        );
        for rest in [
            "CMD exec serve $PORT",
            "CMD migrate; exec serve",
            "CMD [\"serve\"]",
            "SHELL [\"/bin/bash\", \"-c\"]\nCMD serve",
            "CMD /bin/bash",
            "CMD []",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\n{rest}\n"));
        }
        check_dockerfile(&RULE, "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCMD serve\n");
    }

    #[test]
    fn the_shell_is_taken_away_or_replaced() {
        for (before, after) in [
            ("serve --port '80 81'", "[\"serve\", \"--port\", \"80 81\"]"),
            ("serve $PORT", "exec serve $PORT"),
            ("migrate && serve", "migrate && exec serve"),
            ("serve | tee log", "serve | tee log"),
            ("serve \\\n  --all", "[\"serve\", \"--all\"]"),
        ] {
            let text = |it: &str| format!("FROM debian:13\nCMD {it}\n");
            assert_eq!(fixed(&RULE, &text(before)), text(after), "{before}");
        }
    }
}
