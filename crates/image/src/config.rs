//! The configuration of an image: what `docker inspect` shows under `Config`.
//!
//! Docker, podman and nerdctl write the same names here; an image's config blob writes `config`.
//! Field history: Engine API 1.21 to 1.53.

use text::{Cooked, Span};

use crate::json::{Json, Shape};

/// A text with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// What it says.
    pub text: Cooked,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A variable of the environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Cooked,
    /// Its value.
    pub value: Cooked,
    /// Where both stand.
    pub span: Span,
}

/// A health check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Healthcheck {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", …]`.
    pub test: Vec<Text>,
    /// Where it stands.
    pub span: Span,
}

/// An image's configuration, or a container's, which is the image's with the run options applied.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    /// Where the configuration stands.
    pub span: Span,
    /// The user; nothing means root, as an empty one does.
    pub user: Option<Text>,
    /// Variables, in order.
    pub env: Vec<Variable>,
    /// The entry point's words.
    pub entrypoint: Vec<Text>,
    /// The command's words.
    pub cmd: Vec<Text>,
    /// Ports, as in `80/tcp`.
    pub exposed_ports: Vec<Text>,
    /// Paths of volumes.
    pub volumes: Vec<Text>,
    /// The working directory.
    pub working_dir: Option<Text>,
    /// The health check.
    pub healthcheck: Option<Healthcheck>,
    /// Labels: names and values.
    pub labels: Vec<(Text, Text)>,
    /// Triggers for images built on this one.
    pub on_build: Vec<Text>,
    /// The words of the shell.
    pub shell: Vec<Text>,
    /// The signal that stops it.
    pub stop_signal: Option<Text>,
}

impl Config {
    /// Reads the configuration of an inspected image or container, or of a config blob. An image
    /// that sets nothing may have none.
    pub fn read(object: Json<'_>) -> Option<Self> {
        let config = object.get("Config").or_else(|| object.get("config"));
        let is_image = || {
            let marks = [("Architecture", "RootFS"), ("architecture", "rootfs")];
            marks.iter().any(|(a, b)| object.get(a).or_else(|| object.get(b)).is_some())
        };
        let config = match config {
            Some(config) if config.shape() == Shape::Object => config,
            None if is_image() || object.get("Env").is_some() => object,
            Some(_) | None => return None,
        };
        Some(Self::of(config, object))
    }

    /// Reads what an object tells of a configuration among other things: environment and labels.
    pub fn summary(object: Json<'_>) -> Option<Self> {
        (object.shape() == Shape::Object).then(|| Self::of(object, object))
    }

    fn of(config: Json<'_>, object: Json<'_>) -> Self {
        // Podman tells the health check and the user beside the config too.
        let member = |name: &str| config.get(name);
        let beside = |name: &str| member(name).or_else(|| object.get(name));
        Self {
            span: config.span(),
            user: beside("User").and_then(text),
            env: member("Env").map(variables).unwrap_or_default(),
            entrypoint: member("Entrypoint").map(words).unwrap_or_default(),
            cmd: member("Cmd").map(words).unwrap_or_default(),
            exposed_ports: member("ExposedPorts").map(names).unwrap_or_default(),
            volumes: member("Volumes").map(names).unwrap_or_default(),
            working_dir: member("WorkingDir").and_then(text),
            healthcheck: beside("Healthcheck").and_then(healthcheck),
            labels: member("Labels").map(pairs).unwrap_or_default(),
            on_build: member("OnBuild").map(words).unwrap_or_default(),
            shell: member("Shell").map(words).unwrap_or_default(),
            stop_signal: member("StopSignal").and_then(text),
        }
    }
}

fn text(it: Json<'_>) -> Option<Text> {
    Some(Text { text: it.string()?, span: it.span() })
}

/// The strings of an array; old engines wrote a single string for one word.
fn words(it: Json<'_>) -> Vec<Text> {
    match it.shape() {
        Shape::String => text(it).into_iter().collect(),
        _ => it.items().filter_map(text).collect(),
    }
}

/// The names of an object's members; podman writes volumes as an array in places.
fn names(it: Json<'_>) -> Vec<Text> {
    match it.shape() {
        Shape::Object => it.members().filter_map(|(name, _)| text(name)).collect(),
        _ => words(it),
    }
}

fn pairs(it: Json<'_>) -> Vec<(Text, Text)> {
    it.members().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect()
}

fn variables(it: Json<'_>) -> Vec<Variable> {
    let variable = |it: Text| {
        let all = it.text.as_str();
        let (name, value) = match all.split_once('=') {
            Some((name, value)) => (0..name.len(), all.len() - value.len()..all.len()),
            None => (0..all.len(), all.len()..all.len()),
        };
        Variable { name: it.text.slice(name), value: it.text.slice(value), span: it.span }
    };
    words(it).into_iter().map(variable).collect()
}

fn healthcheck(it: Json<'_>) -> Option<Healthcheck> {
    let test = it.get("Test").map(words).unwrap_or_default();
    (!test.is_empty()).then(|| Healthcheck { test, span: it.span() })
}
