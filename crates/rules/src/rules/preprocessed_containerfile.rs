//! Lines for a preprocessor.

use dockerfile::Piece;
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "preprocessed-containerfile",
    title: "The file has to go through a preprocessor first",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DF075"],
    doc: page!("preprocessed_containerfile.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let lines = build.dockerfile.pieces.iter().filter_map(|it| match it {
            Piece::Comment(span) => Some(*span),
            Piece::Mark(_) | Piece::Directive(_) | Piece::Blank(_) | Piece::Instruction(_) => None,
        });
        let found = lines.map(|it| build.at(it)).find(|it| is_directive(case.under(it)));
        if let Some(at) = found {
            let word = case.under(&at).split_whitespace().next().unwrap_or_default().to_owned();
            let message =
                format!("{} is for a preprocessor; to the builder it is a comment", quote(&word));
            out.fail(&first_line(case, at), message);
        } else if let Some(first) = build.dockerfile.instructions().next() {
            out.clear(&build.at(first.word.span), "no line is for a preprocessor");
        }
    }
}

fn first_line(case: &Case, at: Locus) -> Locus {
    let Locus::Text { source, span } = at else { return at };
    let text = case.under(&Locus::Text { source, span });
    let length = u32::try_from(text.trim_end().len()).unwrap_or(0);
    Locus::Text { source, span: Span::new(span.start(), span.start() + length) }
}

/// What the C preprocessor takes for its own: with nothing between the sign and the word.
fn is_directive(comment: &str) -> bool {
    let mut words = comment.split_whitespace();
    let (word, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match word {
        "#include" => next.starts_with(['"', '<']),
        "#ifdef" | "#ifndef" | "#undef" => !next.is_empty() && words.next().is_none(),
        "#define" => {
            let start = next.starts_with(|it: char| it.is_ascii_uppercase() || it == '_');
            start && next.bytes().all(|it| it.is_ascii_alphanumeric() || b"_(),".contains(&it))
        }
        "#endif" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_first_of_them_is_marked() {
        check_dockerfile(
            &RULE,
            "FROM debian:13\n#include \"common.in\"\n#^^^^^^^^^^^^^^^^^^^ `#include` is for a preprocessor; to the builder it is a comment\n#ifdef DEBUG\n#endif\n",
        );
        check_dockerfile(&RULE, "FROM debian:13\n#include this as well\n# define X\n#if not\n");
    }
}
