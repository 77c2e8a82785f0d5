//! A step only writes a file whose text stands in it.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{FileAct, FileChange, RunCommand};
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "prefer-copy-heredoc",
    title: "A step only writes a small file",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("prefer_copy_heredoc.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some(first) = step.changes.iter().find(|it| written(it)) else { continue };
        if only_prints(step) && step.changes.iter().all(|it| written(it) && it.path == first.path) {
            let at = Locus::Text { source: *source, span: first.span };
            out.fail(
                &at,
                format!("{} could be written by a `COPY` with a here-document", quote(&first.path)),
            );
        } else {
            out.clear(&seen.at, "the step does more than write a file");
        }
    }
}

/// Whether a file is written whose text is known.
fn written(it: &FileChange) -> bool {
    matches!(it.act, FileAct::Write(Some(_)) | FileAct::Append(Some(_))) && it.known
}

fn only_prints(step: &RunStep) -> bool {
    let starts = step.changes.first().is_some_and(|it| matches!(it.act, FileAct::Write(_)));
    let prints = |it: &RunCommand| it.runs(&["echo", "printf", "cat", "tee"]);
    starts && !step.trigger && step.commands.iter().all(prints)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn steps_that_only_write() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN echo 'a' > /etc/a.conf && echo 'b' >> /etc/a.conf
#              ^^^^^^^^^^^ `/etc/a.conf` could be written by a `COPY` with a here-document
RUN { echo a; echo b; } > /etc/b.conf
#                         ^^^^^^^^^^^ `/etc/b.conf` could be written by a `COPY` with a here-document
RUN echo a | tee /etc/c.conf
#                ^^^^^^^^^^^ `/etc/c.conf` could be written by a `COPY` with a here-document
RUN echo a >> /etc/hosts && make && date > /d && echo x > /y && echo z > /w
RUN echo a >> /etc/profile
"#,
        );
    }
}
