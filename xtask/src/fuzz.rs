//! Hostile input by the million; what is run on it is in `tests/fuzz`.

use anyhow::Result;

use crate::run;

/// The options of `cargo xtask fuzz`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Which readers; all when empty.
    pub targets: Vec<String>,
    /// How many inputs for each; a million when absent.
    pub runs: Option<u64>,
    /// Another seed gives other inputs.
    pub seed: Option<u64>,
}

/// Runs the targets, one after the other.
pub fn run(options: &Options) -> Result<()> {
    let Options { targets, runs, seed } = options;
    let mut command = run::cargo();
    command.args(["run", "--quiet", "--profile", "fuzz", "--package", "plimsoll-tests"]);
    command.args(["--bin", "fuzz", "--"]).args(targets);
    for (name, number) in [("--runs", runs), ("--seed", seed)] {
        if let Some(number) = number {
            command.arg(name).arg(number.to_string());
        }
    }
    run::shown(&mut command)
}
