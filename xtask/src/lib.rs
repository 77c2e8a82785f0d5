//! The repository's own tasks: build the site, serve it, test everything.
//!
//! No product logic lives here. It is a library so that the browser tests can serve the site with
//! the same code, and so that a test can ask whether a command line exists.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to its terminal")]

pub mod args;
pub mod bench;
pub mod browsers;
pub mod build;
pub mod conformance;
pub mod digest;
pub mod download;
pub mod fuzz;
pub mod http;
pub mod reproduce;
pub mod run;
pub mod serve;
pub mod setup;
pub mod site;
pub mod test;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use args::Command;

/// Runs one command line.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match args::parse(args) {
        Ok(it) => it,
        Err(error) => {
            eprintln!("error: {error}\n\n{}", args::HELP);
            return ExitCode::from(2);
        }
    };
    let done = match command {
        Command::Help => {
            println!("{}", args::HELP);
            Ok(())
        }
        Command::Build(options) => build::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Reproduce => reproduce::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Conformance(options) => conformance::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The top folder of the repository, from wherever the task was called.
pub fn root() -> PathBuf {
    // Cargo says where the running package is; a binary started by hand remembers it.
    let here = std::env::var("CARGO_MANIFEST_DIR");
    let here = PathBuf::from(here.as_deref().unwrap_or(env!("CARGO_MANIFEST_DIR")));
    here.parent().unwrap_or(&here).to_path_buf()
}
