//! Small steps stand behind each other.

use dockerfile::{Instruction, Kind, Piece, Run, Stage, Transfer};
use report::{Applies, Input, Outcome, Severity};
use text::Span;

use crate::case::Build;
use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "consecutive-run",
    title: "Instructions that could be one stand behind each other",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DL3059", "0008c003", "S7031", "DF003", "prefer-run-heredoc", "moreThanOneInstall"],
    doc: page!("consecutive_run.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for stage in build.stages.stages.iter().filter(|it| build.reach(it.id) == Reach::Image) {
            judge(case, build, stage, out);
        }
    }
}

fn judge(case: &Case, build: &Build, stage: &Stage, out: &mut Outcome) {
    let pieces = build.dockerfile.pieces.get(stage.body.clone()).unwrap_or_default();
    let mut group: Vec<&Instruction> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Instruction(it) if group.last().is_some_and(|last| belong(case, last, it)) => {
                group.push(it);
            }
            Piece::Instruction(it) => {
                close(build, &group, out);
                group = vec![it];
            }
            // A comment sets apart what follows it.
            Piece::Comment(_) => {
                close(build, &group, out);
                group.clear();
            }
            Piece::Blank(_) | Piece::Mark(_) | Piece::Directive(_) => {}
        }
    }
    close(build, &group, out);
}

fn close(build: &Build, group: &[&Instruction], out: &mut Outcome) {
    let [first, .., last] = group else {
        if let Some(it) = group.first().filter(|it| matches!(it.kind, Kind::Run(_) | Kind::Copy(_)))
        {
            out.clear(&build.at(it.code()), "nothing beside it could be part of it");
        }
        return;
    };
    let n = group.len();
    let keyword = first.word.as_str().to_ascii_uppercase();
    let span: Span = first.word.span.to(last.word.span);
    out.fail(&build.at(span), format!("these {n} `{keyword}` instructions could be one"));
}

/// Whether two instructions that follow each other could be one.
fn belong(case: &Case, a: &Instruction, b: &Instruction) -> bool {
    if flags(case, a) != flags(case, b) {
        return false;
    }
    match (&a.kind, &b.kind) {
        (Kind::Run(a_run), Kind::Run(b_run)) => {
            is_small(case, a, a_run) && is_small(case, b, b_run)
        }
        (Kind::Copy(a), Kind::Copy(b)) | (Kind::Add(a), Kind::Add(b)) => same_folder(a, b),
        _ => false,
    }
}

fn flags<'a>(case: &'a Case, it: &Instruction) -> Vec<&'a str> {
    let Some(build) = case.builds.first() else { return Vec::new() };
    let text = case.text(build.source);
    it.flags.iter().filter_map(|it| text.get(it.span.range())).collect()
}

/// Whether a step is one command: chains were put together by somebody who thought about it.
fn is_small(case: &Case, it: &Instruction, run: &Run) -> bool {
    let step = case
        .facts
        .runs
        .iter()
        .filter_map(|it| it.value.as_ref().ok())
        .find(|one| one.code == it.code());
    let one = |commands: usize| commands <= 1;
    it.heredocs.is_empty()
        && !run.form.is_empty()
        && step.is_some_and(|it| one(it.commands.iter().filter(|it| !it.place.substituted).count()))
}

fn same_folder(a: &Transfer, b: &Transfer) -> bool {
    let folder = |it: &Transfer| {
        let it = it.destination.as_ref()?.as_str().to_owned();
        (it.ends_with('/') || it == "." || it.ends_with("/.")).then_some(it)
    };
    // A here-document has a name, which becomes that of the file.
    let plain = |it: &Transfer| !it.sources.iter().any(|it| it.as_str().starts_with("<<"));
    plain(a) && plain(b) && folder(a).is_some_and(|it| Some(it) == folder(b))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, messages, verdict};

    #[test]
    fn small_steps_of_the_same_kind() {
        let text = "FROM debian:13\nRUN a\n\nRUN b\nUSER app\nCOPY a ./\nCOPY b ./\n";
        let found = [
            (2, "these 2 `RUN` instructions could be one".to_owned()),
            (6, "these 2 `COPY` instructions could be one".to_owned()),
        ];
        assert_eq!(messages(&RULE, text), found);
    }

    #[test]
    fn what_differs_stays_apart() {
        for text in [
            "RUN a\n# why\nRUN b",
            "RUN a && b\nRUN c",
            "RUN a\nUSER x\nRUN b",
            "RUN --mount=type=cache,target=/x a\nRUN b",
            "RUN <<EOF\na\nEOF\nRUN b",
            "COPY a /a\nCOPY b /b",
            "COPY --chown=x a ./\nCOPY b ./",
            "COPY a ./\nADD b ./",
        ] {
            let text = format!("FROM debian:13\n{text}\n");
            assert_eq!(
                verdict(&RULE, &case(&[("dockerfile", &text)])),
                report::Verdict::Passes,
                "{text}"
            );
        }
        check_dockerfile(&RULE, "\nFROM x AS a\nRUN a\nRUN b\nFROM x\nCOPY --from=a /a /a\n");
    }
}
