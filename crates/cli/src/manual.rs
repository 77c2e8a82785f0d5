//! `plimsoll man` and `plimsoll completions`: what is generated from the options themselves.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::print;

/// Prints the page about everything, or writes it and one for each command into a folder.
pub(crate) fn man(folder: Option<&Path>) -> Result<ExitCode> {
    let command = Arguments::command();
    let Some(folder) = folder else {
        let mut out = Vec::new();
        clap_mangen::Man::new(command).render(&mut out)?;
        print(&String::from_utf8(out)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    let cannot = || format!("cannot write into {}", folder.display());
    std::fs::create_dir_all(folder).with_context(cannot)?;
    clap_mangen::generate_to(command, folder).with_context(cannot)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the script for a shell.
pub(crate) fn completions(shell: Shell) -> Result<ExitCode> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "plimsoll", &mut out);
    print(&String::from_utf8(out)?)?;
    Ok(ExitCode::SUCCESS)
}
