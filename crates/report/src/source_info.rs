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
    /// A history: a table, lines of JSON, or what an engine's API gives.
    History,
    /// `docker image inspect` output.
    ImageInspect,
    /// The configuration of an image as a registry keeps it.
    ImageConfig,
    /// A manifest or an index: what an image is made of, not what it runs.
    Manifest,
    /// `docker inspect` output of a container.
    ContainerInspect,
    /// A command line that starts a container.
    RunLine,
    /// A Compose file.
    Compose,
    /// A Kubernetes manifest.
    Kubernetes,
    /// What a scanner found in an image.
    ScanReport,
    /// A list of what an image contains.
    Sbom,
    /// A signed statement about an image.
    Attestation,
    /// Nothing this tool knows.
    Unrecognized,
}

impl Kind {
    /// Everything a person may say that a source is.
    pub const ALL: [Self; 12] = [
        Self::Dockerfile,
        Self::History,
        Self::ImageInspect,
        Self::ImageConfig,
        Self::Manifest,
        Self::ContainerInspect,
        Self::RunLine,
        Self::Compose,
        Self::Kubernetes,
        Self::ScanReport,
        Self::Sbom,
        Self::Attestation,
    ];

    /// The name as it stands in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "Dockerfile",
            Self::History => "history",
            Self::ImageInspect => "image inspect",
            Self::ImageConfig => "image config",
            Self::Manifest => "manifest",
            Self::ContainerInspect => "container inspect",
            Self::RunLine => "run line",
            Self::Compose => "Compose file",
            Self::Kubernetes => "Kubernetes manifest",
            Self::ScanReport => "scan report",
            Self::Sbom => "bill of materials",
            Self::Attestation => "attestation",
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
    /// The source that it was read from, when it was not handed in itself. Such sources stand
    /// behind all that were.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<SourceId>,
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
    /// The names of which one has to be chosen, when that is what is missing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub choices: Vec<String>,
}
