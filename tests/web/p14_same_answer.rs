//! Promise 14: the page gives the same answer as the command line: for every Dockerfile of our corpus, what the
//! worker tells the page to draw, and the JSON that it saves, are the engine's own, byte for byte.

use std::fs;
use std::path::Path;

use report::Report;
use report::wire::Tell;
use rules::{Case, Document};

use crate::harness::{Engine, Page, Site};

pub(crate) const WATCH: &str = include_str!("canaries.js");

pub(crate) fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|it| it.unwrap().path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "Dockerfile"));
    paths.sort();
    let read = |it: &std::path::PathBuf| {
        (it.display().to_string(), rules::page::filled(&fs::read_to_string(it).unwrap()))
    };
    paths.iter().map(read).collect()
}

/// What is drawn of a report, and the report as JSON.
type Both = [String; 2];

/// The page's report of a text.
pub(crate) fn of_the_page(page: &Page, text: &str) -> Both {
    answer(page, || page.drop_files("body", &[("Dockerfile", text.as_bytes())]))
}

/// What the page is told when something is done, and what it is given to save.
fn answer(page: &Page, act: impl Fn()) -> Both {
    page.run("self.plimsollHeard.length = 0;", vec![]);
    act();
    let told = |word: &str| {
        page.wait_until(&format!("self.plimsollHeard.some(it => it.startsWith('{word} '))"));
        page.wait_until_ready();
        let script = format!("return self.plimsollHeard.findLast(it => it.startsWith('{word} '));");
        let message = page.run(&script, vec![]);
        message.as_str().unwrap().split_once('\n').unwrap().1.to_owned()
    };
    let drawn = told("done");
    page.run("document.querySelector('#save-json').click();", vec![]);
    [drawn, told("gave")]
}

fn of_the_engine(text: &str, today: &str) -> Both {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    both(rules::check(&Case::new(&[document], today.parse().unwrap())))
}

/// What the engine says is drawn of a report, and its JSON.
pub(crate) fn both(report: Report) -> Both {
    let json = report::json(&report);
    let told = Tell::done(0, report, Vec::new()).to_text().unwrap();
    [told.split_once('\n').unwrap().1.to_owned(), json]
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_page_answers_as_the_command_line_does() {
    let corpus = corpus();
    assert!(corpus.len() >= 30, "the corpus is gone");
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().with_script(WATCH).serve();
        let page = Page::open(engine, site.origin(), "/");
        page.wait_until_ready();
        let today = page.run("return new Date().toISOString().slice(0, 10);", vec![]);
        let today = today.as_str().unwrap();
        for (name, text) in &corpus {
            assert_eq!(of_the_page(&page, text), of_the_engine(text, today), "{engine:?}, {name}");
        }
    }
}

/// What a project's settings change is changed the same way, whichever way the file comes in.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn settings_change_the_answer_as_on_the_command_line() {
    const TEXT: &str = "ARG VERSION=13\nFROM debian:$VERSION AS one\nRUN sudo make\nUSER root\nFROM one AS two\nUSER 1\n";
    const FILE: &str = "target = \"one\"\ntrusted = [\"ghcr.io/example\"]\n[arguments]\nVERSION = \"12\"\n\
                        [rules]\nDL3004 = { off = \"only our own tools\" }\nbase-not-pinned-by-digest = \"on\"\n";
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().with_script(WATCH).serve();
        let page = Page::open(engine, site.origin(), "/");
        page.wait_until_ready();
        let today = page.run("return new Date().toISOString().slice(0, 10);", vec![]);
        let today = today.as_str().unwrap().parse().unwrap();
        let document = Document { name: "Dockerfile", bytes: TEXT.as_bytes(), taken_for: None };
        let settings = settings::read(FILE).unwrap().settings;
        let native = both(rules::check(&Case::with(&[document], settings, today)));

        let plain = of_the_page(&page, TEXT);
        assert_ne!(plain, native, "the settings change nothing, so nothing is tested");
        let dropped = || page.drop_files("body", &[("plimsoll.toml", FILE.as_bytes())]);
        assert_eq!(answer(&page, dropped), native, "{engine:?}, dropped");
        let removed = || page.click("#settings button");
        assert_eq!(answer(&page, removed), plain, "{engine:?}, removed");
        let pasted = || {
            let script = "
                const clipboardData = new DataTransfer();
                clipboardData.setData('text/plain', arguments[0]);
                document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));";
            page.run(script, vec![serde_json::json!(FILE)]);
        };
        // Firefox gives nobody what a script has put into a clipboard event.
        if engine == Engine::Chromium {
            assert_eq!(answer(&page, pasted), native, "{engine:?}, pasted");
        }
    }
}

/// The control run: an answer with one other letter is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_another_answer_is_found_out() {
    let script = format!(
        "{WATCH}
        const heard = self.plimsollHeard;
        const real = heard.push;
        heard.push = (text) => real.call(heard, text.replace('runs-as-root', 'runs-as-toor'));"
    );
    let site = Site::built().with_script(&script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    let today = page.run("return new Date().toISOString().slice(0, 10);", vec![]);
    let text = "FROM debian:13\nUSER root\n";
    assert_ne!(of_the_page(&page, text), of_the_engine(text, today.as_str().unwrap()));
}
