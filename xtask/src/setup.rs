//! What must be on the machine before the site can be compiled.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::run;

/// What the browser runs.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The compiler's facts that the build needs.
#[derive(Debug)]
pub struct Toolchain {
    /// Where the compiler and its libraries live.
    pub sysroot: PathBuf,
    /// The commit the compiler was built from, if it says so.
    pub commit: Option<String>,
}

/// Asks the compiler, and installs the wasm target when it is missing.
pub fn toolchain() -> Result<Toolchain> {
    let rustc = || {
        let mut command = Command::new("rustc");
        command.current_dir(crate::root());
        command
    };
    let sysroot = PathBuf::from(run::output(rustc().args(["--print", "sysroot"]))?.trim());
    let about = run::output(rustc().arg("-vV"))?;
    let commit = about.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    if !sysroot.join("lib/rustlib").join(TARGET).is_dir() {
        install_target()?;
    }
    Ok(Toolchain { sysroot, commit: commit.map(str::to_owned) })
}

fn install_target() -> Result<()> {
    if run::find("rustup").is_none() {
        bail!(
            "the standard library for {TARGET} is missing and there is no rustup to install it; \
             install it with the tool that brought your Rust compiler"
        );
    }
    eprintln!("Installing the Rust target {TARGET}: the page and the engine run as WebAssembly.");
    let mut command = Command::new("rustup");
    run::shown(command.current_dir(crate::root()).args(["target", "add", TARGET]))
}
