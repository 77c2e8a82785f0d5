//! `plimsoll.toml`: where it lies. What it says is read by the crate `settings`.
//!
//! The nearest one counts, alone: nothing is merged, and nothing is taken from a home folder. The
//! search ends where a repository does.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use report::Kind;
use rules::{Case, Document, Settings};
use settings::NAMES;
use text::visible;

use crate::arguments::{FailOn, Given};
use crate::check::{Input, tell};
use crate::pack;

/// What the project says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Config {
    /// What matters to a check.
    pub(crate) settings: Settings,
    /// The least severity that fails.
    pub(crate) fail_on: Option<FailOn>,
    /// Whether an open question fails, too.
    pub(crate) fail_on_unknown: Option<bool>,
    /// Whether shell scripts are looked through.
    pub(crate) shellcheck: bool,
}

/// What the project says about itself: its settings file, and the options, which count more.
pub(crate) fn of(given: &Given, inputs: &[Input], documents: &[Document<'_>]) -> Result<Config> {
    let file = match &given.config {
        Some(file) => Some(file.clone()),
        None if given.no_config => None,
        None => nearest(&folder(inputs, documents))?,
    };
    let mut config = file.map_or_else(|| Ok(Config::default()), |it| load(&it))?;
    if given.target.is_some() {
        config.settings.target = given.target.clone();
    }
    config.settings.arguments.extend(given.build_arg.iter().cloned());
    if given.shellcheck || config.shellcheck {
        config.settings.shell = Some(pack::linter()?);
    }
    Ok(config)
}

/// Where the search for settings starts: beside the Dockerfile, else beside the first file.
fn folder(inputs: &[Input], documents: &[Document<'_>]) -> PathBuf {
    let files = inputs.iter().zip(documents).filter_map(|(input, document)| {
        let kind = rules::recognize(document, Default::default()).kind;
        Some((kind != Kind::Dockerfile, input.file.as_deref()?))
    });
    let nearest = files.min_by_key(|it| it.0).and_then(|it| it.1.parent());
    let folder = nearest.filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new(".")).to_path_buf()
}

/// A stage that does not exist would leave the report about another one.
pub(crate) fn check_target(case: &Case) -> Result<()> {
    match settings::missing_target(case) {
        Some(what) => bail!(what),
        None => Ok(()),
    }
}

/// Reads a settings file.
fn load(file: &Path) -> Result<Config> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let mistakes = match settings::read(&text) {
        Ok(it) => {
            let fail_on = it.fail_on.and_then(|word| FailOn::from_str(word, false).ok());
            let settings::Config { settings, fail_on: _, fail_on_unknown, shellcheck } = it;
            return Ok(Config { settings, fail_on, fail_on_unknown, shellcheck });
        }
        Err(it) => it,
    };
    for it in &mistakes {
        tell(&format!("{}:{it}", visible(&name)))?;
    }
    let count = match mistakes.len() {
        1 => "1 mistake".to_owned(),
        n => format!("{n} mistakes"),
    };
    bail!("{count} in the settings; nothing was checked")
}

/// The settings file nearest to a folder, upwards.
fn nearest(folder: &Path) -> Result<Option<PathBuf>> {
    let folder =
        folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
    for folder in folder.ancestors() {
        let found: Vec<PathBuf> =
            NAMES.iter().map(|it| folder.join(it)).filter(|it| it.is_file()).collect();
        match &found[..] {
            [] => {}
            [file] => return Ok(Some(file.clone())),
            _ => bail!("{} has both {}: keep one of them", folder.display(), NAMES.join(" and ")),
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}
