//! curl that takes an error page for the file.

use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::commands::{CURL, RunCommand};
use crate::facts::{RunStep, Seen};
use crate::layers::{Setting, setting};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "curl-fail-flag",
    title: "Curl stores the error page when a download fails",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DF035", "curlUseFlagF"],
    doc: page!("curl_fail_flag.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut told = false;
        for command in step.commands.iter().filter(|it| it.runs(&["curl"])) {
            let at = Locus::Text { source: *source, span: command.program_span() };
            if is_fine(command) || is_configured(case, seen, step) {
                out.clear(&at, "it fails when the server does, or is asked for something else");
                continue;
            }
            if told {
                continue;
            }
            told = true;
            let edits = step.commands.iter().filter(|it| it.runs(&["curl"]) && !is_fine(it));
            let edits =
                edits.map(|it| amend::words_behind(step, it, it.program_span(), &["-f"])).collect();
            let fix = fix::edits("Add `-f`", &at, |_| edits, Safety::Review);
            let message = "without `-f` the page of an error is taken for what was asked for";
            out.fail(&at, message).fix(fix);
        }
    }
}

/// Whether it fails when the server does, or is not there to fetch a file.
fn is_fine(command: &RunCommand) -> bool {
    let options = command.options(CURL);
    let fails = options.has(&["-f", "--fail", "--fail-with-body", "--fail-early"]);
    let asks = options.has(&[
        "-w",
        "--write-out",
        "-I",
        "--head",
        "-V",
        "--version",
        "-h",
        "--help",
        "-K",
        "--config",
        "-X",
        "--request",
        "-d",
        "--data",
        "--data-raw",
        "--data-binary",
        "-T",
        "--upload-file",
        "-F",
        "--form",
        "-i",
        "--include",
    ]);
    let none = command.fetches().is_none_or(|it| it.urls.is_empty());
    // Options that a variable brings are not known.
    let open = command
        .arguments()
        .iter()
        .any(|it| it.text().starts_with("$CURL") || it.text().starts_with("${CURL"));
    let local = command
        .fetches()
        .into_iter()
        .flat_map(|it| &it.urls)
        .any(|(it, _)| it.contains("localhost") || it.contains("127.0.0.1"));
    fails || asks || none || open || local || command.place.condition
}

fn is_configured(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> bool {
    let sets = |text: &str| {
        text.lines()
            .any(|it| matches!(it.trim().trim_start_matches('-'), "fail" | "f" | "fail-with-body"))
    };
    setting(case, seen, step, &["/root/.curlrc", "/etc/curlrc", "/.curlrc"], sets) != Setting::Unset
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn downloads_that_do_not_fail() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl -L https://example.com/a | tar xz && curl -o b https://example.com/b
#   ^^^^ without `-f` the page of an error is taken for what was asked for
RUN curl -fsSL https://example.com/a | tar xz && curl --fail-with-body -O https://example.com/b
RUN curl -sSLf https://example.com/a
RUN curl -s -o /dev/null -w '%{http_code}' https://example.com && curl -I https://example.com
RUN curl --version && curl -X POST https://example.com/a && curl http://localhost/x
RUN if curl -s https://example.com; then make; fi
"#,
        );
    }

    #[test]
    fn the_option_is_added_to_all_of_a_step() {
        assert_eq!(
            fixed(
                &RULE,
                "FROM a\nRUN curl -L https://x | sh && \\\n  curl https://y\nRUN [\"curl\", \"https://z\"]\n"
            ),
            "FROM a\nRUN curl -f -L https://x | sh && \\\n  curl -f https://y\nRUN [\"curl\", \"-f\", \"https://z\"]\n"
        );
    }
}
