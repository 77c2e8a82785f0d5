//! A first visit on a phone: nothing is there yet but the browser.

use anyhow::{Context, Result};
use serde_json::json;

use super::{Figure, IDLE, Setting, millis, numbers, percentile, slow_down, until};

/// The network of Lighthouse's preset for phones: 150 ms there and back, 1.6 Mbit/s down, 0.75 up.
const LATENCY: f64 = 150.0;
const DOWN: f64 = 1_600_000.0 / 8.0;
const UP: f64 = 750_000.0 / 8.0;
/// The size of its window, and how many dots a pixel has.
const WINDOW: (u32, u32, f64) = (412, 823, 1.75);

/// Beyond this a task blocks whoever wants to do something.
const LONG: f64 = 50.0;

/// Several visits, each in a browser of its own; the median of each figure.
pub(super) fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let mut visits = Vec::new();
    for _ in 0..setting.rounds.min(3) {
        visits.push(visit(setting)?);
    }
    let names = [
        ("first visit, phone: largest paint", 1_000.0),
        ("first visit, phone: blocked in all", 50.0),
        ("first visit, phone: the field can be typed into", 1_000.0),
        ("first visit, phone: the engine is ready", 10_000.0),
    ];
    let mut figures = Vec::new();
    for (at, (name, goal)) in names.into_iter().enumerate() {
        let all: Vec<f64> = visits.iter().filter_map(|it| it.get(at).copied()).collect();
        figures.push(millis(name, percentile(&all, 50).context("no visit")?, goal));
    }
    Ok(figures)
}

/// Largest paint, blocked, field, engine: milliseconds from the start.
fn visit(setting: &Setting) -> Result<[f64; 4]> {
    let browser = setting.fresh()?;
    let (width, height, dots) = WINDOW;
    let window =
        json!({ "width": width, "height": height, "deviceScaleFactor": dots, "mobile": true });
    browser.devtools("Emulation.setDeviceMetricsOverride", &window)?;
    browser.devtools("Network.enable", &json!({}))?;
    let network = json!({
        "offline": false, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP,
    });
    browser.devtools("Network.emulateNetworkConditions", &network)?;
    slow_down(&browser)?;
    browser.open(&setting.address)?;
    until(&browser, IDLE)?;
    let ready = browser.run("return performance.now();")?.as_f64().context("no time")?;
    // Entries come a little after what they tell of.
    until(&browser, "self.plimsollSeen.largest > 0 && self.plimsollSeen.field > 0")?;
    std::thread::sleep(std::time::Duration::from_millis(500));
    let of = |name: &str| {
        let value = browser.run(&format!("return self.plimsollSeen.{name};"))?;
        value.as_f64().with_context(|| format!("no {name}"))
    };
    let first = of("first")?;
    let tasks = numbers(&browser, "self.plimsollSeen.blocked.flat()")?;
    let blocked = tasks.chunks(2).filter_map(|it| match it {
        [start, duration] if start + duration > first => {
            // Only what lies behind the first paint keeps anybody from anything.
            Some((duration - (first - start).max(0.0) - LONG).max(0.0))
        }
        _ => None,
    });
    let answer = [of("largest")?, blocked.sum(), of("field")?, ready];
    let tasks = browser.run("return JSON.stringify(self.plimsollSeen.blocked);")?;
    eprintln!("  long tasks, start and length: {}", tasks.as_str().unwrap_or_default());
    Ok(answer)
}
