//! Line ends of Windows in a here-document.

use report::{Applies, Input, Outcome, Safety, Severity};
use text::{Edit, Span};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "crlf-line-endings",
    title: "A here-document has line ends of Windows",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("crlf_line_endings.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        // On Windows they are as they should be.
        if build.dockerfile.escape == '`' {
            continue;
        }
        for it in build.dockerfile.instructions() {
            for heredoc in &it.heredocs {
                let at = build.at(heredoc.marker);
                let body = case.under(&build.at(heredoc.body));
                let edits: Vec<Edit> = body
                    .match_indices("\r\n")
                    .filter_map(|(index, _)| {
                        let start = heredoc.body.start() + u32::try_from(index).ok()?;
                        Some(Edit { span: Span::new(start, start + 1), with: String::new() })
                    })
                    .collect();
                if edits.is_empty() {
                    out.clear(&at, "no line ends of Windows");
                    continue;
                }
                let message =
                    "the lines of this here-document keep a carriage return, which shells choke on";
                let fix =
                    fix::edits("Take the carriage returns away", &at, |_| edits, Safety::Review);
                out.fail(&at, message).fix(fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{fixed, messages};

    #[test]
    fn carriage_returns_in_here_documents() {
        let text = "FROM a\r\nRUN <<EOF\r\nmake\r\nEOF\r\nRUN x\r\n";
        let found = messages(&RULE, text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 2);
        assert_eq!(fixed(&RULE, text), "FROM a\r\nRUN <<EOF\r\nmake\nEOF\r\nRUN x\r\n");
        assert_eq!(messages(&RULE, "FROM a\r\nRUN x \\\r\n  y\r\n"), []);
        assert_eq!(messages(&RULE, "FROM a\nRUN <<EOF\nmake\nEOF\n"), []);
    }
}
