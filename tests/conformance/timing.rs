//! CPU time and memory over all real Dockerfiles, in one process on one thread, beside a baseline in
//! the same run: the `parse-dockerfile` crate, which splits files into instructions and does no
//! more.
//!
//! The goals for all rules, 0.3 CPU seconds and 40 MB, are those that issue 3 sets for the rule set.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use cpu_time::ProcessTime;
use rules::{Case, Document};
use text::Date;

use crate::{Figure, corpus};

/// Each figure is the median of this many rounds.
const ROUNDS: usize = 7;

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let cases = corpus::read_files(shared)?;
    let texts: Vec<&str> = cases.iter().map(|it| it.dockerfile.as_str()).collect();
    let today = Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"));
    let baseline = median(|| texts.iter().filter(|it| parse_dockerfile::parse(it).is_ok()).count());
    let parse = median(|| texts.iter().map(|it| dockerfile::parse(it).pieces.len()).sum());
    let everything = median(|| {
        let check = |text: &&str| {
            let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
            rules::check(&Case::new(&[document], today)).outcomes.len()
        };
        texts.iter().map(check).sum()
    });
    let ratio = |it: Duration| it.as_secs_f64() / baseline.as_secs_f64();
    let figure = |name: &str, it: Duration, most: f64| Figure {
        name: format!(
            "{name}, CPU seconds for {} files (baseline {:.3})",
            texts.len(),
            baseline.as_secs_f64()
        ),
        value: format!("{:.3}, {:.1} times the baseline, goal {most}", it.as_secs_f64(), ratio(it)),
        reached: it.as_secs_f64() <= most,
        binding: false,
    };
    let mut figures =
        vec![figure("parse only", parse, 0.05), figure("everything, all rules", everything, 0.3)];
    figures.extend(peak().map(memory));
    Ok(figures)
}

/// The most memory that this process has held, in bytes, with the texts themselves. Linux tells
/// it; elsewhere there is no figure.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn memory(bytes: u64) -> Figure {
    const MOST: f64 = 40.0;
    let megabytes = bytes as f64 / 1e6;
    Figure {
        name: "most memory of this process so far, MB (Linux only)".to_owned(),
        value: format!("{megabytes:.1}, goal {MOST}"),
        reached: megabytes <= MOST,
        binding: false,
    }
}

/// The median time of some rounds. What is computed is kept from being optimized away.
fn median(mut round: impl FnMut() -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = ProcessTime::now();
            std::hint::black_box(round());
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}
