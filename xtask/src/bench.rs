//! Measurements of speed and memory.

mod archives;
mod browser;
mod generated;
mod image;
mod processes;
mod rules;
mod secrets;
mod wasm;
mod webdriver;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// The options of `cargo xtask bench`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Which measurements; all when empty.
    pub names: Vec<String>,
    /// Few rounds: shows that a measurement runs, not what it yields.
    pub quick: bool,
    /// A file for the figures, beside the terminal.
    pub out: Option<PathBuf>,
    /// What to measure on, for measurements of files; what every machine has when empty.
    pub paths: Vec<PathBuf>,
    /// Programs of others to measure on the same files.
    pub against: Vec<PathBuf>,
}

/// Measures and gives what there is to print.
type Measure = fn(&Options) -> Result<String>;

const MEASUREMENTS: &[(&str, Measure)] = &[
    ("archives", archives::measure),
    ("browser", browser::measure),
    ("image", image::measure),
    ("rules", rules::measure),
    ("rules-wasm", wasm::checks),
    ("secrets", secrets::measure),
    ("secrets-wasm", wasm::secrets),
];

/// Runs the measurements.
pub fn run(options: &Options) -> Result<()> {
    let unknown = |name: &&String| MEASUREMENTS.iter().all(|it| it.0 != **name);
    if let Some(name) = options.names.iter().find(unknown) {
        let all: Vec<&str> = MEASUREMENTS.iter().map(|it| it.0).collect();
        bail!("there is no measurement `{name}`; there are {}", all.join(", "));
    }
    let mut figures = String::new();
    for (name, measure) in MEASUREMENTS {
        if options.names.is_empty() || options.names.iter().any(|it| it == name) {
            let text = format!("== {name}\n{}", measure(options)?);
            eprint!("{text}");
            figures.push_str(&text);
        }
    }
    if let Some(path) = &options.out {
        std::fs::write(path, figures)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
