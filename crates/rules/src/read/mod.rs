//! Readers: from inputs to facts. One per input; none of them judges.

mod base;
mod config;
mod container;
mod dockerfile;
mod given;
mod history;
mod packages;
mod scripts;
mod step;
mod written;

pub(crate) use base::{known_base, known_image};
pub(crate) use container::{is_quadlet, listed, run_lines};
use report::{Input, Problem};
#[cfg(feature = "archives")]
#[cfg(feature = "archives")]
pub(crate) use written::title;
pub(crate) use written::{KEY, secret};

use crate::Case;
use crate::documents::Choice;

/// Reads what was chosen, the strongest input first: what a configuration knows helps to read the
/// history.
pub(crate) fn read(case: &mut Case, choice: Choice) {
    case.problems.extend(choice.problems);
    if let Some(it) = &choice.run {
        container::read(case, it, &choice.over);
    }
    if let Some(it) = &choice.dockerfile {
        dockerfile::read(case, it.source, it.part.span);
        written::read(case, it.source, it.part.span, Input::Dockerfile);
    }
    let image = choice.config.as_ref().and_then(|it| config::image(case, it));
    if let Some(it) = choice.config.as_ref().filter(|_| !case.read.contains(&Input::Config)) {
        case.problems.push(Problem {
            source: it.source,
            place: None,
            message: format!("the configuration in this {} cannot be read", it.part.kind.name()),
            remedy: "hand in the output of `docker image inspect IMAGE`".to_owned(),
            choices: Vec::new(),
        });
    }
    history::read(case, choice.history.as_ref(), image.as_ref());
    case.disagreements.extend(crate::told::other_image(&choice.run, &choice.config));
}
