//! A comment that is an argument.

use dockerfile::{Instruction, Kind, Separator, Word};
use report::{Applies, Input, Outcome, Safety, Severity};
use text::Span;

use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "trailing-comment-is-data",
    title: "A comment behind an instruction is taken for arguments",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("trailing_comment_is_data.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let mut sound = None;
        for it in build.dockerfile.instructions() {
            match comment(it) {
                Some(span) => {
                    let at = build.at(span);
                    let message =
                        "comments stand on lines of their own: this one is taken for arguments";
                    let whole = build.at(before(case, build, span));
                    let fix = fix::delete("Take the comment away", &whole, Safety::Review);
                    let fix = fix.filter(|_| leaves_enough(it, span));
                    out.fail(&at, message).fix(fix);
                }
                None => sound = sound.or(has_words(&it.kind).then_some(it.word.span)),
            }
        }
        if let Some(span) = sound {
            out.clear(&build.at(span), "no comment behind it");
        }
    }
}

fn has_words(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Add(_)
            | Kind::Arg(_)
            | Kind::Copy(_)
            | Kind::Env(_)
            | Kind::Label(_)
            | Kind::Volume(_)
    )
}

/// Whether a copy without its comment still has a source and a destination.
fn leaves_enough(it: &Instruction, comment: Span) -> bool {
    match &it.kind {
        Kind::Add(paths) | Kind::Copy(paths) => {
            let words = paths.sources.iter().chain(&paths.destination);
            words.filter(|it| it.span.start() < comment.start()).count() > 1
        }
        _ => true,
    }
}

/// With the blanks before it.
fn before(case: &Case, build: &Build, span: Span) -> Span {
    let text = case.text(build.source);
    let head = text.get(..span.start() as usize).unwrap_or_default();
    let kept = head.trim_end_matches([' ', '\t']).len();
    Span::new(u32::try_from(kept).unwrap_or(span.start()), span.end())
}

/// From the word that starts a comment to the end. What the builder refuses is left to it.
fn comment(it: &Instruction) -> Option<Span> {
    let end = it.args.whole();
    let from = |word: &Word| Span::new(word.span.start(), end.end());
    let starts = |it: &&Word| it.as_str().starts_with('#');
    match &it.kind {
        Kind::Add(paths) | Kind::Copy(paths) if !paths.json => {
            paths.sources.iter().skip(1).chain(&paths.destination).find(starts).map(from)
        }
        Kind::Volume(paths) => paths.iter().skip(1).find(starts).map(from),
        Kind::Arg(declared) => declared.iter().skip(1).map(|it| &it.name).find(starts).map(from),
        Kind::Env(pairs) | Kind::Label(pairs) => {
            let [pair] = &pairs[..] else { return None };
            let value = pair.value.as_str();
            let quoted = value.contains(['"', '\'']);
            let at = value.find(" #").filter(|_| pair.separator == Separator::Space && !quoted)?;
            let start = pair.value.text.span(at + 1..value.len()).start();
            Some(Span::new(start, end.end()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn comments_become_arguments() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY a b # the code
#        ^^^^^^^^^^ comments stand on lines of their own: this one is taken for arguments
VOLUME /data # state
#            ^^^^^^^ comments stand on lines of their own: this one is taken for arguments
ARG VERSION=1 # the newest
#             ^^^^^^^^^^^^ comments stand on lines of their own: this one is taken for arguments
ENV NAME value # what for
#              ^^^^^^^^^^ comments stand on lines of their own: this one is taken for arguments
RUN make # as usual
COPY #a# b
ENV COLOR #fff
ENV A="b # c"
"#,
        );
    }

    #[test]
    fn the_comment_is_taken_away() {
        assert_eq!(fixed(&RULE, "FROM a\nCOPY a b  # c d\n"), "FROM a\nCOPY a b\n");
    }
}
