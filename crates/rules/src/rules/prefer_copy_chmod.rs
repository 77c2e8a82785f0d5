//! Files get their owner or mode in a layer of its own.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::{FileAct, FileChange};
use crate::facts::{Copy, Reach, RunStep, Seen};
use crate::layers::only_changes_copies;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "prefer-copy-chmod",
    title: "Files are copied and changed in another layer",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("prefer_copy_chmod.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let changes = || step.changes.iter().filter(|it| flag(it).is_some() && stores_again(it));
        if !step.changes.iter().any(|it| flag(it).is_some()) {
            continue;
        }
        let copies = changes().next().and_then(|_| only_changes_copies(case, seen, step));
        let Some(copies) = copies else {
            out.clear(&seen.at, "what is changed was not just copied");
            continue;
        };
        let (Some(first), Some(copy)) = (changes().next(), copies.first()) else { continue };
        let Some(command) = step.commands.get(first.command) else { continue };
        let at = Locus::Text { source: *source, span: command.program_span() };
        let option = quote(flag(first).map_or("--chmod", |it| it.0));
        let path = quote(&first.path);
        let message = format!("{path} is stored twice, where {option} on its copy would do");
        let change = on_copy(case, seen, step, copy, &at);
        out.fail(&at, message).fix(change).related(&copy.at, "it is copied here");
    }
}

/// Whether a change stores more than the entry of a folder again.
fn stores_again(it: &FileChange) -> bool {
    let name = it.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let runs =
        |mode: &str| matches!(mode, "+x" | "a+x" | "u+x" | "ugo+x" | "a+rx" | "755" | "0755");
    let program = flag(it).is_some_and(|(option, value)| option == "--chmod" && runs(value));
    it.recursive || name.contains('.') || program
}

/// The option of `COPY` that does what a change does, and its value.
fn flag(it: &FileChange) -> Option<(&'static str, &str)> {
    match &it.act {
        FileAct::Own(owner) => Some(("--chown", owner)),
        FileAct::Mode(mode) => Some(("--chmod", mode)),
        FileAct::Write(_)
        | FileAct::Append(_)
        | FileAct::Fetch
        | FileAct::Remove
        | FileAct::Leave
        | FileAct::Arrive(_)
        | FileAct::Unpack(_)
        | FileAct::MakeFolder
        | FileAct::Edit => None,
    }
}

/// The option on the copy, and no step. A name that a step in between makes is not known before.
fn on_copy(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    copy: &Seen<Copy>,
    at: &Locus,
) -> Option<Fix> {
    let build = case.builds.first()?;
    let [change] = &step.changes[..] else { return None };
    let (name, value) = flag(change)?;
    let value = match value {
        "+x" | "a+x" | "u+x" | "ugo+x" if !change.recursive => "755",
        octal if octal.bytes().all(|it| it.is_ascii_digit()) => octal,
        _ if name == "--chown" => value,
        _ => return None,
    };
    let between = case.facts.runs.iter().any(|it| it.at > copy.at && it.at < seen.at);
    let of_copy = copy.value.as_ref().ok()?;
    let taken = if name == "--chown" { of_copy.owner.is_some() } else { of_copy.mode.is_some() };
    if value.is_empty() || taken || (name == "--chown" && between) || of_copy.sources.len() > 1 {
        return None;
    }
    let instructions = || build.dockerfile.instructions();
    let copied = instructions().find(|it| build.at(it.code()) == copy.at)?;
    let run = instructions().find(|it| it.code() == step.code)?;
    let edits = vec![
        Edit { span: Span::at(copied.word.span.end()), with: format!(" {name}={value}") },
        Edit { span: run.span, with: String::new() },
    ];
    fix::edits(format!("Use `{name}` on the copy"), at, |_| edits, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn copies_that_are_changed_behind() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
WORKDIR /app
COPY entrypoint.sh /
RUN chmod +x /entrypoint.sh
#   ^^^^^ `/entrypoint.sh` is stored twice, where `--chmod` on its copy would do
COPY . .
RUN chown -R app:app /app
#   ^^^^^ `/app` is stored twice, where `--chown` on its copy would do
"#,
        );
    }

    #[test]
    fn what_else_a_step_does() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY . /app
RUN chmod +x /app/run.sh
RUN mkdir /data && chown -R app /data
COPY x.sh /
RUN ./x.sh && chmod 600 /x.sh
COPY --from=b /opt/conda /opt/conda
RUN chmod 2775 /opt/conda
"#,
        );
        check_dockerfile(
            &RULE,
            "\nFROM x AS b\nCOPY a.sh /\nRUN chmod +x /a.sh\nFROM x\nCOPY --from=b /a /\n",
        );
    }

    #[test]
    fn the_option_goes_on_the_copy() {
        for (before, after) in [
            ("COPY a.sh /\nRUN chmod +x /a.sh\n", "COPY --chmod=755 a.sh /\n"),
            ("COPY a /a\nRUN chown -R 1000:1000 /a\n", "COPY --chown=1000:1000 a /a\n"),
            (
                "COPY a /a\nRUN useradd app\nRUN chown app /a\n",
                "COPY a /a\nRUN useradd app\nRUN chown app /a\n",
            ),
        ] {
            assert_eq!(fixed(&RULE, &format!("FROM x\n{before}")), format!("FROM x\n{after}"));
        }
    }
}
