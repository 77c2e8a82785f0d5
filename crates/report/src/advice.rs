//! How to run an image with no more than it needs.

use serde::{Deserialize, Serialize};

/// How to run an image with no more than it needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Advice {
    /// Each option with its reason.
    pub options: Vec<Advised>,
    /// All of it as a command line.
    pub run: String,
    /// As a Compose service.
    pub compose: String,
    /// As a container of a Kubernetes pod, with the volumes of the pod.
    pub kubernetes: String,
    /// What has to be found out first, and how.
    pub open: Vec<String>,
}

/// An option and why it is there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Advised {
    /// As `docker run` takes it.
    pub flag: String,
    /// Why.
    pub because: String,
    /// Whether the facts say that the image runs with it; else it has to be tried.
    pub known: bool,
}

impl Advice {
    /// The advice as the worker posts it.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}
