//! Something that was only needed for a moment stays in a layer.

use report::{Applies, Input, Locus, Outcome, Severity};
use text::Span;

use crate::commands::{FileAct, RunCommand};
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "temp-tree-left",
    title: "Something temporary stays in a layer",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["rmRecursiveAfterMktempD", "mkdirUsrSrcThenRemove", "gpgVerifyAscRmAsc"],
    doc: page!("temp_tree_left.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut found = temporary_folder(step);
        found.extend(source_trees(case, step));
        found.extend(signatures(step));
        for (span, gone, message) in found {
            let at = Locus::Text { source: *source, span };
            if gone {
                out.clear(&at, "it is removed again");
            } else {
                out.fail(&at, message);
            }
        }
    }
}

type Found = (Span, bool, &'static str);

/// `mktemp -d`: any folder that is removed later in the step will do, since a variable names it.
fn temporary_folder(step: &RunStep) -> Vec<Found> {
    let makes =
        |it: &RunCommand| it.runs(&["mktemp"]) && it.options(&["-p"]).has(&["-d", "--directory"]);
    let found = step.commands.iter().enumerate().filter(|(_, it)| makes(it));
    let gone = |index: usize| {
        step.changes
            .iter()
            .any(|it| it.act == FileAct::Remove && it.recursive && it.command >= index)
    };
    found
        .map(|(index, it)| {
            (it.program_span(), gone(index), "the temporary folder made here stays in the layer")
        })
        .collect()
}

/// Folders under `/usr/src` in which something is built, unless the application lives there.
fn source_trees(case: &Case, step: &RunStep) -> Vec<Found> {
    let lives = |path: &str| {
        let at_home = |it: &str| it.starts_with(path) || path.starts_with(it.trim_end_matches('/'));
        let copies = case.facts.copies.iter().filter_map(|it| it.value.as_ref().ok());
        let workdir = case.facts.workdir.best().and_then(|it| it.value.as_ref().ok());
        copies.map(|it| &*it.destination).chain(workdir.map(|it| &**it)).any(at_home)
    };
    let made = step.changes.iter().filter(|it| {
        it.act == FileAct::MakeFolder && it.path.starts_with("/usr/src/") && !lives(&it.path)
    });
    let gone = |path: &str| step.changes.iter().any(|it| it.removes(path));
    made.map(|it| (it.span, gone(&it.path), "the source tree made here stays in the layer"))
        .collect()
}

/// `gpg --verify FILE.asc`
fn signatures(step: &RunStep) -> Vec<Found> {
    let verified = step.commands.iter().enumerate().filter(|(_, it)| {
        it.runs(&["gpg", "gpg2"]) && it.arguments().iter().any(|it| it.is("--verify"))
    });
    let signature = verified.filter_map(|(index, it)| {
        let word = it.arguments().iter().find(|it| {
            let text = it.text();
            [".asc", ".sig", ".gpg"].iter().any(|end| text.ends_with(end))
        })?;
        let text = word.text().into_owned();
        let gone = step.changes.iter().any(|it| {
            let same = it.removes(&text) || it.path.ends_with(text.trim_start_matches("./"));
            it.command > index && it.removes(&it.path) && (same || it.recursive)
        });
        Some((word.span, gone, "the signature stays in the layer after it is verified"))
    });
    signature.collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn temporary_things() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN mktemp -d fold
#   ^^^^^^ the temporary folder made here stays in the layer
RUN mkdir -p /usr/src/python && make
#            ^^^^^^^^^^^^^^^ the source tree made here stays in the layer
RUN gpg --batch --verify /usr/local/bin/gosu.asc /usr/local/bin/gosu
#                        ^^^^^^^^^^^^^^^^^^^^^^^ the signature stays in the layer after it is verified
RUN d="$(mktemp -d)" && make && rm -rf "$d"
RUN mkdir -p /usr/src/python && make && rm -rf /usr/src/python
RUN gpg --verify a.asc a && rm a.asc
RUN mkdir -p /usr/src/app
WORKDIR /usr/src/app
"#,
        );
    }
}
