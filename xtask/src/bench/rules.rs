//! How long a check takes; the measurement itself is `tests/bench/rules`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Options;
use crate::run;

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let mut command = program();
    if options.quick {
        command.args(["--rounds", "3"]);
    }
    run::output(&mut command)
}

/// Writes the texts that are measured to a file, with NULs between them.
pub(super) fn write_texts(path: &Path) -> Result<()> {
    run::shown(program().arg("--write").arg(path))
}

fn program() -> Command {
    let mut command = run::cargo();
    // Speed means something only for the program as it is shipped.
    command.args(["run", "--quiet", "--release", "--package", "plimsoll-tests"]);
    command.args(["--bin", "bench-rules", "--"]);
    command
}
