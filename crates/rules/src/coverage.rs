//! What was not examined, by question.
//!
//! Absence is never good news. Each question has inputs without which it cannot be answered for
//! good; where they are missing, that is said, whatever the rules found.

use dockerfile::Base;
use report::{Gap, Input, Question, QuestionGap, Why};

use crate::facts::{Copied, Reach};
use crate::files::Loss;
use crate::{Case, in_layers, told};

/// The doubts that no single rule owns.
pub(crate) fn unexamined(case: &Case) -> Vec<QuestionGap> {
    if case.read.is_empty() {
        return unread(case);
    }
    let mut gaps = Vec::new();
    let mut add = |question, why| {
        gaps.push(QuestionGap { question, gap: Gap { place: None, why } });
    };
    if !case.read.contains(&Input::Run) {
        add(Question::Write, Why::NotProvided(Input::Run));
    }
    // A file system or a layer does not say who runs what is in it.
    if case.read.iter().all(|it| matches!(it, Input::Layers | Input::Context)) {
        add(Question::Root, Why::NotProvided(Input::Config));
    }
    gaps.extend(told::doubts(case));
    let mut add = |question, why| {
        gaps.push(QuestionGap { question, gap: Gap { place: None, why } });
    };
    if !case.read.contains(&Input::Layers) {
        if may_hold_files(case) {
            add(Question::Secrets, Why::NotProvided(Input::Layers));
        }
        match has_base(case) {
            Base::Image(image) if image.repository.is_empty() => {
                add(Question::Tools, Why::Unreadable("the base image has no name".into()));
            }
            Base::Image(image) => add(Question::Tools, contents_of(&image.to_string())),
            Base::Unknown { variable, .. } => {
                add(Question::Tools, Why::BuildArg(variable.as_str().into()));
            }
            // A build from nothing holds what it copies and no more.
            Base::Scratch => {}
            Base::Stage(_) => add(Question::Tools, Why::NotProvided(Input::Layers)),
        }
    }
    let losses = case.files.as_deref().map(in_layers::losses).unwrap_or_default();
    for question in Question::ALL {
        let concerns = |loss| loss == Loss::Files || question == Question::Tools;
        for (_, why) in losses.iter().filter(|it| concerns(it.0)) {
            gaps.push(QuestionGap { question, gap: Gap { place: None, why: why.clone() } });
        }
    }
    gaps
}

/// Nothing could be read: nothing is known.
fn unread(case: &Case) -> Vec<QuestionGap> {
    let why = match (&case.lacks[..], &case.kinds[..]) {
        ([first, ..], _) => first.clone(),
        ([], [_, ..]) => Why::Unreadable("nothing that was given could be read".into()),
        ([], []) => Why::NotProvided(Input::Dockerfile),
    };
    let gap = |question| QuestionGap { question, gap: Gap { place: None, why: why.clone() } };
    Question::ALL.into_iter().map(gap).collect()
}

fn contents_of(image: &str) -> Why {
    Why::Unreadable(
        format!(
            "what base image {} contains is not known without its layers",
            report::quote(image)
        )
        .into(),
    )
}

/// Whether files get into the image that nobody looked at: from a base image, from the context, or
/// from the network.
fn may_hold_files(case: &Case) -> bool {
    // What a history says of files is not all there is to know of them.
    if told::dockerfile(case).is_none() {
        return true;
    }
    let shipped = case.facts.copies.iter().filter(|it| it.reach == Reach::Image);
    let mut sources = shipped.filter_map(|it| it.value.as_ref().ok()).flat_map(|it| &it.sources);
    sources.any(|(it, _)| !matches!(it, Copied::Inline))
        || case.facts.runs.iter().any(|it| it.reach == Reach::Image)
        || !matches!(has_base(case), Base::Scratch)
}

/// What the shipped image is built on. Without a Dockerfile that is not known.
fn has_base(case: &Case) -> Base {
    let unknown = Base::Stage(dockerfile::StageId(0));
    let Some(build) = told::dockerfile(case) else { return unknown };
    let Some(target) = build.target else { return unknown };
    build.stages.root_base(target).map_or(unknown, |it| it.base.clone())
}
