//! A pipe whose first command may fail unseen.

use std::collections::BTreeSet;

use dockerfile::Instruction;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};

use text::Span;

use crate::commands::RunCommand;
use crate::facts::{RunStep, Seen};
use crate::knowledge::base_image::Shell;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "pipefail-missing",
    title: "A command before a pipe may fail without the build failing",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL4006", "efbf148a", "set-pipefail", "DF057"],
    doc: page!("pipefail_missing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(case, out, |it, last| can_fail(it) && !is_local(it) && !refuses(last));
}

/// Reports the pipes of which `wanted` says yes, asked about the first command and the last.
pub(super) fn judge(case: &Case, out: &mut Outcome, wanted: fn(&RunCommand, &RunCommand) -> bool) {
    let mut mended = BTreeSet::new();
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut pipes = step.commands.iter().enumerate().filter(|(_, it)| starts_a_pipe(it));
        let Some((_, first)) = pipes.clone().next() else { continue };
        let at = |it: &RunCommand| Locus::Text { source: *source, span: it.program_span() };
        if has_pipefail(step) {
            out.clear(&at(first), "the shell looks at every command of a pipe");
            continue;
        }
        let hides = |(index, it): &(usize, &RunCommand)| {
            wanted(it, last(step, it)) && !is_set_before(step, *index)
        };
        match pipes.find(hides) {
            Some((_, command)) => {
                let message = format!(
                    "if {} fails, the pipe goes on and the step succeeds",
                    quote(&command.program)
                );
                let fix = mended.insert(step.stage).then(|| shell(case, seen, step)).flatten();
                out.fail(&at(command), message).fix(fix);
            }
            None => out.clear(
                &at(first),
                "the first command of the pipe cannot fail, or not without the last one failing too",
            ),
        }
    }
}

/// The last command of the pipe that another one starts. Its outcome is that of the pipe.
fn last<'a>(step: &'a RunStep, first: &'a RunCommand) -> &'a RunCommand {
    let of_pipe = |it: &&RunCommand| {
        it.place.pipeline == first.place.pipeline && it.place.index + 1 == it.place.length
    };
    step.commands.iter().find(of_pipe).unwrap_or(first)
}

/// What fails itself when it is handed nothing or half of something: what unpacks, what reads keys,
/// and what looks for a text.
fn refuses(it: &RunCommand) -> bool {
    it.runs(&[
        "tar", "bsdtar", "cpio", "gunzip", "zcat", "unxz", "xzcat", "bunzip2", "bzcat", "unzstd",
        "zstdcat", "gpg", "gpg2", "apt-key", "grep", "egrep", "fgrep",
    ])
}

/// Not one whose outcome something else asks for.
fn starts_a_pipe(it: &RunCommand) -> bool {
    it.place.length > 1 && it.place.index == 0 && !it.place.condition && !it.place.inner
}

/// Whether `SHELL` sets it, or the line that names the program of a here-document.
fn has_pipefail(step: &RunStep) -> bool {
    let words = step.shell.iter().flatten();
    let by_shell = { words }.any(|it| it.contains("pipefail"));
    let text = step.text.as_str();
    by_shell
        || text.starts_with("#!") && text.lines().next().is_some_and(|it| it.contains("pipefail"))
}

/// Whether a command before sets it, as in `set -eo pipefail`.
fn is_set_before(step: &RunStep, index: usize) -> bool {
    let before = step.commands.get(..index).unwrap_or_default();
    let sets =
        |it: &RunCommand| it.runs(&["set"]) && it.arguments().iter().any(|it| it.is("pipefail"));
    let asks = |it: &RunCommand| {
        it.runs(&["bash", "sh", "ash"]) && it.arguments().iter().any(|it| it.is("pipefail"))
    };
    before.iter().any(|it| sets(it) || asks(it))
}

/// What only prints cannot fail. A command behind it that nobody reads is another matter.
pub(super) fn can_fail(it: &RunCommand) -> bool {
    !it.runs(&[
        "echo",
        "printf",
        "yes",
        "true",
        ":",
        "pwd",
        "env",
        "uname",
        "date",
        "nproc",
        "whoami",
        "pwsh",
        "powershell",
        "",
    ])
}

/// What looks at the system or at files that are there: it fails when the rest would not work either,
/// and `grep` when it finds nothing.
pub(super) fn is_local(it: &RunCommand) -> bool {
    const LOCAL: [&str; 44] = [
        "find",
        "dpkg",
        "dpkg-query",
        "apt-mark",
        "grep",
        "egrep",
        "zgrep",
        "ldd",
        "locale",
        "awk",
        "scanelf",
        "stat",
        "php",
        "md5sum",
        "cat",
        "ls",
        "lsb_release",
        "rpm",
        "arch",
        "jq",
        "sed",
        "sort",
        "tr",
        "cut",
        "head",
        "tail",
        "ps",
        "id",
        "getent",
        "apk",
        "apt-cache",
        "pip",
        "pip3",
        "gem",
        "npm",
        "python",
        "python3",
        "perl",
        "ldconfig",
        "readelf",
        "objdump",
        "xargs",
        "basename",
        "dirname",
    ];
    it.runs(&LOCAL)
}

/// A `SHELL` before the step, where it is known which shell there is.
fn shell(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> Option<Fix> {
    let build = case.builds.first()?;
    let system = build.known_base(step.stage)?.system?;
    let program = match (step.shell.is_some(), system.bash, system.sh) {
        (true, _, _) => return None,
        (false, true, _) => "/bin/bash",
        (false, false, Shell::Ash) => "/bin/ash",
        (false, false, _) => return None,
    };
    let Locus::Text { span, .. } = seen.at else { return None };
    let own = |it: &&Instruction| it.span.contains(span);
    let start = build.dockerfile.instructions().find(own)?.span.start();
    let at = build.at(Span::new(start, start));
    let line_end = fix::line_end(case, &at);
    let line = format!("SHELL [\"{program}\", \"-o\", \"pipefail\", \"-c\"]{line_end}");
    fix::insert_before("Let the shell look at every command of a pipe", &at, &line, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn pipes_that_hide_a_failure() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl -fsSL https://example.com/a | bash
#   ^^^^ if `curl` fails, the pipe goes on and the step succeeds
RUN curl -fsSL https://example.com/a | tar xz && wget -O- https://example.com/b | gpg --dearmor >c
RUN set -eux; wget -O- x | sh; curl y | sh
#             ^^^^ if `wget` fails, the pipe goes on and the step succeeds
RUN set -o pipefail && curl x | sh
RUN echo a | tee b && printf x | cat
RUN if curl x | grep y; then make; fi
SHELL ["/bin/bash", "-eo", "pipefail", "-c"]
RUN curl x | sh
ENV A=1
RUN curl x | sh
"#,
        );
    }

    #[test]
    fn shells_are_inherited() {
        check_dockerfile(
            &RULE,
            "\nFROM a AS b\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nFROM b\nRUN curl x | sh\n",
        );
        check_dockerfile(
            &RULE,
            "\nFROM a\nRUN <<EOF\n#!/bin/bash -eo pipefail\ncurl x | sh\nEOF\n",
        );
    }

    #[test]
    fn a_shell_is_set() {
        assert_eq!(
            fixed(&RULE, "FROM alpine:3.22\nRUN curl x | sh\nRUN curl y | sh\n"),
            "FROM alpine:3.22\nSHELL [\"/bin/ash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl x | sh\nRUN curl y | sh\n"
        );
    }
}
