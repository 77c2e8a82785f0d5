//! The search for secrets over what lies on this machine; the measurement itself is
//! `tests/bench/secrets`.

use anyhow::Result;

use super::Options;
use crate::run;

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let Options { names: _, quick, out: _, paths, against } = options;
    if !against.is_empty() {
        run::shown(run::cargo().args(["build", "--quiet", "--release", "--package", "plimsoll"]))?;
    }
    let mut command = run::cargo();
    // Speed means something only for the program as it is shipped.
    command.args(["run", "--quiet", "--release", "--package", "plimsoll-tests"]);
    command.args(["--bin", "bench-secrets", "--"]);
    if *quick {
        command.args(["--megabytes", "20"]);
    }
    for path in paths {
        command.arg(std::path::absolute(path)?);
    }
    for program in against {
        command.arg("--against").arg(std::path::absolute(program)?);
    }
    run::output(&mut command)
}
