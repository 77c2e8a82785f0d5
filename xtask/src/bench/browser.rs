//! How fast the page is in a browser; the measurement itself is `tests/web/figures.rs`.

use anyhow::Result;

use super::Options;
use crate::{run, test};

/// Measures, and gives what there is to print.
pub(super) fn measure(_: &Options) -> Result<String> {
    let mut command = run::cargo();
    command.args(["test", "--quiet", "--package", "plimsoll-tests", "--test", "web", "--"]);
    command.args(["--ignored", "--exact", "figures::print", "--nocapture"]);
    command.envs(test::places()?);
    run::output(&mut command)
}
