//! What a build adds to an image, in the order in which it does.

use dockerfile::StageId;
use report::Locus;

use crate::Case;
use crate::commands::{FileAct, FileChange, is_below};
use crate::facts::{Copy, Reach, RunStep, Seen};

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
    layers(case, |_, reach| reach == Reach::Image)
}

/// The layers of a stage and of those it is built on.
pub(crate) fn of_chain(case: &Case, stage: StageId) -> Vec<Layer<'_>> {
    let chain = case.builds.first().map(|it| it.stages.lineage(stage)).unwrap_or_default();
    layers(case, |it, _| chain.contains(&it))
}

/// Triggers are left out: they add nothing to this image.
fn layers(case: &Case, wanted: impl Fn(StageId, Reach) -> bool) -> Vec<Layer<'_>> {
    let runs = case.facts.runs.iter().filter_map(|seen| {
        let step = seen.value.as_ref().ok()?;
        (!step.trigger && wanted(step.stage, seen.reach)).then_some(Layer::Run(seen, step))
    });
    let copies = case.facts.copies.iter().filter_map(|seen| {
        let copy = seen.value.as_ref().ok()?;
        wanted(copy.stage, seen.reach).then_some(Layer::Copy(seen, copy))
    });
    let mut layers: Vec<Layer<'_>> = runs.chain(copies).collect();
    layers.sort_by_key(|it| it.start());
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
