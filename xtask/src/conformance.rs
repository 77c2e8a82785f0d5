//! Comparison with collections of real inputs, which are not part of the repository.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::run;

/// The options of `cargo xtask conformance`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The folder that holds the collections.
    pub shared: PathBuf,
}

/// Runs the comparisons.
pub fn run(options: &Options) -> Result<()> {
    let Options { shared } = options;
    if !shared.is_dir() {
        bail!("{} is not a folder", shared.display());
    }
    let mut command = run::cargo();
    command.args(["run", "--release", "--package", "plimsoll-tests", "--bin", "conformance"]);
    run::shown(command.arg("--").arg("--shared").arg(std::path::absolute(shared)?))
}
