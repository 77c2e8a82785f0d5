//! `plimsoll annotate`: what `plimsoll mdbook` does, for one text of any generator.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::arguments::Annotate;
use crate::check::{FINDINGS, clock, read, tell};
use crate::mdbook::Work;
use crate::print;

/// Runs the command.
pub(crate) fn run(wish: &Annotate) -> Result<ExitCode> {
    if wish.files.is_empty() || !wish.check && wish.files.len() > 1 {
        bail!("name one text to annotate, or `-`; with --check as many as there are");
    }
    let today = wish.today.map_or_else(clock, Ok)?;
    let mut work = Work::new(today);
    work.checker.clone_from(&wish.checker);
    work.is_bare = true;
    let mut out = String::new();
    for file in &wish.files {
        let input = read(file)?;
        let name = wish.name.as_deref().unwrap_or(&input.name).to_owned();
        let mut text =
            String::from_utf8(input.bytes).with_context(|| format!("{name} is no text"))?;
        work.text(&name, &mut text);
        out += &text;
    }
    if let Some(count) = work.tell_wrong()? {
        tell(&format!("plimsoll: {count} wrong"))?;
        return Ok(ExitCode::from(FINDINGS));
    }
    match wish.check {
        true => print(&format!("{} statements hold.\n", work.n_stated))?,
        false => print(&out)?,
    }
    Ok(ExitCode::SUCCESS)
}
