//! Readers: from inputs to facts. One per input; none of them judges.

mod base;
mod config;
mod dockerfile;
mod packages;
mod step;
mod tokens;

pub(crate) use base::known_base;
use report::{Input, Kind};
use text::SourceId;

use crate::Case;

/// Reads a source as what it was taken for.
pub(crate) fn read(case: &mut Case, source: SourceId, kind: Kind) {
    match kind {
        Kind::Dockerfile => dockerfile::read(case, source),
        Kind::ImageInspect => config::read(case, source, Input::Config),
        // A container's configuration is the image's with the run options applied.
        Kind::ContainerInspect => config::read(case, source, Input::Run),
        Kind::Unrecognized => return,
    }
    tokens::read(case, source, kind);
}
