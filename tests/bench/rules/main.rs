//! How long a check takes: of a Dockerfile of a thousand lines, and again after every key that is
//! pressed in one of forty. One thread, in memory, beside the `parse-dockerfile` crate, which splits
//! the same text into instructions and does no more.
//!
//! `cargo xtask bench rules` runs this. Times are CPU times; they are shown, never asserted. The
//! texts are those of `tests/corpus`.

#![allow(clippy::print_stdout, reason = "printing figures is what this program is for")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cpu_time::ProcessTime;
use report::wire::Tell;
use rules::{Case, Document};
use text::Date;

/// Lines of the long text.
const LINES: usize = 1000;
/// Lines of the text that somebody is writing.
const SHORT: usize = 40;

fn main() -> Result<()> {
    let options = Options::read()?;
    let files = corpus()?;
    // Together they are shorter: some come twice.
    let lines = files.iter().cycle().flat_map(|it| it.split_inclusive('\n'));
    let long: String = lines.take(LINES).collect();
    let short = files.iter().min_by_key(|it| it.lines().count().abs_diff(SHORT));
    let short = short.context("the corpus is empty")?;
    if let Some(path) = options.write {
        return Ok(std::fs::write(path, [&long, short].map(String::as_str).join("\0"))?);
    }
    let rounds = options.rounds;
    let today = Date::new(2026, 11, 24).context("the day exists")?;

    // What is built once, before the first answer, is not measured.
    let start = ProcessTime::now();
    black_box(answer(short, today)?);
    println!("first check, with what is built once: {:.2} ms", ms(start.elapsed()));

    print("a Dockerfile, all of it", &long, rounds, 10.0, |_| answer(&long, today))?;
    // The comment at the end grows and shrinks, as when somebody writes there.
    let typed = |round: usize| answer(&format!("{short}# {}\n", "x".repeat(round % 7)), today);
    print("a Dockerfile, again after a key", short, rounds * 20, 1.0, typed)?;
    Ok(())
}

/// What is asked for: `[--rounds N]` or `--write FILE`.
struct Options {
    /// How often the long text is checked.
    rounds: usize,
    /// A file to write the texts to, in place of measuring.
    write: Option<PathBuf>,
}

impl Options {
    fn read() -> Result<Self> {
        let words: Vec<String> = std::env::args().skip(1).collect();
        match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Ok(Self { rounds: 51, write: None }),
            ["--rounds", n] => Ok(Self { rounds: n.parse::<usize>()?.max(1), write: None }),
            ["--write", file] => Ok(Self { rounds: 0, write: Some(file.into()) }),
            _ => bail!("usage: bench-rules [--rounds N] | --write FILE"),
        }
    }
}

/// The texts of the corpus, in order of their names.
fn corpus() -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths = Vec::new();
    for it in std::fs::read_dir(&folder)? {
        let path = it?.path();
        if path.extension().is_some_and(|it| it == "Dockerfile") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |it: &PathBuf| {
        std::fs::read_to_string(it).with_context(|| format!("cannot read {}", it.display()))
    };
    paths.iter().map(read).collect()
}

/// What the worker does with a text: checks it and writes the message for the page. Its length.
fn answer(text: &str, today: Date) -> Result<usize> {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let report = rules::check(&Case::new(&[document], today));
    Ok(Tell::done(0, report, Vec::new()).to_text()?.len())
}

/// Measures and prints one figure. `goal`: in milliseconds.
fn print(
    name: &str,
    text: &str,
    rounds: usize,
    goal: f64,
    mut check: impl FnMut(usize) -> Result<usize>,
) -> Result<()> {
    let parse = |_| Ok(usize::from(parse_dockerfile::parse(text).is_ok()));
    let (baseline, _) = times(rounds, parse)?;
    let (median, slow) = times(rounds, &mut check)?;
    println!(
        "{name}: {} lines, {:.2} ms (99th percentile {:.2}), {:.0} times the baseline's {:.3} ms, \
         goal {goal} ms",
        text.lines().count(),
        ms(median),
        ms(slow),
        median.as_secs_f64() / baseline.as_secs_f64(),
        ms(baseline)
    );
    Ok(())
}

/// The median and the 99th percentile of some rounds.
fn times(
    rounds: usize,
    mut round: impl FnMut(usize) -> Result<usize>,
) -> Result<(Duration, Duration)> {
    let mut times = Vec::with_capacity(rounds);
    for number in 0..rounds {
        let start = ProcessTime::now();
        black_box(round(number)?);
        times.push(start.elapsed());
    }
    times.sort();
    let at = |share: usize| times.get(rounds * share / 100).copied().unwrap_or_default();
    Ok((at(50), at(99)))
}

fn ms(it: Duration) -> f64 {
    it.as_secs_f64() * 1000.0
}
