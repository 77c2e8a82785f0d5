//! `plimsoll compare`: what became of the findings between two versions. Each is a report as it was saved,
//! or something to check now; the newer one may come as a patch of the older one.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use report::{Comparison, Report};
use text::{Source, patch};

use crate::arguments::{Compare, FailOn, Format, Given};
use crate::check::{FINDINGS, Input, UNREADABLE, examined, inputs, read};
use crate::saved::Opened;
use crate::{context, print};

/// How reports begin, by which they are known among other files.
const REPORT: &str = "\"schema\": \"plimsoll-report/";
/// What stands at the beginning of SARIF.
const SARIF: &str = "sarif-2.1.0";

/// One of the two.
struct Version {
    report: Report,
    /// The texts that it is about; none of a saved report.
    sources: Option<Vec<Source>>,
    /// What the settings say of failing.
    fail_on: Option<FailOn>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Compare) -> Result<ExitCode> {
    let given = &arguments.given;
    let (old, new) = match (&given.files[..], &arguments.patch) {
        ([old, new], None) => (version(given, old)?, version(given, new)?),
        ([old], Some(patch)) => before_and_after(given, old, patch)?,
        (_, None) => bail!("name two files: what there was before, and what there is now"),
        (_, Some(_)) => bail!("name the one file that the patch is about"),
    };
    let comparison = compared(&old, &new, arguments.changed_lines)?;
    for output in &arguments.output {
        let text = written(&comparison, output.format)?;
        std::fs::write(&output.file, text)
            .with_context(|| format!("cannot write {}", output.file.display()))?;
    }
    print(&written(&comparison, arguments.format)?)?;
    let least = arguments.fail_on.or(new.fail_on).unwrap_or(FailOn::Medium).severity();
    let fails = comparison.new.iter().any(|it| least.is_some_and(|least| it.severity <= least));
    let is_read = old.report.problems.is_empty() && new.report.problems.is_empty();
    Ok(ExitCode::from(match (arguments.exit_zero, is_read, fails) {
        (true, ..) | (_, true, false) => 0,
        (_, false, _) => UNREADABLE,
        (_, true, true) => FINDINGS,
    }))
}

fn written(comparison: &Comparison, format: Format) -> Result<String> {
    Ok(match format {
        Format::Text => comparison.plain(),
        Format::Json => comparison.json(),
        Format::Markdown => comparison.markdown(),
        _ => bail!(
            "a comparison is written as text, json or markdown; `check --baseline FILE` has all formats"
        ),
    })
}

fn compared(old: &Version, new: &Version, changed_lines: bool) -> Result<Comparison> {
    match (&old.sources, &new.sources) {
        (Some(before), Some(now)) => {
            let all = report::compare_texts((&old.report, before), (&new.report, now));
            Ok(if changed_lines { all.only_changed() } else { all })
        }
        _ if changed_lines => bail!(
            "a saved report has no text, so nobody can say which lines changed; name both versions \
             as files"
        ),
        _ => Ok(report::compare(&old.report, &new.report)),
    }
}

/// A saved report, or a new one.
fn version(given: &Given, file: &Path) -> Result<Version> {
    if let Some(report) = saved(file)? {
        return Ok(Version { report, sources: None, fail_on: None });
    }
    let one = only(given, file);
    let (archive, inputs) = inputs(&one)?;
    of(&one, archive.as_ref(), &inputs)
}

/// The same options about one file, or about what is built in one folder.
fn only(given: &Given, file: &Path) -> Given {
    context::stand_in(&Given { files: vec![file.to_owned()], ..given.clone() })
}

fn of(given: &Given, archive: Option<&Opened>, inputs: &[Input]) -> Result<Version> {
    let (case, config) = examined(given, archive, inputs)?;
    let report = rules::check(&case);
    Ok(Version { report, sources: Some(case.sources), fail_on: config.fail_on })
}

/// A file as it is, and as it is after a patch.
fn before_and_after(given: &Given, file: &Path, patch: &Path) -> Result<(Version, Version)> {
    if saved(file)?.is_some() {
        bail!("{} is a saved report, which has no text to patch", file.display());
    }
    let one = only(given, file);
    let (archive, mut inputs) = inputs(&one)?;
    let old = of(&one, archive.as_ref(), &inputs)?;
    let read = read(patch)?;
    let is = |bytes| {
        std::str::from_utf8(bytes).map_err(|_| anyhow!("a patch and what it is about are texts"))
    };
    let texts: Result<Vec<(&str, &str)>> =
        inputs.iter().map(|it| Ok((it.name.as_str(), is(&it.bytes)?))).collect();
    let patched = patch::patched(is(&read.bytes)?, &texts?)
        .map_err(|what| anyhow!("{}: {what}", patch.display()))?;
    for (input, text) in inputs.iter_mut().zip(patched) {
        input.bytes = text.into_bytes();
    }
    let new = of(&one, archive.as_ref(), &inputs)?;
    Ok((old, new))
}

/// The report in a file, if it holds one.
fn saved(file: &Path) -> Result<Option<Report>> {
    let is_text = file.extension().is_some_and(|it| it == "json" || it == "sarif");
    if !is_text {
        return Ok(None);
    }
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let head: String = text.chars().take(200).collect();
    if head.contains(SARIF) {
        bail!(
            "{name} is SARIF, which does not say how the questions were answered; keep a report as \
             `--output json=FILE`, or use `check --baseline {name}`"
        );
    }
    if !head.contains(REPORT) {
        return Ok(None);
    }
    let report = report::read::report(&text);
    Ok(Some(report.with_context(|| format!("{name} is a report of another version, or cut off"))?))
}
