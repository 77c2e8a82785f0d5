//! What a step removes stays in the layer that brought it.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use crate::commands::{FileAct, FileChange, is_below};
use crate::facts::RunStep;
use crate::files::{Files, path};
use crate::in_layers::{clear, size, with_origin};
use crate::layers::{Layer, places, shipped};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "deleted-in-later-layer",
    title: "What is removed stays in an earlier layer",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &[],
    doc: page!("deleted_in_later_layer.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if let Some(files) = &case.files {
        check_layers(files, out);
        return;
    }
    let layers = shipped(case);
    for (index, layer) in layers.iter().enumerate() {
        let Some((seen, step)) = layer.run() else { continue };
        let Locus::Text { source, .. } = seen.at else { continue };
        let earlier = layers.get(..index).unwrap_or_default();
        let mut removals = 0;
        let mut last: Option<Span> = None;
        let found = out.findings.len();
        for it in step.changes.iter().filter(|it| it.act == FileAct::Remove && it.known) {
            removals += 1;
            // One word with braces is one removal.
            if last == Some(it.span) || is_mounted(step, &it.path) {
                continue;
            }
            let Some((span, path)) = origin(earlier, step, it) else { continue };
            last = Some(it.span);
            let at = Locus::Text { source, span: it.span };
            let message = format!(
                "{} is removed, but the layer that brought it is shipped too",
                quote(&path)
            );
            let place = Locus::Text { source, span };
            out.fail(&at, message).related(&place, "it comes from here");
        }
        if removals > 0 && out.findings.len() == found {
            out.clear(&seen.at, "what is removed was made in the same step");
        }
    }
}

/// Less is not worth a change.
const LEAST: u64 = 1_000_000;

/// The layers tell for good what is there in vain.
fn check_layers(files: &Files, out: &mut Outcome) {
    for (gone, bytes, count, largest) in files.waste.removed.iter().filter(|it| it.1 >= LEAST) {
        let what = match count {
            1 => quote(path(largest)),
            2 => format!("{} and one more file", quote(path(largest))),
            n => format!("{} and {} more files", quote(path(largest)), n - 1),
        };
        let message = format!(
            "{} of earlier layers are deleted or replaced, and shipped all the same: {what}",
            size(*bytes)
        );
        let at = Locus::Layer { layer: *gone, path: path(largest).into(), span: None };
        let finding = out.fail(&at, message);
        finding.related(largest, "it comes from here");
        with_origin(files, &at, finding);
    }
    if out.findings.is_empty() {
        clear(files, out, "no layer deletes or replaces much of what earlier ones brought");
    }
}

fn is_mounted(step: &RunStep, path: &str) -> bool {
    let kinds = [MountKind::Bind, MountKind::Cache, MountKind::Tmpfs, MountKind::Secret];
    step.mounts_over(&kinds, path)
}

/// Where what is removed came from, and what that is.
fn origin(earlier: &[Layer<'_>], step: &RunStep, removal: &FileChange) -> Option<(Span, String)> {
    // A step that makes it again removes its own.
    let remade = step.changes.iter().any(|it| {
        let made = matches!(it.act, FileAct::Fetch | FileAct::Arrive(_) | FileAct::MakeFolder);
        made && it.command <= removal.command && removal.removes(&it.path)
    });
    if remade {
        return None;
    }
    let only_removes =
        step.commands.iter().all(|it| it.runs(&["rm", "rmdir", "cd", "set", "find", "true"]));
    earlier.iter().rev().find_map(|layer| match layer {
        Layer::Copy(_, copy) => {
            let mut places = places(copy).into_iter();
            let (place, span) = places.find(|(place, _)| {
                // Part of a folder: a step that does other things may have made it itself.
                let part = only_removes && is_below(place, &removal.path) && place != "/";
                removal.removes(place) || part
            })?;
            let shown = if removal.removes(&place) { place } else { removal.path.clone() };
            Some((span, shown))
        }
        Layer::Run(_, earlier) => {
            let it = earlier
                .changes
                .iter()
                .find(|it| brings(earlier, it) && removal.removes(&it.path))?;
            // What that step removed itself is not in its layer.
            let gone = |other: &&FileChange| {
                other.command >= it.command && other.act != it.act && other.removes(&it.path)
            };
            if earlier.changes.iter().any(|other| gone(&other)) {
                return None;
            }
            Some((it.span, it.path.clone()))
        }
    })
}

fn brings(step: &RunStep, it: &FileChange) -> bool {
    let made = match &it.act {
        FileAct::Fetch | FileAct::Arrive(_) => true,
        FileAct::Write(_)
        | FileAct::Append(_)
        | FileAct::Remove
        | FileAct::Leave
        | FileAct::Unpack(_)
        | FileAct::MakeFolder
        | FileAct::Own(_)
        | FileAct::Mode(_)
        | FileAct::Edit => false,
    };
    made && it.known && !is_mounted(step, &it.path)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_earlier_layers_brought() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY app.tar.gz /tmp/
RUN curl -o /tmp/b.tgz https://example.com/b.tgz && git clone https://example.com/x /src
RUN tar xf /tmp/app.tar.gz && rm /tmp/app.tar.gz
#                                ^^^^^^^^^^^^^^^ `/tmp/app.tar.gz` is removed, but the layer that brought it is shipped too
RUN rm -rf /tmp/* /src
#          ^^^^^^ `/tmp/b.tgz` is removed, but the layer that brought it is shipped too
#                 ^^^^ `/src` is removed, but the layer that brought it is shipped too
COPY . /app
RUN rm -rf /app/tests
#          ^^^^^^^^^^ `/app/tests` is removed, but the layer that brought it is shipped too
"#,
        );
    }

    #[test]
    fn what_a_step_makes_itself() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY . /app
RUN curl -o /tmp/a https://example.com/a && rm /tmp/a
RUN make -C /app && rm -rf /app/build /var/lib/apt/lists/*
RUN rm -rf /root/.cache $UNKNOWN
RUN --mount=type=bind,source=x,target=/x rm -rf /x/y
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS b
COPY x.tgz /tmp/
RUN rm /tmp/x.tgz
FROM debian:13
COPY --from=b /a /a
"#,
        );
    }
}
