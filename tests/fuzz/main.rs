//! Hostile input by the million: seeds are altered at random, and whatever comes of it may neither
//! panic nor cost more steps than its length allows nor break a promise about places.
//!
//! `cargo xtask fuzz` runs this, on stable Rust and one core. The same seed gives the same inputs.
//! What teaches something new (other hits, other errors) is kept and altered further, so that runs
//! go deeper than the seeds. An input that makes the engine panic is written to a file.

#![allow(clippy::print_stdout, reason = "printing figures is what this program is for")]
#![allow(clippy::print_stderr, reason = "what broke is told where panics are told")]

mod alter;
mod seeds;
mod targets;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::alter::{Random, Words};
use crate::targets::TARGETS;

/// Most inputs that are kept for being altered further.
const MOST_KEPT: usize = 20_000;
/// One input in so many may be as long as they get.
const ONE_LONG_IN: u64 = 64;
/// How often the state of a run is told.
const TELL: Duration = Duration::from_secs(60);

/// What to run.
struct Arguments {
    targets: Vec<String>,
    runs: u64,
    seed: u64,
}

thread_local! {
    /// What is being run, for whoever has to write it down when it panics.
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    write_down_panics();
    let wanted =
        |name: &str| arguments.targets.is_empty() || arguments.targets.iter().any(|it| it == name);
    let chosen: Vec<_> = TARGETS.iter().filter(|it| wanted(it.name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|it| it.name).collect();
        bail!("there is no such target; there are {}", names.join(", "));
    }
    for target in chosen {
        run(target, &arguments)?;
    }
    Ok(())
}

/// `[TARGET…] [--runs N] [--seed N]`
fn arguments() -> Result<Arguments> {
    let mut out = Arguments { targets: Vec::new(), runs: 1_000_000, seed: 1 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64> {
            let value = words.next().with_context(|| format!("{word} needs a number"))?;
            value.replace('_', "").parse().with_context(|| format!("{value} is no number"))
        };
        match &*word {
            "--runs" => out.runs = number()?,
            "--seed" => out.seed = number()?,
            _ => out.targets.push(word),
        }
    }
    Ok(out)
}

/// Before a panic ends the program, the input that caused it is saved.
fn write_down_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let path = format!("fuzz-crash-{}.bin", std::process::id());
        let saved = INPUT.with(|it| it.try_borrow().map(|it| std::fs::write(&path, &*it).is_ok()));
        if saved.unwrap_or(false) {
            eprintln!("the input is in {path}");
        }
        usual(info);
    }));
}

fn run(target: &targets::Target, arguments: &Arguments) -> Result<()> {
    let mut pool = (target.seeds)()?;
    let words = Words::new((target.words)());
    let mut random = Random::new(arguments.seed);
    let mut known: BTreeSet<u64> = BTreeSet::new();
    let (start, n_seeds) = (Instant::now(), pool.len());
    let (mut told, mut most_steps) = (start, 0.0_f64);
    let mut input = Vec::new();
    for number in 0..arguments.runs {
        // Each seed once as it is, then altered ones.
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        match pool.get(at).filter(|_| at < n_seeds) {
            Some(seed) => input.clone_from(seed),
            None => {
                let long = number.is_multiple_of(ONE_LONG_IN);
                let longest = if long { target.longest } else { target.usual };
                alter::alter(&pool, &words, longest, &mut random, &mut input);
            }
        }
        INPUT.with(|it| it.borrow_mut().clone_from(&input));
        let seen = (target.run)(&input, number);
        most_steps = most_steps.max(seen.steps_a_byte);
        if known.insert(seen.signature) && pool.len() < MOST_KEPT {
            pool.push(input.clone());
        }
        if number % 4096 == 0 && told.elapsed() > TELL {
            told = Instant::now();
            report(target.name, number + 1, start, pool.len() - n_seeds, most_steps);
        }
    }
    report(target.name, arguments.runs, start, pool.len() - n_seeds, most_steps);
    Ok(())
}

fn report(name: &str, runs: u64, start: Instant, kept: usize, most_steps: f64) {
    let seconds = start.elapsed().as_secs_f64();
    let rate = runs as f64 / seconds;
    println!(
        "{name}: {runs} runs in {seconds:.0} s ({rate:.0} a second), {kept} inputs kept for what \
         they showed, at most {most_steps:.1} steps a byte, no panic"
    );
}
