//! Comparison with collections of real inputs, which are not part of the repository.
//!
//! The comparisons themselves are product tests and live in `tests/conformance`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::run;

/// The options of `cargo xtask conformance`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// The folder that holds the collections.
    pub shared: PathBuf,
    /// One comparison; all when absent.
    pub only: Option<String>,
    /// The program ShellCheck: then the pack for shell scripts is compared with it, and nothing else.
    pub shellcheck: Option<PathBuf>,
    /// Codes of which every difference is shown.
    pub show: Vec<String>,
}

/// Runs the comparisons.
pub fn run(options: &Options) -> Result<()> {
    let Options { shared, only, shellcheck, show } = options;
    if !shared.is_dir() {
        bail!("{} is not a folder", shared.display());
    }
    let mut command = run::cargo();
    if let Some(program) = shellcheck {
        // What is linked here takes minutes to optimize, and nothing is timed.
        command.args(["run", "--quiet", "--package", "plimsoll-tests", "--features", "shell"]);
        command.args(["--bin", "conformance-shell", "--"]);
        command.arg("--shared").arg(std::path::absolute(shared)?);
        command.arg("--shellcheck").arg(program);
        for it in show {
            command.args(["--show", it]);
        }
        return run::shown(&mut command);
    }
    // Figures of speed mean something only for the program as it is shipped.
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "plimsoll-tests",
        "--bin",
        "conformance",
        "--",
    ]);
    command.arg("--shared").arg(std::path::absolute(shared)?);
    if let Some(only) = only {
        command.arg("--only").arg(only);
    }
    run::shown(&mut command)
}
