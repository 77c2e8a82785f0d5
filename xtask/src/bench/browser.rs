//! The page in a real Chromium, as somebody waits for it: its processor slowed down to a quarter, as audits do
//! for phones, its network as on a phone for the first visit. Each piece has a browser of its own, is
//! printed as soon as it is measured, and gives up after a while, so that all of it comes to an end.
//!
//! Chromium slows down the page's own thread; the worker has the processor as it is. Nothing is asserted,
//! since all of it depends on the machine.

mod interactions;
mod served;
mod visit;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::webdriver::Browser;
use crate::{build, run};

/// How many times slower than this machine.
const SLOWER: u32 = 4;
/// How long anything may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);
/// Runs before everything else of a page.
const WATCH: &str = include_str!("browser/watch.js");
/// The engine is there and has nothing to do.
const IDLE: &str = "document.body?.dataset.ready === 'true' && document.querySelector('#status[data-engine=ready]')";

/// What was measured.
struct Figure {
    name: String,
    value: f64,
    goal: f64,
    unit: &'static str,
}

/// A new figure in milliseconds.
fn millis(name: &str, value: f64, goal: f64) -> Figure {
    Figure { name: name.to_owned(), value, goal, unit: "ms" }
}

impl Figure {
    fn line(&self) -> String {
        let Self { name, value, goal, unit } = self;
        let over = if value > goal { "  over the goal" } else { "" };
        format!("{name:<48} {value:>9.0} of {goal:>9.0} {unit}{over}\n")
    }
}

/// A piece of the measurement: what it is about, and how it is done.
type Piece = (&'static str, fn(&Setting) -> Result<Vec<Figure>>);

const PIECES: [Piece; 4] = [
    ("a first visit", visit::measure),
    ("keys", interactions::keys),
    ("3,000 findings", interactions::many),
    ("a tour", interactions::tour),
];

/// What every piece needs.
struct Setting {
    address: String,
    driver: PathBuf,
    chromium: PathBuf,
    rounds: u32,
}

impl Setting {
    /// A page of a fresh browser, ready and slowed down.
    fn ready(&self) -> Result<Browser> {
        let browser = self.fresh()?;
        let window =
            json!({ "width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &window)?;
        browser.open(&self.address)?;
        until(&browser, IDLE)?;
        until(&browser, "document.body.dataset.offline")?;
        slow_down(&browser)?;
        Ok(browser)
    }

    /// A fresh browser that watches every page it opens.
    fn fresh(&self) -> Result<Browser> {
        let browser = Browser::start(&self.driver, &self.chromium)?;
        let watch = json!({ "source": WATCH });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", &watch)?;
        Ok(browser)
    }
}

fn slow_down(browser: &Browser) -> Result<()> {
    browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": SLOWER }))
}

/// Waits until an expression holds in the page, but not for ever.
fn until(browser: &Browser, expression: &str) -> Result<()> {
    browser.wait_for(expression, PATIENCE)
}

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let folder = crate::root().join("target/site-under-test");
    let out = build::Out::Folder(folder.clone());
    let built = build::site(&build::Options { out, ..build::Options::default() })?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let mut out = format!(
        "Chromium; the page's thread {SLOWER} times slower, the worker's as it is; load of this machine \
         before: {}\n",
        load.split(' ').next().unwrap_or("not known")
    );
    let mut show = |text: &str| {
        eprint!("{text}");
        out.push_str(text);
    };
    for (name, bytes, goal) in build::sizes(&built)? {
        let (name, value, goal) = (format!("size: {name}"), bytes as f64, goal as f64);
        show(&Figure { name, value, goal, unit: "bytes" }.line());
    }
    let setting = setting(&folder, options.quick)?;
    let mut lost = Vec::new();
    for (name, piece) in PIECES {
        match piece(&setting) {
            Ok(figures) => figures.iter().for_each(|it| show(&it.line())),
            Err(error) => {
                show(&format!("{name}: not measured: {error:#}\n"));
                lost.push(name);
            }
        }
    }
    if !lost.is_empty() {
        bail!("not measured: {}", lost.join(", "));
    }
    Ok(out)
}

fn setting(folder: &Path, quick: bool) -> Result<Setting> {
    let find = |name: &str| run::find(name).with_context(|| format!("there is no {name}"));
    Ok(Setting {
        address: served::serve(folder)?,
        driver: find("chromedriver")?,
        chromium: find("chromium")?,
        rounds: if quick { 1 } else { 5 },
    })
}

/// Numbers that the page has written down.
fn numbers(browser: &Browser, expression: &str) -> Result<Vec<f64>> {
    let value = browser.run(&format!("return {expression};"))?;
    let all = value.as_array().with_context(|| format!("no list: {expression}"))?;
    Ok(all.iter().filter_map(Value::as_f64).collect())
}

/// The value that so many of a hundred do not exceed; nothing of no values.
fn percentile(all: &[f64], percent: usize) -> Option<f64> {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    let at = (all.len() * percent).div_ceil(100).max(1) - 1;
    all.get(at).copied()
}

/// The same as a figure, with how many values there were.
fn share(name: &str, all: &[f64], percent: usize, goal: f64) -> Result<Figure> {
    let value = percentile(all, percent).context("nothing was measured")?;
    let mut name = name.to_owned();
    let _ = write!(name, ", p{percent} of {}", all.len());
    Ok(millis(&name, value, goal))
}

#[cfg(test)]
mod tests {
    use super::{Figure, percentile};

    #[test]
    fn percentiles_are_of_the_sorted() {
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 50), Some(2.0));
        assert_eq!(percentile(&[3.0, 1.0, 2.0], 95), Some(3.0));
        assert_eq!(percentile(&[7.0], 50), Some(7.0));
        assert_eq!(percentile(&[], 95), None);
    }

    #[test]
    fn what_is_over_its_goal_is_said_so() {
        let figure = |value| Figure { name: "a".to_owned(), value, goal: 10.0, unit: "ms" }.line();
        assert!(figure(10.0).ends_with("of        10 ms\n"), "{}", figure(10.0));
        assert!(figure(11.0).ends_with("over the goal\n"), "{}", figure(11.0));
    }
}
