//! Promise 5: nothing is kept unless you ask. After a tour over everything the browser's stores are searched
//! for the word that was handed in. The page has no switch that keeps anything.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Site};
use crate::p1_nothing_leaves::{canary, tour};

const LEFTOVERS: &str = include_str!("leftovers.js");

/// The stores in which a word is found, and how many lines were searched.
fn stores_with(page: &Page, word: &str) -> (Vec<String>, usize) {
    let lines = page.run_until_done(
        &format!("{LEFTOVERS}\nleftovers().then(done, error => done([`failed: ${{error}}`]));"),
        vec![],
    );
    let lines: Vec<String> =
        lines.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    assert!(lines.iter().all(|it| !it.starts_with("failed: ")), "{lines:?}");
    let found = lines.iter().filter(|it| it.contains(word));
    let store = |it: &String| it.split(": ").next().unwrap_or_default().to_owned();
    (found.map(store).collect(), lines.len())
}

fn nothing_is_kept(engine: Engine) {
    let (site, word) = (Site::built().serve(), canary());
    let page = Page::open(engine, site.origin(), "/");
    page.wait_until_settled();
    tour(&page, &word);
    let (stores, n_lines) = stores_with(&page, &word);
    // The copy of the site is among what was searched.
    assert!(n_lines > 100, "{n_lines}");
    assert_eq!(stores, Vec::<String>::new());
    // Nor does it come back.
    page.go("/");
    page.wait_until_ready();
    let all = page.run(
        "return document.documentElement.outerHTML + document.querySelector('#input').value;",
        vec![],
    );
    assert!(!all.as_str().unwrap().contains(&word));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_is_kept_in_chromium() {
    nothing_is_kept(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_is_kept_in_firefox() {
    nothing_is_kept(Engine::Firefox);
}

/// The control run: a page that keeps what is typed, in every store there is, is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_that_keeps_everything_is_found_out() {
    let word = canary();
    let script = "
        addEventListener('input', async ({ target }) => {
            const text = target.value;
            localStorage.setItem('text', text);
            sessionStorage.setItem('text', text);
            self.name = text;
            document.cookie = `text=${encodeURIComponent(text)}`;
            history.replaceState({ text }, '', `#kept=${encodeURIComponent(text)}`);
            await (await caches.open('kept')).put('/kept', new Response(text));
            const file = await (await navigator.storage.getDirectory()).getFileHandle('kept', { create: true });
            const writer = await file.createWritable();
            await writer.write(text);
            await writer.close();
            const request = indexedDB.open('kept');
            request.onupgradeneeded = () => request.result.createObjectStore('texts', { autoIncrement: true });
            request.onsuccess = () => {
                const work = request.result.transaction('texts', 'readwrite');
                work.objectStore('texts').add({ text });
                work.oncomplete = () => { request.result.close(); self.kept = true; };
            };
        }, true);";
    let site = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", &format!("FROM {word}\n"));
    page.wait_until("self.kept");
    let (stores, _) = stores_with(&page, &word);
    for expected in [
        "local storage",
        "session storage",
        "cookies",
        "window name",
        "history state",
        "address",
        "file kept",
        "database kept texts",
    ] {
        assert!(stores.iter().any(|it| it == expected), "{expected} is not among {stores:?}");
    }
    assert!(stores.iter().any(|it| it.starts_with("cache ")), "{stores:?}");
}

/// Without a word in it a search proves nothing.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn every_store_can_be_searched() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_settled();
    let (stores, _) = stores_with(&page, "plimsoll");
    assert!(stores.len() > 50, "{stores:?}");
    let value: Value = page.run("return self.origin;", vec![]);
    assert_ne!(value, json!("null"));
}
