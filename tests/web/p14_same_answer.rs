//! Promise 14: the page gives the same answer as the command line: for every Dockerfile of our corpus, the JSON
//! that the worker sends is the engine's own, byte for byte.

use std::fs;
use std::path::Path;

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

/// The page's report of a text, as JSON.
pub(crate) fn of_the_page(page: &Page, text: &str) -> String {
    page.run("self.plimsollHeard.length = 0;", vec![]);
    page.drop_files("body", &[("Dockerfile", text.as_bytes())]);
    page.wait_until("self.plimsollHeard.some(it => it.startsWith('done '))");
    let script = "return self.plimsollHeard.findLast(it => it.startsWith('done '));";
    let message = page.run(script, vec![]);
    let (_, json) = message.as_str().unwrap().split_once('\n').unwrap();
    json.to_owned()
}

fn of_the_engine(text: &str, today: &str) -> String {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    report::json(&rules::check(&Case::new(&[document], today.parse().unwrap())))
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
        let native = report::json(&rules::check(&Case::with(&[document], settings, today)));

        let plain = of_the_page(&page, TEXT);
        assert_ne!(plain, native, "the settings change nothing, so nothing is tested");
        let answer = |act: &dyn Fn()| {
            page.run("self.plimsollHeard.length = 0;", vec![]);
            act();
            page.wait_until("self.plimsollHeard.some(it => it.startsWith('done '))");
            page.wait_until_ready();
            let script = "return self.plimsollHeard.findLast(it => it.startsWith('done '));";
            let message = page.run(script, vec![]);
            message.as_str().unwrap().split_once('\n').unwrap().1.to_owned()
        };
        let dropped = || page.drop_files("body", &[("plimsoll.toml", FILE.as_bytes())]);
        assert_eq!(answer(&dropped), native, "{engine:?}, dropped");
        let removed = || page.click("#settings button");
        assert_eq!(answer(&removed), plain, "{engine:?}, removed");
        let pasted = || {
            let script = "
                const clipboardData = new DataTransfer();
                clipboardData.setData('text/plain', arguments[0]);
                document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));";
            page.run(script, vec![serde_json::json!(FILE)]);
        };
        // Firefox gives nobody what a script has put into a clipboard event.
        if engine == Engine::Chromium {
            assert_eq!(answer(&pasted), native, "{engine:?}, pasted");
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
