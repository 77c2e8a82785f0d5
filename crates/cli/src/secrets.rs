//! `plimsoll secrets`: looks for credentials in files and folders, several files at a time.

mod render;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use secrets::{Hit, Options, Scrubber, Severity};
use text::visible;

use crate::arguments::{Secrets, SecretsFailOn, SecretsFormat};
use crate::check::{clock, tell};
use crate::print;

const FINDINGS: u8 = 1;
const NO_INPUT: u8 = 3;
const UNREADABLE: u8 = 4;

/// Where a secret stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    /// The path, as it may be shown.
    path: String,
    line: u64,
    column: u64,
    /// In bytes.
    offset: u64,
    length: u32,
}

/// A secret with all the places where it stands, the first of them apart.
struct Finding {
    hit: Hit,
    places: Vec<Place>,
}

/// What was found in all files.
struct Found {
    /// By their first places.
    findings: Vec<Finding>,
    /// Findings that a comment in the file accepts.
    allowed: Vec<Finding>,
    files: u64,
    bytes: u64,
    /// Files that could not be read, and why.
    unread: Vec<(String, String)>,
    /// Hits beyond what a report can bear.
    dropped: u64,
}

/// Runs the command.
pub(crate) fn run(arguments: &Secrets) -> Result<ExitCode> {
    if arguments.paths.is_empty() {
        let hint =
            "plimsoll: nothing to look at; name files or folders, as in `plimsoll secrets .`";
        return tell(hint).map(|()| ExitCode::from(NO_INPUT));
    }
    for path in &arguments.paths {
        std::fs::metadata(path).with_context(|| format!("cannot open {}", path.display()))?;
    }
    let today = arguments.today.map_or_else(clock, Ok)?;
    let mut options = Options::new(today, key(arguments.fingerprint_key_file.as_deref())?);
    options.thorough = arguments.thorough;
    let found = settle(walk::scan(&arguments.paths, arguments.no_ignore, &options)?);
    for (path, why) in &found.unread {
        tell(&format!("plimsoll: {path}: {why}"))?;
    }
    print(&match arguments.format {
        SecretsFormat::Text => render::text(&found),
        SecretsFormat::Json => render::json(&found),
        SecretsFormat::Sarif => render::sarif(&found),
    })?;
    Ok(ExitCode::from(exit_code(&found, arguments)))
}

/// The key of the fingerprints: made for this run, or kept in a file.
fn key(file: Option<&Path>) -> Result<[u8; 32]> {
    let mut key = [0; 32];
    let Some(file) = file else {
        getrandom::fill(&mut key).map_err(|it| anyhow::anyhow!("no random numbers: {it}"))?;
        return Ok(key);
    };
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let Some(first) = bytes.first_chunk() else {
        bail!("{} has fewer than 32 bytes", file.display());
    };
    Ok(*first)
}

/// Puts the files in order, groups equal secrets, and takes secrets out of the paths.
fn settle(mut files: Vec<walk::File>) -> Found {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut scrubber = Scrubber::new();
    let mut found = Found {
        findings: Vec::new(),
        allowed: Vec::new(),
        files: 0,
        bytes: 0,
        unread: Vec::new(),
        dropped: 0,
    };
    let mut hits: Vec<(PathBuf, Hit, (u64, u64))> = Vec::new();
    for file in files {
        match file.outcome {
            Ok(scan) => {
                found.files += 1;
                found.bytes += scan.bytes;
                found.dropped += scan.dropped;
                scrubber.merge(scan.scrubber);
                hits.extend(scan.hits.into_iter().map(|(hit, at)| (file.path.clone(), hit, at)));
            }
            Err(why) => found.unread.push((shown(&file.path, &Scrubber::new()), why)),
        }
    }
    let mut known: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for (path, hit, (line, column)) in hits {
        let place = Place {
            path: shown(&path, &scrubber),
            line,
            column,
            offset: hit.place.offset,
            length: hit.place.length,
        };
        let list = if hit.allowed { &mut found.allowed } else { &mut found.findings };
        let index = *known.entry((hit.fingerprint.to_string(), hit.allowed)).or_insert(list.len());
        match list.get_mut(index) {
            Some(it) => it.places.push(place),
            None => list.push(Finding { hit, places: vec![place] }),
        }
    }
    found.findings.sort_by(|a, b| (a.hit.severity, &a.places).cmp(&(b.hit.severity, &b.places)));
    found
}

/// A path as it may be shown.
fn shown(path: &Path, scrubber: &Scrubber) -> String {
    let text = path.display().to_string();
    let text = text.strip_prefix("./").unwrap_or(&text).replace('\\', "/");
    visible(&scrubber.scrub(&text)).to_string()
}

fn exit_code(found: &Found, arguments: &Secrets) -> u8 {
    if arguments.exit_zero {
        return 0;
    }
    let least = match arguments.fail_on {
        SecretsFailOn::Critical => Severity::Critical,
        SecretsFailOn::High => Severity::High,
        SecretsFailOn::Medium => Severity::Medium,
        SecretsFailOn::Low => Severity::Low,
        SecretsFailOn::Note => Severity::Note,
        SecretsFailOn::Never => return if found.unread.is_empty() { 0 } else { UNREADABLE },
    };
    if found.findings.iter().any(|it| it.hit.severity <= least) {
        return FINDINGS;
    }
    if found.unread.is_empty() { 0 } else { UNREADABLE }
}
