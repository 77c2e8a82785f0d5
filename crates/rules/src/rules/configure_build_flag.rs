//! A `configure` that guesses the machine.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::RunCommand;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "configure-build-flag",
    title: "A `configure` guesses what it builds for",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["configureShouldUseBuildFlag"],
    doc: page!("configure_build_flag.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| it.program == "configure") {
            let at = Locus::Text { source: *source, span: command.program_span() };
            if is_fine(command) {
                out.clear(&at, "as it should be");
                continue;
            }
            out.fail(
                &at,
                "without `--build` it guesses the machine, and gets it wrong under emulation",
            );
        }
    }
}

fn is_fine(command: &RunCommand) -> bool {
    let options = command.options(&[]);
    options.has(&["--build", "--host", "--target", "--help"])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::messages;

    #[test]
    fn what_is_marked() {
        for text in ["./configure --enable-shared", "cd a && ../b/configure"] {
            assert_eq!(
                messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")).len(),
                1,
                "{text}"
            );
        }
        for text in ["./configure --build=\"$arch\"", "./configure --host=x", "make configure"] {
            assert_eq!(messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")), [], "{text}");
        }
    }
}
