//! How long a check takes; the measurement itself is `tests/bench/rules`.

use anyhow::Result;

use super::Options;
use crate::run;

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let mut command = run::cargo();
    // Speed means something only for the program as it is shipped.
    command.args(["run", "--quiet", "--release", "--package", "plimsoll-tests"]);
    command.args(["--bin", "bench-rules", "--"]);
    if options.quick {
        command.args(["--rounds", "3"]);
    }
    run::output(&mut command)
}
