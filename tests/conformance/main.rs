//! Measures the engine against test material that others wrote, given by path.
//!
//! `cargo xtask conformance --shared PATH` runs this. Every figure is printed with what it is made
//! of; the exit code says whether the figures that are promised were reached.

#![allow(clippy::print_stdout, reason = "printing figures is what this program is for")]

mod archives;
mod corpus;
mod findings;
mod fixes;
mod invariance;
mod links;
mod parser;
mod peers;
mod realworld;
mod samples;
mod secrets;
mod sexpr;
mod timing;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// A figure and whether it reached its goal.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) reached: bool,
    /// Whether missing it fails the run. Times depend on the machine and what else it does; they
    /// are shown, never asserted.
    pub(crate) binding: bool,
}

/// A comparison.
type Measure = fn(&Path) -> Result<Vec<Figure>>;

/// All comparisons by name, and whether they run when none is named.
const COMPARISONS: &[(&str, bool, Measure)] = &[
    ("archives", true, archives::measure),
    ("parser", true, parser::measure),
    ("realworld", true, realworld::measure),
    ("findings", true, findings::measure),
    ("invariance", true, invariance::measure),
    ("links", true, links::measure),
    ("fixes", false, fixes::measure),
    ("peers", false, peers::measure),
    ("samples", false, samples::measure),
    ("secrets", true, secrets::measure),
    ("timing", true, timing::measure),
];

fn main() -> Result<ExitCode> {
    let (shared, only) = arguments()?;
    let wanted = |name: &str, always: bool| only.as_deref().map_or(always, |it| it == name);
    let chosen = COMPARISONS.iter().filter(|(name, always, _)| wanted(name, *always));
    let mut figures = Vec::new();
    for (name, _, measure) in chosen {
        println!("== {name}");
        figures.extend(measure(&shared)?);
    }
    if figures.is_empty() {
        let names: Vec<&str> = COMPARISONS.iter().map(|(name, _, _)| *name).collect();
        bail!("there is no such comparison; there are {}", names.join(", "));
    }
    println!();
    let mut reached = true;
    for it in &figures {
        println!("{} {}: {}", if it.reached { "ok  " } else { "MISS" }, it.name, it.value);
        reached &= it.reached || !it.binding;
    }
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `--shared PATH [--only NAME]`
fn arguments() -> Result<(PathBuf, Option<String>)> {
    let mut shared = None;
    let mut only = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(flag) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{flag} needs a value"))?;
        match &*flag {
            "--shared" => shared = Some(PathBuf::from(value)),
            "--only" => only = Some(value),
            _ => bail!("usage: conformance --shared PATH [--only NAME]"),
        }
    }
    let shared = shared.context("usage: conformance --shared PATH [--only NAME]")?;
    let corpora = shared.join("corpora");
    corpora.read_dir().with_context(|| format!("no corpora in {}", shared.display()))?;
    Ok((shared, only))
}
