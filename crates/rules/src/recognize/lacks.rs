//! Documents that are recognized but do not tell how an image runs, and what would.

use report::{Incomplete, Input, Why};

/// What a document is that does not tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lacks {
    /// A manifest.
    Manifest,
    /// A list of manifests.
    Index,
    /// The `manifest.json` of a saved image.
    SavedManifest,
    /// A scanner's findings without the image's configuration.
    Findings,
    /// A bill of materials.
    Materials,
    /// A statement about an image.
    Attestation,
    /// Containers in a list.
    ContainerSummary,
    /// Images in a list.
    ImageSummary,
    /// Measurements of a container.
    Statistics,
    /// A service of a swarm.
    Service,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// A pod that names its containers.
    Pod,
    /// What `kubectl describe` or `kubectl get` print for people.
    Described,
    /// A file or a command line that runs no container.
    NoContainer,
    /// Names of the steps alone: `docker history --quiet`.
    Ids,
}

impl Lacks {
    /// What it is and what is missing in it, as a sentence without a full stop.
    pub fn message(self) -> &'static str {
        match self {
            Self::Manifest => {
                "a manifest names the image's layers and its config by digest; what the image runs \
                 is in the config"
            }
            Self::Index => {
                "an index names one manifest for each platform; what the image runs is in the \
                 config of one of them"
            }
            Self::SavedManifest => {
                "the `manifest.json` of a saved image names its config; what the image runs is in \
                 the config"
            }
            Self::Findings => "this report holds what a scanner found, but not the image's config",
            Self::Materials => "a bill of materials lists what an image contains, not what it runs",
            Self::Attestation => "an attestation says how an image came about, not what it runs",
            Self::ContainerSummary => {
                "a list of containers does not show how each of them is set up"
            }
            Self::ImageSummary => "a list of images does not show what each of them runs",
            Self::Statistics => "measurements of a container do not show how it is set up",
            Self::Service => {
                "a service of a swarm says what its containers are to be like, and is not read here"
            }
            Self::Network => "a network does not show how containers in it are set up",
            Self::Volume => "a volume does not show how containers with it are set up",
            Self::Pod => "a pod of Podman names its containers and does not show their settings",
            Self::Described => {
                "what `kubectl` prints for people leaves out most of how a pod is set up"
            }
            Self::NoContainer => "this is known, but it describes no container that is run",
            Self::Ids => "a list of ids does not show what made each step",
        }
    }

    /// The input that would tell, and a command that prints it.
    pub fn would_tell(self) -> (Input, &'static str) {
        match self {
            Self::Manifest | Self::Index => (Input::Config, "crane config IMAGE"),
            Self::SavedManifest
            | Self::Findings
            | Self::Materials
            | Self::Attestation
            | Self::ImageSummary => (Input::Config, "docker image inspect IMAGE"),
            Self::ContainerSummary
            | Self::Statistics
            | Self::Service
            | Self::Network
            | Self::Volume
            | Self::NoContainer => (Input::Run, "docker inspect CONTAINER"),
            Self::Pod => (Input::Run, "podman inspect CONTAINER"),
            Self::Described => (Input::Run, "kubectl get pod NAME -o yaml"),
            Self::Ids => (Input::History, "docker history --no-trunc IMAGE"),
        }
    }

    /// The same as a reason why something is not known.
    pub fn why(self) -> Why {
        let (input, command) = self.would_tell();
        let what = self.message().into();
        Why::Incomplete(Box::new(Incomplete { what, input, command: command.into() }))
    }
}
