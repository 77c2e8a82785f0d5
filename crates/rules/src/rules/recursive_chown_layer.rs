//! A recursive change of owners or modes stores files of earlier layers again.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::commands::{FileAct, FileChange, is_below};
use crate::facts::RunStep;
use crate::layers::{Layer, only_changes_copies, places, shipped};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "recursive-chown-layer",
    title: "Files of earlier layers are stored again",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("recursive_chown_layer.md"),
    check,
};

/// Folders that a base image fills.
const SYSTEM: [&str; 10] = [
    "/",
    "/usr",
    "/usr/local",
    "/usr/lib",
    "/usr/share",
    "/opt",
    "/var",
    "/var/lib",
    "/lib",
    "/etc",
];

fn check(case: &Case, out: &mut Outcome) {
    let layers = shipped(case);
    for (index, layer) in layers.iter().enumerate() {
        let Some((seen, step)) = layer.run() else { continue };
        let Locus::Text { source, .. } = &seen.at else { continue };
        let changes = step.changes.iter().filter(|it| is_recursive(it));
        let mut changes = changes.filter(|it| !is_mounted(step, &it.path)).peekable();
        // What was just copied as it stands belongs to another rule.
        if changes.peek().is_none() || only_changes_copies(case, seen, step).is_some() {
            continue;
        }
        let earlier = layers.get(..index).unwrap_or_default();
        let mut clear = true;
        for it in changes {
            let Some(origin) = origin(earlier, &it.path) else { continue };
            clear = false;
            let Some(command) = step.commands.get(it.command) else { continue };
            let at = Locus::Text { source: *source, span: it.span };
            let program = quote(&command.program);
            let message =
                format!("{program} stores all of {} again, from earlier layers", quote(&it.path));
            let finding = out.fail(&at, message);
            if let Some(layer) = origin {
                finding.related(layer.at(), "what lies there comes from here");
            }
        }
        if clear {
            out.clear(&seen.at, "nothing of an earlier layer is stored again");
        }
    }
}

fn is_recursive(it: &FileChange) -> bool {
    let owner_or_mode = matches!(it.act, FileAct::Own(_) | FileAct::Mode(_));
    owner_or_mode && it.recursive && it.known
}

fn is_mounted(step: &RunStep, path: &str) -> bool {
    step.mounts_over(&[MountKind::Bind, MountKind::Cache, MountKind::Tmpfs], path)
}

/// What filled a folder before: a layer, or the base image.
fn origin<'a>(earlier: &[Layer<'a>], path: &str) -> Option<Option<Layer<'a>>> {
    let path = if path == "/" { path } else { path.trim_end_matches('/') };
    let touches = |place: &str| place == path || is_below(path, place);
    let fills = |it: &Layer<'_>| match it {
        Layer::Copy(_, copy) => places(copy).iter().any(|(place, _)| touches(place)),
        Layer::Run(_, step) => step.changes.iter().any(|it| match &it.act {
            FileAct::Fetch | FileAct::Arrive(_) | FileAct::Write(None) => {
                it.known && touches(&it.path)
            }
            FileAct::Unpack(Some(folder)) => touches(folder),
            FileAct::Write(Some(_))
            | FileAct::Append(_)
            | FileAct::Remove
            | FileAct::Leave
            | FileAct::Unpack(None)
            | FileAct::MakeFolder
            | FileAct::Own(_)
            | FileAct::Mode(_)
            | FileAct::Edit => false,
        }),
    };
    match earlier.iter().rfind(|it| fills(it)) {
        Some(layer) => Some(Some(*layer)),
        None => SYSTEM.contains(&path).then_some(None),
    }
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
COPY . /app
RUN make && chown -R app /app
#                        ^^^^ `chown` stores all of `/app` again, from earlier layers
RUN curl -o /opt/tool/x https://example.com/x
RUN useradd app && chmod -R g+w /opt/tool /usr/local
#                               ^^^^^^^^^ `chmod` stores all of `/opt/tool` again, from earlier layers
#                                         ^^^^^^^^^^ `chmod` stores all of `/usr/local` again, from earlier layers
RUN mkdir -p /data && chown -R app /data && chown app /app
RUN git clone https://example.com/x.git /src && chown -R app /src
"#,
        );
    }

    #[test]
    fn only_what_is_shipped_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS b
COPY . /app
RUN make && chown -R app /app
FROM debian:13
COPY --from=b /app /app
COPY dist /srv
RUN chown -R app /srv
"#,
        );
    }
}
