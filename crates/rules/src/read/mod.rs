//! Readers: from inputs to facts. One per input; none of them judges.

mod base;
mod config;
mod dockerfile;
mod given;
mod packages;
mod step;
mod written;

pub(crate) use base::known_base;
use report::{Input, Kind, Problem};
use text::SourceId;
#[cfg(feature = "archives")]
pub(crate) use written::{KEY, secret};

use crate::Case;

/// Reads a source as what it was taken for. A second one of a kind may be about another image, and
/// images are never mixed: it is left unread and that is said.
pub(crate) fn read(case: &mut Case, source: SourceId, kind: Kind) {
    let input = match kind {
        Kind::Dockerfile => Input::Dockerfile,
        Kind::ImageInspect => Input::Config,
        // A container's configuration is the image's with the run options applied.
        Kind::ContainerInspect => Input::Run,
        Kind::SavedImage | Kind::Unrecognized => return,
    };
    if case.read.contains(&input) {
        case.problems.push(Problem {
            source,
            place: None,
            message: format!(
                "there is already a {} in this case; a second one may be about another image",
                kind.name()
            ),
            remedy: "check one image at a time".to_owned(),
        });
        return;
    }
    match kind {
        Kind::Dockerfile => dockerfile::read(case, source),
        Kind::ImageInspect | Kind::ContainerInspect => config::read(case, source, input),
        Kind::SavedImage | Kind::Unrecognized => {}
    }
    written::read(case, source, kind);
}
