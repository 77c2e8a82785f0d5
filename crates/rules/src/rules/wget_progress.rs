//! wget that fills the log of the build.

use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::commands::{RunCommand, WGET};
use crate::facts::{Dialect, RunStep, Seen};
use crate::layers::{Setting, setting};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "wget-progress",
    title: "Wget fills the log of the build",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3047", "DF056"],
    doc: page!("wget_progress.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| it.runs(&["wget"])) {
            let at = Locus::Text { source: *source, span: command.program_span() };
            if is_quiet(command) || is_configured(case, seen, step) {
                out.clear(&at, "it says little, or says it elsewhere");
                continue;
            }
            // The one of BusyBox has no choice of bars.
            let option = if is_busybox(case, step) { "-q" } else { "--progress=dot:giga" };
            let edit = amend::words_behind(step, command, command.program_span(), &[option]);
            let fix = fix::edits(format!("Add `{option}`"), &at, |_| vec![edit], Safety::Safe);
            out.fail(&at, "a bar of progress goes to the log of the build line by line").fix(fix);
        }
    }
}

fn is_quiet(command: &RunCommand) -> bool {
    let options = command.options(WGET);
    let says = options.has(&[
        "-q",
        "--quiet",
        "-nv",
        "--no-verbose",
        "--progress",
        "-o",
        "--output-file",
        "-a",
        "--append-output",
        "-b",
        "--background",
        "--version",
        "-V",
        "--help",
        "--spider",
    ]);
    let words = command.arguments();
    // `-nv` is two letters of one option.
    let short = words.iter().any(|it| it.text().starts_with("-nv") || it.text().contains("$WGET"));
    let silent =
        command.simple.redirects.iter().any(|it| it.descriptor == Some(2) || it.operator == "&>");
    // Signatures and sums are one line each.
    const SMALL: [&str; 8] = [".asc", ".sig", ".sha256", ".sha512", ".md5", ".key", ".gpg", ".txt"];
    let urls = command.fetches().map(|it| &it.urls[..]).unwrap_or_default();
    let small =
        !urls.is_empty() && urls.iter().all(|(it, _)| SMALL.iter().any(|end| it.ends_with(end)));
    says || short || silent || small || words.is_empty()
}

fn is_busybox(case: &Case, step: &RunStep) -> bool {
    let installed = case
        .facts
        .packages
        .iter()
        .filter_map(|it| it.value.as_ref().ok())
        .any(|it| it.name == "wget");
    step.dialect == Dialect::Ash && !installed
}

fn is_configured(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> bool {
    let sets = |text: &str| {
        text.contains("verbose") || text.contains("quiet") || text.contains("progress")
    };
    setting(case, seen, step, &["/root/.wgetrc", "/etc/wgetrc", "/.wgetrc"], sets) != Setting::Unset
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn bars_of_progress() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN wget https://example.com/a -O /tmp/a
#   ^^^^ a bar of progress goes to the log of the build line by line
RUN wget -q x && wget -nv x && wget --progress=dot:giga x && wget -qO- x | sh && wget -o log x
RUN echo "verbose=off" > /root/.wgetrc && wget x
"#,
        );
    }

    #[test]
    fn the_option_is_one_that_is_known() {
        assert_eq!(
            fixed(&RULE, "FROM debian:13\nRUN wget x\n"),
            "FROM debian:13\nRUN wget --progress=dot:giga x\n"
        );
        assert_eq!(
            fixed(&RULE, "FROM alpine:3.22\nRUN wget x\n"),
            "FROM alpine:3.22\nRUN wget -q x\n"
        );
    }
}
