//! How fast the search for secrets is, over a sample of what lies on this machine: headers, shared
//! libraries, sources. One thread, in memory, beside a plain search for the same literals.
//!
//! `cargo xtask bench secrets` runs this. Times are CPU times; they are shown, never asserted.

#![allow(clippy::print_stdout, reason = "printing figures is what this program is for")]

mod children;
mod sample;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use secrets::{Options, Scanner, Severity};
use text::Date;

use crate::sample::Batch;

/// Files reach the scanner in pieces of this many bytes, as they do from disk and from archives.
const CHUNK: usize = 256 << 10;

/// What is measured.
struct Arguments {
    /// Files and folders; what every machine has when there are none.
    paths: Vec<PathBuf>,
    /// Programs to measure beside ours, on the same files.
    against: Vec<PathBuf>,
    /// Bytes of the sample.
    bytes: u64,
}

/// CPU time and what came of it.
#[derive(Default)]
struct Tally {
    time: Duration,
    found: u64,
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let files = sample::choose(&arguments.paths, arguments.bytes)?;
    println!("{} files, {:.1} MB", files.list.len(), megabytes(files.bytes));
    for (root, bytes) in &files.roots {
        println!("   {:.1} MB of {}", megabytes(*bytes), root.display());
    }
    native(&files)?;
    if !arguments.against.is_empty() {
        children::measure(&files, &arguments.against)?;
    }
    Ok(())
}

/// `[PATH…] [--against PROGRAM]… [--megabytes N]`
fn arguments() -> Result<Arguments> {
    let mut out = Arguments { paths: Vec::new(), against: Vec::new(), bytes: 220_000_000 };
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--against") => {
                out.against.push(words.next().context("--against needs a program")?.into());
            }
            Some("--megabytes") => {
                let count = words.next().context("--megabytes needs a number")?;
                let count: u64 = count.to_string_lossy().parse()?;
                out.bytes = count.saturating_mul(1_000_000);
            }
            _ => out.paths.push(word.into()),
        }
    }
    if out.paths.is_empty() {
        out.paths = sample::usual();
    }
    Ok(out)
}

/// The three searches, each over every batch, so that they see the same machine.
fn native(files: &sample::Sample) -> Result<()> {
    let baseline = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .build(secrets::literals())?;
    let everything = Options::new(Date::new(2026, 11, 24).context("the day exists")?, [7; 32]);
    let mut literal = everything.clone();
    literal.literals_only = true;
    // The tables are made at the first scan.
    for options in [&everything, &literal] {
        let _ = secrets::scan(options, None, b"warm");
    }
    let mut tallies: [Tally; 3] = Default::default();
    let [plain, some, all] = &mut tallies;
    let mut steps = 0;
    for batch in files.batches() {
        let batch = batch?;
        timed(plain, || {
            batch.files().map(|(_, bytes)| baseline.find_iter(bytes).count() as u64).sum()
        });
        timed(some, || scan(&literal, &batch, &mut 0));
        timed(all, || scan(&everything, &batch, &mut steps));
    }
    let rate = |it: &Tally| megabytes(files.bytes) / it.time.as_secs_f64();
    let base = rate(plain);
    println!();
    let row = |name: &str, it: &Tally, goal: &str| {
        let (seconds, rate) = (it.time.as_secs_f64(), rate(it));
        let ratio = rate / base;
        println!(
            "{name:<44} {rate:>7.0} MB/s  {ratio:>5.2}  {seconds:>7.3} s  {:>7}  {goal}",
            it.found
        );
    };
    println!("{:<44} {:>12}  {:>5}  {:>9}  {:>7}", "", "rate", "ratio", "CPU", "found");
    row("aho-corasick DFA over the same literals", plain, "");
    row("literal scan alone", some, "goal 500, stretch 1000");
    row("everything on", all, "goal 350");
    println!();
    println!("steps beyond one a byte, everything on: {:.3}", steps as f64 / files.bytes as f64);
    let peak = children::peak("self").context("no /proc here")?;
    println!(
        "peak memory of this process: {:.1} MB, {:.1} MB of it a batch of files and the baseline's \
         automaton of {:.1} MB (goal for all 64)",
        megabytes(peak),
        megabytes(files.largest + baseline.memory_usage() as u64),
        megabytes(baseline.memory_usage() as u64),
    );
    Ok(())
}

fn timed(tally: &mut Tally, round: impl FnOnce() -> u64) {
    let start = ProcessTime::now();
    tally.found += black_box(round());
    tally.time += start.elapsed();
}

/// Scans every file of a batch as a stream; how many secrets there are that are worth a line.
fn scan(options: &Options, batch: &Batch, steps: &mut u64) -> u64 {
    let mut found = 0;
    for (path, bytes) in batch.files() {
        let mut scanner = Scanner::new(options, Some(path));
        for chunk in bytes.chunks(CHUNK) {
            scanner.feed(chunk);
        }
        let scan = scanner.finish();
        *steps += scan.steps;
        found += scan.hits.iter().filter(|it| it.severity < Severity::Note).count() as u64;
    }
    found
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
