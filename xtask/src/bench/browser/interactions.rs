//! Somebody at work: keys in a Dockerfile, a Dockerfile with far too many findings, a tour of the page.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::json;

use super::super::webdriver::Browser;
use super::{Figure, IDLE, PATIENCE, Setting, numbers, share, until};

/// What a person waits for at most, in milliseconds.
const GOAL: f64 = 100.0;
/// Keys of WebDriver.
const BACKSPACE: &str = "\u{e003}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// From a key to the frame that has the marks of the answer: the last letter of a user is typed and
/// taken back.
pub(super) fn keys(setting: &Setting) -> Result<Vec<Figure>> {
    let browser = setting.ready()?;
    let lines: String = (0..37).map(|it| format!("COPY file{it} /srv/file{it}\n")).collect();
    fill(&browser, &format!("FROM debian:13\nRUN sudo make\n{lines}USER roo"))?;
    until(&browser, "document.querySelector('#findings [data-rule=no-sudo]')")?;
    until(&browser, IDLE)?;
    browser.run(
        "self.plimsollWatch(() => Boolean(document.querySelector('#findings [data-rule=runs-as-root]')));
         const field = document.querySelector('#input');
         field.focus();
         field.setSelectionRange(field.value.length, field.value.length);",
    )?;
    for number in 0..setting.rounds * 8 {
        browser.press(if number % 2 == 0 { "t" } else { BACKSPACE })?;
        until(&browser, &format!("self.plimsollSeen.times.length > {number}"))?;
    }
    let times = numbers(&browser, "self.plimsollSeen.times")?;
    Ok(vec![
        share("key to marks, 40 lines", &times, 50, GOAL)?,
        share("key to marks, 40 lines", &times, 95, GOAL)?,
    ])
}

/// From a drop to the frame with its findings, and from a filter to the frame without the others.
pub(super) fn many(setting: &Setting) -> Result<Vec<Figure>> {
    let browser = setting.ready()?;
    let text = format!("FROM debian:13\n{}", "ADD a /srv/\n".repeat(3_000));
    browser.run(
        "self.plimsollStart = self.plimsollWatch(() => {
             const shown = document.querySelectorAll('#findings > li').length;
             return shown > 5 ? 'many' : shown > 0 ? 'few' : 'none';
         });",
    )?;
    let mut drops = Vec::new();
    let mut filters = Vec::new();
    let mut number = 0;
    let mut next = || {
        number += 1;
        format!("self.plimsollSeen.times.length >= {number}")
    };
    for _ in 0..setting.rounds {
        fill(&browser, &text)?;
        until(&browser, &next())?;
        until(&browser, IDLE)?;
        let last = "self.plimsollSeen.times.slice(-1)";
        drops.extend(numbers(&browser, last)?);
        // All but one are of one severity: they go, and come back.
        browser.run(
            "const all = [...document.querySelectorAll('#findings [data-severity]')];
             self.plimsollFilter = document.querySelector(`.severities .${all.at(-1).dataset.severity}`);",
        )?;
        for _ in 0..2 {
            browser.run("self.plimsollStart(); self.plimsollFilter.click();")?;
            until(&browser, &next())?;
            filters.extend(numbers(&browser, last)?);
        }
        fill(&browser, "FROM debian:13\nUSER 1000\n")?;
        until(&browser, &next())?;
        until(&browser, IDLE)?;
    }
    Ok(vec![
        share("3,000 findings: from drop to paint", &drops, 50, GOAL)?,
        share("3,000 findings: from filter to paint", &filters, 95, GOAL)?,
    ])
}

/// Drops a Dockerfile on the page, which takes the place of the one in the editor. (Chromium takes half a
/// minute to insert 3,000 lines by script, whatever the page does.)
fn fill(browser: &Browser, text: &str) -> Result<()> {
    let text = json!(text);
    browser
        .run(&format!(
            "const dataTransfer = new DataTransfer();
             dataTransfer.items.add(new File([{text}], 'Dockerfile'));
             self.plimsollStart?.();
             document.body.dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }}));"
        ))
        .map(drop)
}

/// Keys and clicks all over the page, each from the event to the next paint, as the browser reports it.
pub(super) fn tour(setting: &Setting) -> Result<Vec<Figure>> {
    let browser = setting.ready()?;
    browser.open(&format!("{}#example=multi-stage", setting.address))?;
    until(&browser, IDLE)?;
    until(&browser, "document.querySelectorAll('#findings > li').length > 3")?;
    browser.run("self.plimsollSeen.events.length = 0;")?;
    for _ in 0..setting.rounds.min(3) {
        round(&browser)?;
    }
    // Entries come a little after what they tell of.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let ids = numbers(&browser, "self.plimsollSeen.events.map(it => it[0])")?;
    let durations = numbers(&browser, "self.plimsollSeen.events.map(it => it[2])")?;
    // An interaction is as long as its longest event.
    let mut longest = BTreeMap::<u64, f64>::new();
    for (id, duration) in ids.iter().zip(durations) {
        let place = longest.entry(*id as u64).or_default();
        *place = place.max(duration);
    }
    let slow = browser.run(
        "return self.plimsollSeen.events.filter(it => it[2] > 100).map(it => it.slice(1).join(' ')).join(', ');",
    )?;
    eprintln!("  slow events: {}", slow.as_str().context("no list")?);
    // What took less than 16 ms is not told: it is not among those counted.
    let all: Vec<f64> = longest.into_values().collect();
    Ok(vec![
        share("interactions of a tour, 16 ms and more", &all, 50, GOAL)?,
        share("interactions of a tour, 16 ms and more", &all, 95, GOAL)?,
        share("interactions of a tour, 16 ms and more", &all, 100, GOAL)?,
    ])
}

fn round(browser: &Browser) -> Result<()> {
    browser.run("document.querySelector('#results').scrollTop = 0; scrollTo(0, 0);")?;
    browser.click("#findings .fold")?;
    for key in ["j", "j", "k", ENTER] {
        browser.press(key)?;
    }
    // Enter went to the place in the editor.
    browser.press(ESCAPE)?;
    for key in ["e", ESCAPE, "1", "0", "2", "0", "t", "t", "t", "t", "?"] {
        browser.press(key)?;
    }
    browser.wait_for("document.querySelector('#palette[open]')", PATIENCE)?;
    browser.press("root")?;
    browser.press(ESCAPE)?;
    browser.click("button[data-question=root]")?;
    browser.click("button[data-question=root]")?;
    browser.type_into("#filter", "copy")?;
    for _ in 0..4 {
        browser.press(BACKSPACE)?;
    }
    browser.type_into("#input", "# a\n")?;
    until(browser, IDLE)
}
