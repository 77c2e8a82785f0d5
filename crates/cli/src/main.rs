//! The command line: files and standard input in, reports out. No product logic lives here.

mod advise;
mod annotate;
mod arguments;
mod check;
mod compare;
mod config;
mod context;
mod docs;
mod explain;
mod fix;
mod formats;
mod import;
mod manual;
mod mdbook;
mod pack;
mod saved;
mod sbom;
mod secrets;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::arguments::{Arguments, Command, Tool};

/// What the command line could not do with what it was given.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(it) => it,
        Err(error) => {
            // Help and version are no failures; clap knows which is which.
            let code = if error.use_stderr() { USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = match arguments.command {
        Command::Check(it) => check::run(&it),
        Command::Advise(it) => advise::run(&context::stand_in(&it)),
        Command::Compare(it) => compare::run(&it),
        Command::Secrets(it) => secrets::run(&it),
        Command::Sbom(it) => sbom::run(&it),
        Command::Explain { rule } => explain::explain(&rule),
        Command::Rules { json } => explain::rules(json),
        Command::Docs(it) => docs::run(&it),
        Command::Mdbook(it) => mdbook::run(&it),
        Command::Import { tool: Tool::Hadolint, file } => import::hadolint(&file),
        Command::Annotate(it) => annotate::run(&it),
        Command::Man { output } => manual::man(output.as_deref()),
        Command::Completions { shell } => manual::completions(shell),
    };
    result.unwrap_or_else(|error| {
        // A reader that went away, as `head` does, is no failure worth telling.
        if is_broken_pipe(&error) {
            return ExitCode::SUCCESS;
        }
        let _ = writeln!(std::io::stderr(), "plimsoll: {}", text::visible(&format!("{error:#}")));
        ExitCode::from(USAGE)
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|it| it.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Writes a text to standard output.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
