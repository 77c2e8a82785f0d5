//! A comment that does not describe what stands below it.

use dockerfile::{Instruction, Kind, Piece};
use report::{Applies, Input, Outcome, Severity, quote};
use text::Span;

use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "definition-description",
    title: "The comment above a stage or argument does not describe it",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["InvalidDefinitionDescription"],
    doc: page!("definition_description.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let mut above: Vec<Span> = Vec::new();
        for piece in &build.dockerfile.pieces {
            match piece {
                Piece::Comment(span) => above.push(*span),
                Piece::Instruction(it) => {
                    let comments = std::mem::take(&mut above);
                    judge(case, build, it, &comments, out);
                }
                Piece::Blank(_) | Piece::Directive(_) | Piece::Mark(_) => above.clear(),
            }
        }
    }
}

fn judge(case: &Case, build: &Build, it: &Instruction, comments: &[Span], out: &mut Outcome) {
    let names: Vec<&str> = match &it.kind {
        Kind::From(from) => from.name.iter().map(|it| it.as_str()).collect(),
        Kind::Arg(declared) => declared.iter().map(|it| it.name.as_str()).collect(),
        _ => return,
    };
    let text =
        |span: &Span| case.under(&build.at(*span)).trim().trim_start_matches('#').trim().to_owned();
    let lines: Vec<String> = comments.iter().map(text).filter(|it| !it.is_empty()).collect();
    let Some(span) = comments.first().filter(|_| !lines.is_empty()) else { return };
    let describes =
        |line: &String| names.iter().any(|name| line.split_whitespace().next() == Some(name));
    let whole = case.under(&build.at(*span)).trim_end();
    let at =
        build.at(Span::new(span.start(), span.start() + u32::try_from(whole.len()).unwrap_or(0)));
    match names.first() {
        Some(name) if !lines.iter().any(describes) => {
            out.fail(
                &at,
                format!("a description starts with the name: {} and what it is for", quote(name)),
            );
        }
        _ => out.clear(&at, "it starts with the name"),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::messages;

    #[test]
    fn comments_right_above() {
        let text = "# about the base\nFROM a AS base\n\n# base is described\n# VERSION and its meaning\nARG VERSION=1\n# other\n\nARG X=1\n#\nARG Y=1\n";
        assert_eq!(
            messages(&RULE, text),
            [(1, "a description starts with the name: `base` and what it is for".to_owned())]
        );
    }
}
