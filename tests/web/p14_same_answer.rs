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
