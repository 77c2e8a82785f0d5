//! A step that names a shell by itself.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::facts::Dialect;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "prefer-shell-instruction",
    title: "A step names a shell where `SHELL` would do",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["8a301064", "powershell/prefer-shell-instruction"],
    doc: page!("prefer_shell_instruction.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        // In an array there is no other way.
        if step.dialect == Dialect::Exec {
            continue;
        }
        let mut own = step.commands.iter().filter(|it| !it.place.inner);
        let (Some(first), None) = (own.next(), own.next()) else { continue };
        let at = Locus::Text { source: *source, span: first.program_span() };
        if is_shell(first) {
            let message =
                format!("all of the step is for {}; `SHELL` says so once", quote(&first.program));
            out.fail(&at, message);
        } else {
            out.clear(&at, "the shell of the stage runs it");
        }
    }
}

fn is_shell(it: &RunCommand) -> bool {
    let flag = |it: &ShellWord| {
        let text = it.text().to_ascii_lowercase();
        matches!(&*text, "-c" | "-command" | "-lc" | "-ec" | "-xc" | "-exc" | "/c")
    };
    let shell = it.runs(&["bash", "zsh", "ksh", "powershell", "pwsh"]) && it.wrappers().is_empty();
    shell && it.arguments().iter().any(flag)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn steps_for_one_shell() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN bash -c 'source x && make'
#   ^^^^ all of the step is for `bash`; `SHELL` says so once
RUN powershell -Command Get-Date
#   ^^^^^^^^^^ all of the step is for `powershell`; `SHELL` says so once
RUN make && bash -c 'source x'
RUN ["bash", "-c", "source x"]
RUN bash ./install.sh
"#,
        );
    }
}
