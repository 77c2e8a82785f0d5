//! What was handed in, and what it was taken for.

use serde::{Deserialize, Serialize};
use text::SourceId;

use crate::Place;

/// A way of knowing something about an image. The order is the order of authority, strongest
/// first: what the container runs with beats what the image says, and so on down to what is
/// generally known of the base image. Nothing else in the project orders inputs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// How a container is run: a container's inspect output, a run line, a pod.
    Run,
    /// The image's configuration: inspect output or a config blob.
    Config,
    /// The image's history.
    History,
    /// The Dockerfile.
    Dockerfile,
    /// The files in the image's layers. They show what is there; they never vote on settings.
    Layers,
    /// The build context: its file list and ignore file.
    Context,
    /// The built-in catalogue of base images, dated. The weakest witness.
    Catalogue,
}

impl Input {
    /// The name as it stands in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run options",
            Self::Config => "image config",
            Self::History => "history",
            Self::Dockerfile => "Dockerfile",
            Self::Layers => "image layers",
            Self::Context => "build context",
            Self::Catalogue => "base image catalogue",
        }
    }
}

/// What a source was taken for, by its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// `docker image inspect` output, or an image config.
    ImageInspect,
    /// `docker inspect` output of a container.
    ContainerInspect,
    /// A saved image: an archive or a folder with its layers.
    SavedImage,
    /// Nothing this tool knows.
    Unrecognized,
}

impl Kind {
    /// The name as it stands in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "Dockerfile",
            Self::ImageInspect => "image inspect",
            Self::ContainerInspect => "container inspect",
            Self::SavedImage => "saved image",
            Self::Unrecognized => "not recognized",
        }
    }
}

/// One source as the shells show it; its text stays with the engine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SourceInfo {
    /// The name it was handed in under.
    pub name: String,
    /// What it was taken for.
    pub kind: Kind,
    /// Length in bytes.
    pub bytes: u64,
    /// Number of lines.
    pub lines: u32,
}

/// Something about an input itself that kept it, or part of it, from being read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// The source it is about.
    pub source: SourceId,
    /// Where in it, if the trouble has a place.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}
