//! Line ends of Windows in a here-document.


use report::{Applies, Input, Outcome, Severity};

use crate::{Case, Rule};

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
                if !body.contains("\r\n") {
                    out.clear(&at, "no line ends of Windows");
                    continue;
                }
                let message = "the lines of this here-document keep a carriage return, which shells choke on";
                out.fail(&at, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{messages};


    #[test]
    fn carriage_returns_in_here_documents() {
        let text = "FROM a\r\nRUN <<EOF\r\nmake\r\nEOF\r\nRUN x\r\n";
        let found = messages(&RULE, text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 2);
        assert_eq!(messages(&RULE, "FROM a\r\nRUN x \\\r\n  y\r\n"), []);
        assert_eq!(messages(&RULE, "FROM a\nRUN <<EOF\nmake\nEOF\n"), []);
    }
}
