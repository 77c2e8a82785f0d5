//! Measures the engine against test material that others wrote, given by path.
//!
//! `cargo xtask conformance --shared PATH` runs this. Every figure is printed with what it is made
//! of; the exit code says whether the figures that are promised were reached.

#![allow(clippy::print_stdout, reason = "printing figures is what this program is for")]

mod corpus;
mod parser;
mod realworld;
mod sexpr;
mod timing;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// A figure and whether it reached its goal.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) reached: bool,
}

fn main() -> Result<ExitCode> {
    let shared = shared()?;
    let mut figures = Vec::new();
    figures.extend(parser::measure(&shared)?);
    figures.extend(realworld::measure(&shared)?);
    figures.extend(timing::measure(&shared)?);
    println!();
    let mut reached = true;
    for it in &figures {
        println!("{} {}: {}", if it.reached { "ok  " } else { "MISS" }, it.name, it.value);
        reached &= it.reached;
    }
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn shared() -> Result<PathBuf> {
    let mut arguments = std::env::args_os().skip(1);
    match (arguments.next(), arguments.next(), arguments.next()) {
        (Some(flag), Some(path), None) if flag == "--shared" => {
            let path = PathBuf::from(path);
            let corpora = path.join("corpora");
            corpora.read_dir().with_context(|| format!("no corpora in {}", path.display()))?;
            Ok(path)
        }
        _ => bail!("usage: conformance --shared PATH"),
    }
}
