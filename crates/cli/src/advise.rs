//! `plimsoll advise`: how to run an image with no more than it needs.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use report::Advice;
use rules::advise;

use crate::arguments::Given;
use crate::{check, print};

/// Runs the command.
pub(crate) fn run(given: &Given) -> Result<ExitCode> {
    let (archive, inputs) = check::inputs(given)?;
    let (case, _) = check::examined(given, archive.as_ref(), &inputs)?;
    let Some(advice) = advise(&case) else { bail!("nothing that was given could be read") };
    print(&rendered(&advice))?;
    Ok(ExitCode::SUCCESS)
}

fn rendered(advice: &Advice) -> String {
    let mut out = format!("{}\n", advice.run);
    let _ = writeln!(out, "Why:");
    for it in &advice.options {
        let mark = if it.known { "\u{2713}" } else { "?" };
        let _ =
            writeln!(out, "  {mark} {}: {}", text::visible(&it.flag), text::visible(&it.because));
    }
    let _ = writeln!(out, "\nTo be found out (?):");
    for it in &advice.open {
        let _ = writeln!(out, "  - {}", text::visible(it));
    }
    let _ = write!(out, "\nAs a Compose file:\n\n{}", advice.compose);
    let _ = write!(out, "\nAs a Kubernetes pod:\n\n{}", advice.kubernetes);
    out
}
