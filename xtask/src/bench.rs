//! Measurements of speed and memory.

use std::path::PathBuf;

use anyhow::{Result, bail};

/// The options of `cargo xtask bench`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Which measurements; all when empty.
    pub names: Vec<String>,
    /// Few rounds: shows that a measurement runs, not what it yields.
    pub quick: bool,
    /// A file for the figures, beside the terminal.
    pub out: Option<PathBuf>,
}

/// Runs the measurements.
pub fn run(options: &Options) -> Result<()> {
    let Options { names, quick: _, out: _ } = options;
    match names.first() {
        Some(name) => bail!("there is no measurement `{name}`: none is defined yet"),
        None => bail!("no measurement is defined yet"),
    }
}
