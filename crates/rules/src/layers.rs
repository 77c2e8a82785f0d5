//! What a build adds to an image, in the order in which it does.

use dockerfile::StageId;
use report::Locus;
use text::Span;

use crate::Case;
use crate::commands::{FileAct, FileChange, is_below};
use crate::facts::{Copied, Copy, Reach, RunStep, Seen};

/// A step or a copy: each becomes a layer of its stage.
#[derive(Clone, Copy)]
pub(crate) enum Layer<'a> {
    /// `RUN`
    Run(&'a Seen<RunStep>, &'a RunStep),
    /// `COPY` and `ADD`
    Copy(&'a Seen<Copy>, &'a Copy),
}

impl<'a> Layer<'a> {
    /// Where the instruction stands.
    pub(crate) fn at(self) -> &'a Locus {
        match self {
            Self::Run(seen, _) => &seen.at,
            Self::Copy(seen, _) => &seen.at,
        }
    }

    /// The step, if it is one.
    pub(crate) fn run(self) -> Option<(&'a Seen<RunStep>, &'a RunStep)> {
        match self {
            Self::Run(seen, step) => Some((seen, step)),
            Self::Copy(..) => None,
        }
    }

    fn start(self) -> u32 {
        match self.at() {
            Locus::Text { span, .. } => span.start(),
            Locus::Layer { layer, .. } => u32::from(*layer),
        }
    }
}

/// The layers of the shipped image.
pub(crate) fn shipped(case: &Case) -> Vec<Layer<'_>> {
    layers(case, |reach| reach == Reach::Image)
}

/// Triggers are left out: they add nothing to this image.
fn layers(case: &Case, wanted: impl Fn(Reach) -> bool) -> Vec<Layer<'_>> {
    let runs = case.facts.runs.iter().filter_map(|seen| {
        let step = seen.value.as_ref().ok()?;
        (!step.trigger && wanted(seen.reach)).then_some(Layer::Run(seen, step))
    });
    let copies = case.facts.copies.iter().filter_map(|seen| {
        let copy = seen.value.as_ref().ok()?;
        wanted(seen.reach).then_some(Layer::Copy(seen, copy))
    });
    let mut layers: Vec<Layer<'_>> = runs.chain(copies).collect();
    text::order::sort_by_key(&mut layers, |it| it.start());
    layers
}

/// What steps before a place in their chain of stages do to files.
pub(crate) fn changes_before<'a>(
    case: &'a Case,
    stage: StageId,
    before: &'a Locus,
) -> impl Iterator<Item = &'a FileChange> + 'a {
    let chain = case.builds.first().map(|it| it.stages.lineage(stage)).unwrap_or_default();
    let steps = case.facts.runs.iter().filter(move |it| it.at < *before);
    let steps = steps.filter_map(|it| it.value.as_ref().ok());
    steps.filter(move |it| !it.trigger && chain.contains(&it.stage)).flat_map(|it| &it.changes)
}

/// Copies before a place in its chain of stages.
pub(crate) fn copies_before<'a>(
    case: &'a Case,
    stage: StageId,
    before: &'a Locus,
) -> impl Iterator<Item = &'a Copy> + 'a {
    let chain = case.builds.first().map(|it| it.stages.lineage(stage)).unwrap_or_default();
    let copies = case.facts.copies.iter().filter(move |it| it.at < *before);
    let copies = copies.filter_map(|it| it.value.as_ref().ok());
    copies.filter(move |it| chain.contains(&it.stage))
}

/// What the files of a build say about a setting of a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Setting {
    /// A file that the build writes sets it.
    Set,
    /// A file that may set it comes from elsewhere.
    Open,
    /// Nothing sets it.
    Unset,
}

/// Whether a step, or one before it, sets something in a file. `files`: beginnings of the paths of
/// files that can; `sets`: whether a text does.
pub(crate) fn setting(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    files: &[&str],
    sets: impl Fn(&str) -> bool,
) -> Setting {
    let mut open = false;
    for it in changes_before(case, step.stage, &seen.at).chain(&step.changes) {
        if !files.iter().any(|file| it.path.starts_with(file)) {
            continue;
        }
        match &it.act {
            FileAct::Write(Some(text)) | FileAct::Append(Some(text)) if sets(text) => {
                return Setting::Set;
            }
            FileAct::Write(Some(_)) | FileAct::Append(Some(_)) => {}
            FileAct::Write(None) | FileAct::Append(None) | FileAct::Fetch => open = true,
            FileAct::Arrive(_) | FileAct::Edit => open = true,
            FileAct::Remove
            | FileAct::Leave
            | FileAct::Unpack(_)
            | FileAct::MakeFolder
            | FileAct::Own(_)
            | FileAct::Mode(_) => {}
        }
    }
    let brings = |it: &Copy| {
        let to = it.destination.trim_end_matches('/');
        files.iter().any(|file| it.destination.starts_with(file) || is_below(to, file))
    };
    if open || copies_before(case, step.stage, &seen.at).any(brings) {
        return Setting::Open;
    }
    Setting::Unset
}

/// Where the sources of a copy come to lie, each with its place in the Dockerfile: a file in the
/// folder that is named, or the folder itself for what a folder holds.
pub(crate) fn places(copy: &Copy) -> Vec<(String, Span)> {
    let to = copy.destination.trim_end_matches('/');
    let several =
        copy.sources.len() > 1 || copy.destination.ends_with('/') || copy.destination == ".";
    let place = |(source, span): &(Copied, Span)| {
        let path = match source {
            Copied::Path(path) | Copied::Url(path) | Copied::Unknown(path) => {
                path.trim_end_matches('/')
            }
            Copied::Inline => "",
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        // A name with a dot in it is taken for a file; folders are copied by what they hold.
        let file = name.trim_start_matches('.').contains('.') && !name.contains('*');
        let at = if several && file { format!("{to}/{name}") } else { to.to_owned() };
        (if at.is_empty() { "/".to_owned() } else { at }, *span)
    };
    copy.sources.iter().map(place).collect()
}

/// The copies of a stage that a step only gives other owners or modes: one for each change, when the
/// step does nothing else.
pub(crate) fn only_changes_copies<'a>(
    case: &'a Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
) -> Option<Vec<&'a Seen<Copy>>> {
    let changes_only = step.commands.iter().all(|it| it.runs(&["chmod", "chown", "chgrp", "set"]));
    if !changes_only || step.changes.is_empty() {
        return None;
    }
    let before = || case.facts.copies.iter().filter(|it| it.at < seen.at).rev();
    let copied = |change: &FileChange| {
        before().find(|it| {
            let Ok(copy) = &it.value else { return false };
            let path = change.path.trim_end_matches('/');
            copy.stage == step.stage && places(copy).iter().any(|(place, _)| place == path)
        })
    };
    step.changes.iter().map(copied).collect()
}
