//! A saved image as a whole, by the program as it is shipped: time and memory of `plimsoll check`, with
//! `cat` and `sha256sum` of the same file beside it, since times only mean something against those.
//! `--path` names the archives; without it, images are made of what this machine has.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use super::{Options, generated, processes};
use crate::run;

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let mut out = String::new();
    let mut archives: Vec<PathBuf> =
        options.paths.iter().filter(|it| is_tar(it)).cloned().collect();
    if archives.is_empty() {
        archives = generated::images(&mut out)?.into_iter().map(|it| it.path).collect();
    }
    run::shown(run::cargo().args(["build", "--quiet", "--release", "--package", "plimsoll"]))?;
    let program = crate::root().join("target/release/plimsoll");
    let rounds = if options.quick { 1 } else { 5 };
    for archive in &archives {
        let bytes = archive.metadata().with_context(|| format!("no {}", archive.display()))?.len();
        writeln!(out, "{}, {} MB", archive.display(), bytes / 1_000_000)?;
        let ours = ["check", "--exit-zero", "--format", "json"];
        for (name, program, words) in
            [("cat", Path::new("cat"), &[][..]), ("sha256sum", Path::new("sha256sum"), &[])]
                .into_iter()
                .chain([("plimsoll check", program.as_path(), &ours[..])])
        {
            writeln!(out, "  {name:<16} {}", timed(program, words, archive, rounds)?)?;
        }
        for peer in &options.against {
            let name = peer.file_name().unwrap_or_default().to_string_lossy();
            writeln!(out, "  {name:<16} {}", timed(peer, &[], archive, rounds)?)?;
        }
    }
    Ok(out)
}

fn is_tar(path: &Path) -> bool {
    let name = path.to_string_lossy();
    [".tar", ".tar.gz", ".tar.zst"].iter().any(|it| name.ends_with(it))
}

/// The fastest of some rounds, the least that it worked in one, which on a busy machine says more, and
/// the most memory of one, as the kernel counts them.
fn timed(program: &Path, words: &[&str], archive: &Path, rounds: u32) -> Result<String> {
    let (mut best, mut least, mut most) = (f64::INFINITY, f64::INFINITY, None);
    for _ in 0..rounds {
        let mut command = Command::new(program);
        command.args(words).arg(archive).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child =
            command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let status = format!("/proc/{}/status", child.id());
        let mut worked = None;
        while child.try_wait()?.is_none() {
            worked = processes::worked(child.id()).or(worked);
            most = most.max(peak(&status));
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        best = best.min(start.elapsed().as_secs_f64());
        least = least.min(worked.unwrap_or(f64::INFINITY) / 1e3);
    }
    let memory = most.map_or(String::new(), |it: u64| format!(", {} MB", it / 1000));
    let worked = if least.is_finite() { format!(", {least:.2} s of work") } else { String::new() };
    Ok(format!("{best:.2} s{worked}{memory}"))
}

/// The most memory that a process had so far, in kB; Linux only.
fn peak(status: &str) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find(|it| it.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
