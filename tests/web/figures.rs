//! How fast the page is, in a real browser: measured, printed beside its goal, and never asserted, since it
//! depends on the machine. `cargo xtask bench --browser` runs it.
//!
//! The processor is slowed down to a quarter by Chromium's own switch, as its audits do for phones.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Site};

/// How many times slower than this machine.
const SLOWER: u32 = 4;
/// How often a key is pressed.
const KEYS: u32 = 20;

/// A figure: its name, what was measured, the goal, the unit.
struct Figure(&'static str, f64, f64, &'static str);

#[test]
#[ignore = "runs through `cargo xtask bench --browser`"]
#[allow(clippy::print_stdout, reason = "what it measures is what it is for")]
fn print() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/docs/");
    // A first visit of a phone: nothing is there yet but the browser.
    page.resize(400, 860);
    page.slow_down(SLOWER);
    page.go("/");
    page.wait_until_ready();
    let [lcp, tbt] = first_visit(&page);
    page.wait_until_settled();
    page.resize(1280, 900);
    let keys = keys_to_marks(&page);
    let many = many_findings(&page);
    let interactions = tour(&page);
    let figures = [
        Figure("largest paint of a first visit", lcp, 1000.0, "ms"),
        Figure("time blocked in a first visit", tbt, 50.0, "ms"),
        Figure("key to marks, p50", percentile(&keys, 50), 100.0, "ms"),
        Figure("key to marks, p95", percentile(&keys, 95), 100.0, "ms"),
        Figure("3,000 findings, paste to paint, median", percentile(&many, 50), 100.0, "ms"),
        Figure("interactions of a tour, p95", percentile(&interactions, 95), 100.0, "ms"),
        Figure("interactions of a tour, worst", percentile(&interactions, 100), 100.0, "ms"),
    ];
    println!("Chromium, processor {SLOWER} times slower, server on this machine");
    println!("{} keys, {} pastes, {} interactions", keys.len(), many.len(), interactions.len());
    for Figure(name, value, goal, unit) in figures {
        let over = if value > goal { "  over the goal" } else { "" };
        println!("{name:<40} {value:>8.0} of {goal:>5.0} {unit}{over}");
    }
}

/// The largest paint, and how long the page was blocked by tasks of more than 50 ms.
fn first_visit(page: &Page) -> [f64; 2] {
    let script = "
        const all = type => new Promise(found => {
            const observer = new PerformanceObserver(list => found(list.getEntries()));
            observer.observe({ type, buffered: true });
            setTimeout(() => found([]), 2000);
        });
        Promise.all([all('largest-contentful-paint'), all('longtask')]).then(([paints, tasks]) => {
            const blocked = tasks.reduce((sum, it) => sum + Math.max(0, it.duration - 50), 0);
            done([paints.at(-1)?.startTime ?? -1, blocked]);
        });";
    let answer = page.run_until_done(script, vec![]);
    [&answer[0], &answer[1]].map(|it| it.as_f64().unwrap())
}

/// From the event of a key to the frame that shows what it changed, in milliseconds each.
const TIMES: &str = "
    self.times = [];
    self.watch = (place, test) => {
        let start = null;
        const check = () => {
            if (start === null || !test()) return;
            const since = start;
            start = null;
            requestAnimationFrame(() => { setTimeout(() => self.times.push(performance.now() - since)); });
        };
        document.querySelector('#input').addEventListener('input', event => { start = event.timeStamp; }, true);
        new MutationObserver(check).observe(document.body,
            { subtree: true, childList: true, attributes: true, characterData: true });
    };";

fn keys_to_marks(page: &Page) -> Vec<f64> {
    // Forty lines, and a last one that every second key makes wrong.
    let lines: String = (0..38).map(|it| format!("COPY file{it} /srv/file{it}\n")).collect();
    page.paste("#input", &format!("FROM debian:13\n{lines}USER roo"));
    page.wait_until_ready();
    let script = format!(
        "{TIMES}
        const state = () => document.querySelector('#findings [data-rule=runs-as-root]') !== null;
        let last = state();
        self.watch('#findings', () => {{
            const now = state();
            const changed = now !== last;
            last = now;
            return changed;
        }});
        const input = document.querySelector('#input');
        input.focus();
        input.setSelectionRange(input.value.length, input.value.length);"
    );
    page.run(&script, vec![]);
    for key in 0..KEYS {
        page.press(if key % 2 == 0 { "t" } else { "\u{e003}" });
        page.wait_until(&format!("self.times.length === {}", key + 1));
    }
    numbers(&page.run("return self.times;", vec![]))
}

fn many_findings(page: &Page) -> Vec<f64> {
    let mut times = Vec::new();
    for _ in 0..3 {
        page.go("/");
        page.wait_until_ready();
        let text = format!("FROM debian:13\n{}", "ADD a /srv/\n".repeat(3000));
        page.run(&format!("{TIMES}\nself.watch('#findings', () => document.querySelectorAll('#findings > li').length > 5);"), vec![]);
        page.paste("#input", &text);
        page.wait_until("self.times.length === 1");
        times.extend(numbers(&page.run("return self.times;", vec![])));
    }
    times
}

/// Keys and clicks all over the page, each from the event to the next paint, as the browser reports it.
fn tour(page: &Page) -> Vec<f64> {
    let script = "
        self.interactions = [];
        new PerformanceObserver(list => {
            for (const it of list.getEntries()) if (it.interactionId) self.interactions.push([it.interactionId, it.duration]);
        }).observe({ type: 'event', durationThreshold: 16, buffered: false });
        document.querySelector('#results').focus();";
    page.run(script, vec![]);
    page.run("document.querySelector('#findings .fold').focus();", vec![]);
    for key in ["j", "j", "k", "\u{e007}", "e", "\u{e00c}", "1", "0", "2", "0"] {
        page.press(key);
    }
    for selector in [
        "button[data-question=root]",
        "button[data-question=root]",
        "#theme",
        "#theme",
        "#theme",
        "#theme",
        "#help",
    ] {
        page.click(selector);
    }
    page.press("root");
    page.press("\u{e00c}");
    page.type_into("#filter", "copy");
    page.run("document.querySelector('#filter').value = '';", vec![]);
    page.type_into("#input", "# a\n");
    page.wait_until_ready();
    page.pause();
    let all = page.run("return self.interactions;", vec![]);
    // An interaction is as long as its longest event.
    let mut longest = std::collections::BTreeMap::<i64, f64>::new();
    for it in all.as_array().unwrap() {
        let place = longest.entry(it[0].as_i64().unwrap()).or_default();
        *place = place.max(it[1].as_f64().unwrap());
    }
    longest.into_values().collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect()
}

fn percentile(all: &[f64], percent: usize) -> f64 {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    let at = (all.len() * percent).div_ceil(100).max(1) - 1;
    all.get(at).copied().unwrap_or(f64::NAN)
}

#[test]
fn percentiles_are_of_the_sorted() {
    assert_eq!(percentile(&[3.0, 1.0, 2.0], 50), 2.0);
    assert_eq!(percentile(&[3.0, 1.0, 2.0], 95), 3.0);
    assert_eq!(percentile(&[7.0], 50), 7.0);
    assert_eq!(json!([1.0, 2.5]).as_array().map(Vec::len), Some(numbers(&json!([1.0, 2.5])).len()));
}
