//! gpg that may ask.

use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::commands::RunCommand;
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "gpg-batch",
    title: "The tool `gpg` may ask for something",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["gpgUseBatchFlag"],
    doc: page!("gpg_batch.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| it.runs(&["gpg", "gpg2"])) {
            let at = Locus::Text { source: *source, span: command.program_span() };
            if is_fine(command) {
                out.clear(&at, "as it should be");
                continue;
            }
            let edit = amend::words_behind(step, command, command.program_span(), &["--batch"]);
            let fix = fix::edits("Add `--batch`", &at, |_| vec![edit], Safety::Safe);
            out.fail(&at, "without `--batch` gpg may wait for an answer that nobody gives")
                .fix(fix);
        }
    }
}

fn is_fine(command: &RunCommand) -> bool {
    let options = command.options(&[]);
    let batch = options.has(&["--batch", "--no-tty", "--yes"]);
    let asks = options.has(&["--version", "--help", "--dearmor", "--list-keys", "--fingerprint"]);
    batch || asks || command.arguments().is_empty()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::messages;

    #[test]
    fn what_is_marked() {
        for text in
            ["gpg --verify a.asc a", "gpg --keyserver hkps://keys.openpgp.org --recv-keys 0123"]
        {
            assert_eq!(
                messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")).len(),
                1,
                "{text}"
            );
        }
        for text in
            ["gpg --batch --verify a.asc a", "gpg --dearmor -o a.gpg a.asc", "gpg --version"]
        {
            assert_eq!(messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")), [], "{text}");
        }
    }
}
