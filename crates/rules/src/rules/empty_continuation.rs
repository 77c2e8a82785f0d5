//! A blank line inside an instruction.

use report::{Applies, Input, Outcome, Safety, Severity};
use text::Edit;

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "empty-continuation",
    title: "A blank line stands inside an instruction",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["NoEmptyContinuation", "EMPTY_CONTINUATION_LINE"],
    doc: page!("empty_continuation.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Some(first) = it.blanks.first() else {
                // Only an instruction of several lines can have any.
                if !it.comments.is_empty() || case.under(&build.at(it.code())).contains('\n') {
                    out.clear(&build.at(it.word.span), "no blank line in it");
                }
                continue;
            };
            let at = build.at(*first);
            let edits = it.blanks.iter().map(|it| Edit { span: *it, with: String::new() });
            let fix =
                fix::edits("Take the blank lines out", &at, |_| edits.collect(), Safety::Safe);
            let message =
                "a blank line goes on with the instruction today and ends it in future builders";
            out.fail(&at, message).related(&build.at(it.word.span), "the instruction").fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{fixed, messages};

    #[test]
    fn blank_lines_and_comments() {
        let text =
            "FROM debian:13\nRUN a && \\\n\n  b && \\\n # c\n  \n  c\nRUN a \\\n# b\n && c\n";
        let message =
            "a blank line goes on with the instruction today and ends it in future builders";
        assert_eq!(messages(&RULE, text), [(3, message.to_owned())]);
        assert_eq!(messages(&RULE, "FROM a\nRUN <<EOF\na\n\nb\nEOF\n\nRUN x\n"), []);
    }

    #[test]
    fn blank_lines_are_taken_out() {
        assert_eq!(
            fixed(&RULE, "FROM a\nRUN a && \\\n\n  b && \\\n # c\n  \n  c\n"),
            "FROM a\nRUN a && \\\n  b && \\\n # c\n  c\n"
        );
    }
}
