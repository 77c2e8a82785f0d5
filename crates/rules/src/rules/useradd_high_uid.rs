//! A user with a high number makes a huge sparse file.

use dockerfile::shell::{Part, ShellWord};
use report::{Applies, Input, Locus, Outcome, Safety, Severity, Why, quote};

use crate::commands::RunCommand;
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "useradd-high-uid",
    title: "A high user number makes a huge log file",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["DL3046", "DF064"],
    doc: page!("useradd_high_uid.md"),
    check,
};

const VALUED: &[&str] = &[
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-k",
    "-K",
    "-p",
    "-R",
    "-P",
    "-s",
    "-u",
    "-Z",
    "--uid",
    "--gid",
    "--groups",
    "--home-dir",
    "--home",
    "--shell",
    "--comment",
    "--password",
    "--base-dir",
    "--skel",
    "--key",
    "--root",
    "--prefix",
];
/// Numbers from here on make the file larger than a container should be.
const HIGH: u64 = 100_000;

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| it.runs(&["useradd"])) {
            let options = command.options(VALUED);
            let at = Locus::Text { source: *source, span: command.program_span() };
            let Some(flag) = options.flag(&["-u", "--uid"]) else {
                out.clear(&at, "the number is a low one");
                continue;
            };
            if options.has(&["-l", "--no-log-init"]) {
                out.clear(&at, "no log file is made");
                continue;
            }
            let written = flag.value.as_deref().unwrap_or_default();
            match number(step, command, written) {
                Ok(Some(it)) if it >= HIGH => {
                    let place = value_word(command, written).map_or(flag.word.span, |it| it.span);
                    let edit = amend::words_behind(step, command, command.program_span(), &["-l"]);
                    let change = fix::edits("Add `-l`", &at, |_| vec![edit], Safety::Safe);
                    let message = format!(
                        "user number {} makes a log file with a place for every lower one",
                        quote(written)
                    );
                    out.fail(&Locus::Text { source: *source, span: place }, message).fix(change);
                }
                Ok(_) => out.clear(&at, "the number is a low one"),
                Err(name) => out.gap(&at, Why::BuildArg(name.into())),
            }
        }
    }
}

fn value_word<'a>(command: &'a RunCommand, value: &str) -> Option<&'a ShellWord> {
    command.arguments().iter().find(|it| it.text() == value)
}

/// The user number, or the variable that decides it.
fn number(step: &RunStep, command: &RunCommand, written: &str) -> Result<Option<u64>, String> {
    if let Ok(it) = written.parse() {
        return Ok(Some(it));
    }
    let word = value_word(command, written);
    let name = word.and_then(|it| {
        it.parts.iter().find_map(|it| match it {
            Part::Variable { name, .. } => Some(name.clone()),
            Part::Literal { .. }
            | Part::Commands { .. }
            | Part::Process { .. }
            | Part::Arithmetic { .. } => None,
        })
    });
    let Some(name) = name else { return Ok(None) };
    match step.variable(&name) {
        Some(value) => Ok(value.parse().ok()),
        None => Err(name),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, fixed, verdict};

    #[test]
    fn high_numbers() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG UID=1000001
RUN useradd -u 123456 app && useradd --uid=100000 b
#              ^^^^^^ user number `123456` makes a log file with a place for every lower one
#                                    ^^^^^^^^^^^^ user number `100000` makes a log file with a place for every lower one
RUN useradd -mu $UID c
#               ^^^^ user number `$UID` makes a log file with a place for every lower one
RUN useradd -l -u 123456 d && useradd --no-log-init --uid 123456 e && useradd -lmu 123456 f
RUN useradd -u 99999 g && useradd h && useradd -r -g 123456 i && adduser -u 123456 j
"#,
        );
        let open = "FROM debian:13\nARG UID\nRUN useradd -u $UID app\n";
        assert_eq!(verdict(&RULE, &case(&[("dockerfile", open)])), report::Verdict::Unknown);
    }

    #[test]
    fn the_option_is_added() {
        let after = "FROM x\nRUN useradd -l -m -u 123456 app\n";
        assert_eq!(fixed(&RULE, "FROM x\nRUN useradd -m -u 123456 app\n"), after);
    }
}
