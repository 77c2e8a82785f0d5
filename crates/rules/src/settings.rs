//! Facts about a project that no input tells: what is built, with which values, and which rules
//! somebody switched on or off.

use std::collections::BTreeMap;
use std::sync::Arc;

use dockerfile::Arguments;

use crate::{Context, Linter};

/// What a project says about itself. There are no options on rules.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// The stage that is built; the last one if not given.
    pub target: Option<String>,
    /// Values handed to the build (`--build-arg`).
    pub arguments: Arguments,
    /// Registries and namespaces that images may come from, as in `ghcr.io/example`; any if empty.
    pub trusted: Vec<String>,
    /// Which of several images, containers or documents are meant, by their names.
    pub picks: Vec<String>,
    /// How many entries of the history are the base image's, when somebody knows.
    pub base_steps: Option<usize>,
    /// The files of the build context, if somebody handed in their names.
    pub context: Option<Arc<Context>>,
    /// Whether comments that accept findings for other tools accept nothing here.
    pub own_ignores_only: bool,
    /// Rules switched on or off, by id.
    pub rules: BTreeMap<String, Switch>,
    /// What looks through shell scripts, if that is wanted and there.
    pub shell: Option<Linter>,
}

/// A rule switched on or off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Switch {
    /// Whether it runs.
    pub on: bool,
    /// Why.
    pub reason: Option<String>,
}

impl Settings {
    /// Whether a rule runs: as the project says, else by the rule's own default.
    pub fn runs(&self, id: &str, default: bool) -> bool {
        self.rules.get(id).map_or(default, |it| it.on)
    }
}
