//! Whole programs over the same files: ours and those of others, one after the other, each given
//! one thread where it lets itself be told so.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::megabytes;
use crate::sample::Sample;

/// Ticks of the system's clock for CPU time in a second; Linux has told programs 100 since ever.
const TICKS: f64 = 100.0;

/// What a program took.
struct Cost {
    seconds: f64,
    wall: Duration,
    peak: u64,
}

/// Copies the sample beside what was compiled, and runs each program on it.
pub(crate) fn measure(files: &Sample, against: &[PathBuf]) -> Result<()> {
    let own = std::env::current_exe()?;
    let bin = own.parent().context("a program lies in a folder")?;
    let folder = bin.join("bench-secrets-sample");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    files.copy_to(&folder)?;
    let ours = cost(&bin.join("plimsoll"), &folder)?;
    println!();
    println!(
        "{:<36} {:>8} {:>8} {:>9} {:>6}",
        "whole programs", "CPU s", "wall s", "peak MB", "times"
    );
    let row = |name: &str, it: &Cost| {
        let times = it.seconds / ours.seconds;
        let (wall, peak) = (it.wall.as_secs_f64(), megabytes(it.peak));
        println!("{name:<36} {:>8.2} {wall:>8.2} {peak:>9.1} {times:>6.1}", it.seconds);
    };
    row("plimsoll secrets", &ours);
    for program in against {
        row(&program.display().to_string(), &cost(program, &folder)?);
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// The words that make a known program scan a folder, everything it can do without a network.
fn words(program: &Path, folder: &Path) -> Result<Vec<OsString>> {
    let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let words: &[&str] = match &*name {
        "plimsoll" => &["secrets", "--no-ignore", "--exit-zero", "--format", "json"],
        "betterleaks" => &["dir", "--jobs", "1", "--exit-code", "0", "--no-banner"],
        "gitleaks" => &["detect", "--no-git", "--redact", "--exit-code", "0", "--no-banner", "-s"],
        "kingfisher" => &["scan", "--no-validate", "--jobs", "1", "--no-update-check"],
        "detect-secrets" => &["scan", "--all-files", "--no-verify"],
        "trivy" => &["fs", "--scanners", "secret", "--offline-scan", "--parallel", "1"],
        _ => bail!("it is not known how {name} is told to scan a folder"),
    };
    let words = words.iter().map(OsString::from);
    Ok(words.chain([folder.as_os_str().to_owned()]).collect())
}

fn cost(program: &Path, folder: &Path) -> Result<Cost> {
    let before = children_seconds()?;
    let start = Instant::now();
    let mut command = Command::new(program);
    command.args(words(program, folder)?).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null()).env("GOMAXPROCS", "1");
    let mut child = command.spawn().with_context(|| format!("cannot run {}", program.display()))?;
    let id = child.id().to_string();
    let mut most = 0;
    let status = loop {
        most = most.max(peak(&id).unwrap_or_default());
        match child.try_wait()? {
            Some(it) => break it,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let wall = start.elapsed();
    if status.code().is_none_or(|it| it > 1 && it != 200 && it != 205) {
        bail!("{} ended with {status}", program.display());
    }
    Ok(Cost { seconds: children_seconds()? - before, wall, peak: most })
}

/// The most memory a process has had, in bytes.
pub(crate) fn peak(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// CPU seconds of all children that have ended, from what the system counts for this process.
fn children_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("no /proc here")?;
    // The name of the program may have blanks; what follows it has none.
    let (_, rest) = stat.rsplit_once(')').context("a strange /proc/self/stat")?;
    let ticks = rest.split_whitespace().skip(13).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / TICKS)
}
