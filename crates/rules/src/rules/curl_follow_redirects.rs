//! curl that stops at a redirection.

use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::commands::{CURL, RunCommand};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "curl-follow-redirects",
    title: "Curl does not follow redirections",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["curl-should-follow-redirects", "curlUseFlagL"],
    doc: page!("curl_follow_redirects.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| it.runs(&["curl"])) {
            let at = Locus::Text { source: *source, span: command.program_span() };
            if is_fine(command) {
                out.clear(&at, "as it should be");
                continue;
            }
            let edit = amend::words_behind(step, command, command.program_span(), &["-L"]);
            let fix = fix::edits("Add `-L`", &at, |_| vec![edit], Safety::Review);
            out.fail(&at, "without `-L` an answer that points elsewhere is all there is").fix(fix);
        }
    }
}

fn is_fine(command: &RunCommand) -> bool {
    let options = command.options(CURL);
    let follows = options.has(&["-L", "--location", "--location-trusted"]);
    let asks = options.has(&[
        "-I",
        "--head",
        "-X",
        "--request",
        "-d",
        "--data",
        "-V",
        "--version",
        "-K",
        "--config",
    ]);
    follows || asks || command.fetches().is_none_or(|it| it.urls.is_empty())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::messages;

    #[test]
    fn what_is_marked() {
        for text in ["curl -f https://example.com/a", "curl -o a https://example.com/a"] {
            assert_eq!(
                messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")).len(),
                1,
                "{text}"
            );
        }
        for text in [
            "curl -fL https://example.com/a",
            "curl -sSLO https://example.com/a",
            "curl --version",
            "curl -X POST https://example.com/a",
        ] {
            assert_eq!(messages(&RULE, &format!("FROM debian:13\nRUN {text}\n")), [], "{text}");
        }
    }
}
