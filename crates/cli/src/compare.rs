//! `plimsoll compare`: what became of the findings between two versions. Each is a report as it was saved,
//! or something to check now.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use report::Report;

use crate::arguments::{Check, FailOn, Format};
use crate::check::{FINDINGS, UNREADABLE, reported};
use crate::print;

/// How reports begin, by which they are known among other files.
const REPORT: &str = "\"schema\": \"plimsoll-report/";

/// Runs the command.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode> {
    let [old, new] = &arguments.files[..] else {
        bail!("name two files: what there was before, and what there is now")
    };
    let (old, _) = report(arguments, old)?;
    let (new, fail_on) = report(arguments, new)?;
    let comparison = report::compare(&old, &new);
    print(&match arguments.format {
        Format::Text => comparison.plain(),
        Format::Json => comparison.json(),
        Format::Markdown => comparison.markdown(),
        _ => bail!("a comparison is written as text, json or markdown"),
    })?;
    let least = arguments.fail_on.or(fail_on).unwrap_or(FailOn::Medium).severity();
    let fails = comparison.new.iter().any(|it| least.is_some_and(|least| it.severity <= least));
    let is_read = old.problems.is_empty() && new.problems.is_empty();
    Ok(ExitCode::from(match (arguments.exit_zero, is_read, fails) {
        (true, ..) | (_, true, false) => 0,
        (_, false, _) => UNREADABLE,
        (_, true, true) => FINDINGS,
    }))
}

/// A saved report, or a new one, and what the settings say of failing.
fn report(arguments: &Check, file: &Path) -> Result<(Report, Option<FailOn>)> {
    if let Some(it) = saved(file)? {
        return Ok((it, None));
    }
    let one = Check { files: vec![file.to_owned()], ..arguments.clone() };
    let (report, config) = reported(&one)?;
    Ok((report, config.fail_on))
}

/// The report in a file, if it holds one.
fn saved(file: &Path) -> Result<Option<Report>> {
    let is_json = file.extension().is_some_and(|it| it == "json");
    if !is_json {
        return Ok(None);
    }
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let head: String = text.chars().take(200).collect();
    if !head.contains(REPORT) {
        return Ok(None);
    }
    let report = report::read::report(&text);
    Ok(Some(report.with_context(|| format!("{name} is a report of another version, or cut off"))?))
}
