//! A key server that is gone.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::RunCommand;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "gpg-keyserver",
    title: "A key server is asked that no longer exists",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["gpgUseHaPools"],
    doc: page!("gpg_keyserver.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| {
            it.runs(&["gpg", "gpg2", "apt-key"])
                && it.arguments().iter().any(|it| it.text().contains("--keyserver"))
        }) {
            let at = Locus::Text { source: *source, span: command.program_span() };
            if is_fine(command) {
                out.clear(&at, "as it should be");
                continue;
            }
            out.fail(&at, "this key server is gone or answers seldom; `keys.openpgp.org` and `keyserver.ubuntu.com` do");
        }
    }
}

fn is_fine(command: &RunCommand) -> bool {
    const GONE: [&str; 4] =
        ["sks-keyservers.net", "pool.sks-keyservers", "pgp.mit.edu", "keys.gnupg.net"];
    let words = command.arguments().iter().map(|it| it.text().into_owned());
    !{ words }.any(|word| GONE.iter().any(|it| word.contains(it)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::messages;

    #[test]
    fn what_is_marked() {
        for text in [
            "gpg --batch --keyserver ha.pool.sks-keyservers.net --recv-keys 0123",
            "apt-key adv --keyserver pgp.mit.edu --recv 0123",
        ] {
            assert_eq!(
                messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")).len(),
                1,
                "{text}"
            );
        }
        for text in [
            "gpg --batch --keyserver hkps://keys.openpgp.org --recv-keys 0123",
            "gpg --batch --verify a",
        ] {
            assert_eq!(messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")), [], "{text}");
        }
    }
}
