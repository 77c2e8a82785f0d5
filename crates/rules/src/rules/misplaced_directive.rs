//! A comment that looks like a parser directive.

use dockerfile::Piece;
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "misplaced-directive",
    title: "A parser directive is taken for a comment",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["syntax-directive-typo"],
    doc: page!("misplaced_directive.md"),
    check,
};

const NAMES: [&str; 3] = ["syntax", "escape", "check"];

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let mut sound = true;
        let mut comments_only = true;
        for piece in &build.dockerfile.pieces {
            match piece {
                Piece::Comment(span) => {
                    let at = build.at(*span);
                    if let Some(message) = problem(case.under(&at), comments_only) {
                        sound = false;
                        out.fail(&line(build, case, *span), message);
                    }
                }
                Piece::Directive(it) => out.clear(&build.at(it.name.span), "a directive"),
                Piece::Instruction(_) => comments_only = false,
                Piece::Mark(_) | Piece::Blank(_) => {}
            }
        }
        if let (true, Some(first)) = (sound, build.dockerfile.instructions().next()) {
            out.clear(&build.at(first.word.span), "no comment looks like a directive");
        }
    }
}

/// The comment without its line end.
fn line(build: &Build, case: &Case, span: Span) -> Locus {
    let text = case.under(&build.at(span));
    let blank = text.len() - text.trim_end().len();
    build.at(Span::new(span.start(), span.end() - u32::try_from(blank).unwrap_or(0)))
}

/// What is wrong with a comment. `above`: whether no instruction stands above it.
fn problem(comment: &str, above: bool) -> Option<String> {
    let (name, value) = comment.trim().strip_prefix('#')?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || value.is_empty() || !name.bytes().all(|it| it.is_ascii_alphabetic()) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    if NAMES.contains(&&*lower) && is_value(&lower, value) {
        let what = if above {
            "a comment or a blank line stands above it"
        } else {
            "it stands below an instruction"
        };
        return Some(format!("{} is a mere comment here: {what}", quote(&lower)));
    }
    let near = text::nearest(&lower, NAMES).filter(|it| above && is_value(it, value))?;
    Some(format!("{} is no directive; did you mean {}?", quote(name), quote(near)))
}

/// Whether the value is one that the directive takes, rather than prose.
fn is_value(name: &str, value: &str) -> bool {
    match name {
        "syntax" => value.contains('/') && !value.contains(char::is_whitespace),
        "escape" => value == "`" || value == "\\",
        _ => {
            value.starts_with("skip=")
                || value.starts_with("error=")
                || value.starts_with("experimental=")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn below_something_else() {
        check_dockerfile(
            &RULE,
            r#"# A file of ours
# syntax=docker/dockerfile:1
#^^^^^^^^^^^^^^^^^^^^^^^^^^^ `syntax` is a mere comment here: a comment or a blank line stands above it
FROM debian:13
# escape=`
#^^^^^^^^^ `escape` is a mere comment here: it stands below an instruction
# the syntax = prose/with a slash, check=this
"#,
        );
    }

    #[test]
    fn misspelt() {
        check_dockerfile(
            &RULE,
            "# sytnax=docker/dockerfile:1\n#^^^^^^^^^^^^^^^^^^^^^^^^^^^ `sytnax` is no directive; did you mean `syntax`?\nFROM a\n",
        );
        check_dockerfile(
            &RULE,
            "# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all\nFROM a\n",
        );
    }
}
