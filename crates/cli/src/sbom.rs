//! `plimsoll sbom`: the packages of a saved image as a bill of materials.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use image::sbom::{Bill, cyclonedx, spdx};
use image::{Digests, Options, Squashed};
use rules::Wanted;

use crate::arguments::{BillFormat, Sbom};
use crate::{print, saved};

/// Runs the command.
pub(crate) fn run(arguments: &Sbom) -> Result<ExitCode> {
    let opened = saved::open(&arguments.file)?;
    let wanted =
        Wanted { image: arguments.image.as_deref(), platform: arguments.platform.as_deref() };
    let saved = opened.wanted(wanted);
    let number = match saved.which() {
        Ok(it) => it,
        Err(problem) => bail!("{}; {}", problem.message, problem.remedy),
    };
    let options = Options { digests: Digests::None, sums: false, packages: true, programs: false };
    let contents = saved.archive.read(number, &options, &mut ());
    let (Some(contents), Some(image)) = (contents, saved.archive.images.get(number)) else {
        bail!("the archive has no such image");
    };
    let squashed = Squashed::new(&contents.table);
    let bill = Bill::new(image, &contents, &squashed, saved.name);
    for it in &bill.gaps {
        writeln!(std::io::stderr(), "plimsoll: {}", text::visible(it))?;
    }
    print(&match arguments.format {
        BillFormat::Cyclonedx => cyclonedx(&bill),
        BillFormat::Spdx => spdx(&bill),
    })?;
    Ok(ExitCode::SUCCESS)
}
