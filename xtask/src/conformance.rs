//! Comparison with collections of real inputs, which are not part of the repository.

use std::path::PathBuf;

use anyhow::{Result, bail};

/// The options of `cargo xtask conformance`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The folder that holds the collections.
    pub shared: PathBuf,
    /// One comparison; all when absent.
    pub only: Option<String>,
    /// Write what was found over the locked results, for reading as a diff.
    pub update: bool,
}

/// Runs the comparisons.
pub fn run(options: &Options) -> Result<()> {
    let Options { shared, only, update: _ } = options;
    if !shared.is_dir() {
        bail!("{} is not a folder", shared.display());
    }
    match only {
        Some(name) => bail!("there is no comparison `{name}`: none is defined yet"),
        None => bail!("no comparison is defined yet"),
    }
}
