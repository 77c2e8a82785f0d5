//! Runs the tests, every kind or one, and says at the end how each kind went.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{browsers, build, download, run};

/// Where the closing lines of the last run are, for whoever runs more after the tests.
const SUMMARY: &str = "target/test-summary.txt";

/// The options of `cargo xtask test`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// One kind of test; all when absent.
    pub only: Option<Kind>,
}

/// A kind of test.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Everything that needs no browser, tidiness included.
    Unit,
    /// Tidiness alone.
    Tidy,
    /// What a real browser has to prove.
    Browser,
}

/// Runs the tests.
pub fn run(options: &Options) -> Result<()> {
    let kinds = match options.only {
        Some(kind) => vec![kind],
        None => vec![Kind::Unit, Kind::Browser],
    };
    let mut lines = Vec::new();
    let mut is_good = true;
    for kind in kinds {
        let outcome = match kind {
            Kind::Unit => tests(&["--workspace", "--features", "plimsoll/shellcheck"], &[], &[])?,
            Kind::Tidy => tests(&["--package", "plimsoll-tests", "--test", "tidy"], &[], &[])?,
            Kind::Browser => browser()?,
        };
        is_good &= outcome.is_good();
        lines.push(outcome.line(kind));
    }
    let closing = lines.concat();
    fs::write(crate::root().join(SUMMARY), &closing).context("cannot write the summary")?;
    println!("\n{closing}");
    if !is_good {
        bail!("some tests failed");
    }
    Ok(())
}

/// Builds the site and drives real browsers over it.
fn browser() -> Result<Outcome> {
    // A browser is several busy processes: more than two at once only slows all of them down.
    let words = ["--ignored", "--test-threads=2"];
    let cargo = ["--package", "plimsoll-tests", "--features", "shell", "--test", "web"];
    tests(&cargo, &words, &places()?)
}

/// Builds the site and finds the browsers: what tests in browsers are told by their environment.
fn places() -> Result<Vec<(&'static str, PathBuf)>> {
    let browsers = browsers::ensure()?;
    let target = crate::root().join("target");
    let axe = target.join("axe.min.js");
    // Pictures of an earlier run would be taken for pictures of this one.
    let screenshots = target.join("screenshots");
    if screenshots.exists() {
        fs::remove_dir_all(&screenshots)?;
    }
    fs::create_dir_all(&screenshots)?;
    fs::write(&axe, download::axe()?)?;
    let out = build::Out::Folder(target.join("site-under-test"));
    let single = target.join("plimsoll.html");
    let options = build::Options { out, single: Some(single.clone()), ..build::Options::default() };
    let site = build::site(&options)?;
    Ok(vec![
        ("PLIMSOLL_SINGLE", single),
        ("PLIMSOLL_SITE", site.folder),
        ("PLIMSOLL_AXE", axe),
        ("PLIMSOLL_SCREENSHOTS", screenshots),
        ("PLIMSOLL_CHROMIUM", browsers.chromium),
        ("PLIMSOLL_CHROMEDRIVER", browsers.chromedriver),
        ("PLIMSOLL_FIREFOX", browsers.firefox),
        ("PLIMSOLL_GECKODRIVER", browsers.geckodriver),
    ])
}

/// How many tests went how, over all test binaries of a run.
#[derive(Default, Debug)]
struct Outcome {
    ended_well: bool,
    binaries: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Outcome {
    fn is_good(&self) -> bool {
        self.ended_well && self.failed == 0 && self.passed > 0
    }

    /// Counts a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn count(&mut self, line: &str) {
        let Some((_, counts)) =
            line.strip_prefix("test result: ").and_then(|it| it.split_once(". "))
        else {
            return;
        };
        self.binaries += 1;
        for part in counts.split("; ") {
            let Some((number, word)) = part.split_once(' ') else { continue };
            let number = number.parse::<u32>().unwrap_or_default();
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    fn line(&self, kind: Kind) -> String {
        let verdict = if self.is_good() { "ok" } else { "FAILED" };
        let name = match kind {
            Kind::Unit => "unit",
            Kind::Tidy => "tidy",
            Kind::Browser => "browser",
        };
        format!(
            "{name} tests: {verdict}. {} passed; {} failed; {} ignored; in {} binaries\n",
            self.passed, self.failed, self.ignored, self.binaries
        )
    }
}

/// Runs `cargo test`, shows what it prints and counts the results.
fn tests(cargo: &[&str], harness: &[&str], places: &[(&str, PathBuf)]) -> Result<Outcome> {
    let mut command: Command = run::cargo();
    command.args(["test", "--no-fail-fast"]).args(cargo).arg("--").args(harness);
    command.envs(places.iter().map(|(name, path)| (name, path))).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start cargo")?;
    let mut outcome = Outcome::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            outcome.count(&line);
        }
    }
    outcome.ended_well = child.wait()?.success();
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Outcome};

    #[test]
    fn results_are_added_up() {
        let mut outcome = Outcome { ended_well: true, ..Outcome::default() };
        outcome.count("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        outcome.count("test some::thing ... ok");
        outcome.count("test result: ok. 20 passed; 0 failed; 0 ignored; 0 measured");
        assert_eq!(
            outcome.line(Kind::Unit),
            "unit tests: ok. 23 passed; 0 failed; 1 ignored; in 2 binaries\n"
        );
        outcome.count("test result: FAILED. 0 passed; 2 failed; 0 ignored; 0 measured");
        assert!(!outcome.is_good());
    }

    #[test]
    fn a_run_without_tests_is_not_good() {
        assert!(!Outcome { ended_well: true, ..Outcome::default() }.is_good());
    }
}
