//! Promise 3: works in airplane mode. After one visit the whole site opens without its server; a newer
//! version waits for the person. And promise 12: what keeps the site serves its files and nothing else.

use serde_json::json;
use xtask::digest;

use crate::harness::{Engine, Page, Site};

const ENTER: &str = "\u{e007}";

fn visited(engine: Engine, site: Site) -> (crate::harness::Recorder, Page) {
    let server = site.serve();
    let page = Page::open(engine, server.origin(), "/");
    page.wait_until_settled();
    (server, page)
}

#[track_caller]
fn checks(page: &Page) {
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
}

fn opens_without_its_server(engine: Engine) {
    let (server, page) = visited(engine, Site::built());
    assert!(page.text_of("#edition").contains("Works offline."));
    assert!(page.text_of("#edition").contains("facts as of 20"), "{}", page.text_of("#edition"));
    server.stop();
    let n_before = server.requests().len();

    page.go("/");
    page.wait_until_ready();
    checks(&page);
    page.wait_until("document.querySelector('#status[data-airlock=closed]')");
    let watch = "const real = URL.createObjectURL;
         URL.createObjectURL = blob => { self.saved = blob; return real.call(URL, blob); };";
    page.run(watch, vec![]);
    page.run("document.querySelector('#results').focus();", vec![]);
    page.press("\u{e009}k");
    page.wait_until("document.activeElement.id === 'query'");
    page.press("report as sarif");
    page.wait_until("document.querySelectorAll('#commands li').length === 1");
    page.press(ENTER);
    page.wait_until("self.saved");
    let text = page.run_until_done("self.saved.text().then(done);", vec![]);
    assert!(text.as_str().is_some_and(|it| it.contains("\"runs-as-root\"")), "{text}");

    page.go("/docs/");
    page.wait_until("!document.getElementById('search').hidden");
    page.press("/");
    page.wait_until("document.activeElement.id === 'query'");
    page.press("dl3002");
    page.wait_until("document.querySelector('#hits a')");
    page.press(ENTER);
    page.wait_until("document.querySelector('.facts')?.textContent.includes('DL3002')");
    page.click(".verdicts a");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.screenshot(&format!("offline-{engine:?}").to_lowercase());
    assert_eq!(server.requests().len(), n_before);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_site_opens_without_its_server_in_chromium() {
    opens_without_its_server(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_site_opens_without_its_server_in_firefox() {
    opens_without_its_server(Engine::Firefox);
}

/// The control run: without what keeps the site, there is nothing once the server is gone.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_site_that_is_not_kept_does_not_open() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let (server, page) = visited(engine, Site::built().without_file("service-worker.js"));
        assert_eq!(page.run("return document.body.dataset.offline;", vec![]), json!("none"));
        assert!(!page.text_of("#edition").contains("offline"));
        checks(&page);
        server.stop();
        for path in ["/", "/docs/"] {
            assert!(!page.goes(path), "{engine:?} opened {path}");
        }
    }
}

/// A page that only a newer version has.
const NEW_PAGE: &str = "<!doctype html><title>new</title><p id=\"new\">new</p>";

fn newer() -> Site {
    Site::built().with_file("docs/index.html", NEW_PAGE).with_file("new.html", NEW_PAGE)
}

fn a_newer_version_waits(engine: Engine) {
    let (server, site) = Site::built().serve_changing();
    let page = Page::open(engine, server.origin(), "/");
    page.wait_until_settled();
    *site.lock().unwrap() = newer().listed();
    page.go("/");
    page.wait_until_ready();
    page.run("self.stays = true;", vec![]);
    checks(&page);
    page.wait_until("document.querySelector('#newer + .banner')");
    page.screenshot(&format!("newer-{engine:?}").to_lowercase());
    // Nothing was taken away, and the page still works.
    assert_eq!(page.run("return self.stays;", vec![]), json!(true));
    page.paste("#input", "FROM scratch\nUSER 5\n");
    page.wait_until("!document.querySelector('#findings [data-rule=runs-as-root]')");
    assert_eq!(page.axe(), Vec::<String>::new());
    let names = page.run_until_done("caches.keys().then(done);", vec![]);
    assert_eq!(names.as_array().map(Vec::len), Some(2), "the version before stays: {names}");
    if engine == Engine::Firefox {
        page.click("#newer + .banner button:last-child");
        page.wait_until("!document.querySelector('#newer + .banner') && self.stays");
        page.go("/");
    } else {
        page.click("#newer + .banner button:first-child");
    }
    page.wait_until("!self.stays");
    page.wait_until_ready();
    checks(&page);
    server.stop();
    page.go("/new.html");
    assert_eq!(page.text_of("#new"), "new");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_newer_version_waits_for_the_person_in_chromium() {
    a_newer_version_waits(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_newer_version_waits_for_the_person_in_firefox() {
    a_newer_version_waits(Engine::Firefox);
}

/// Of a version that is not complete, or not what its list says, nothing is used.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_version_that_is_not_complete_is_not_used() {
    let incomplete = newer().listed().without_file("new.html");
    let changed = newer().listed().with_file("new.html", "changed on the way");
    for broken in [incomplete, changed] {
        let (server, site) = Site::built().serve_changing();
        let page = Page::open(Engine::Chromium, server.origin(), "/");
        page.wait_until_settled();
        *site.lock().unwrap() = broken;
        page.go("/");
        page.wait_until_ready();
        let asked = || server.lines().contains(&"GET /new.html".to_owned());
        for _ in 0..200 {
            if asked() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        assert!(asked(), "the newer version was not looked at");
        page.pause();
        let names = page.run_until_done("caches.keys().then(done);", vec![]);
        assert_eq!(names.as_array().map(Vec::len), Some(1), "{names}");
        let banner = "return document.querySelector('#newer + .banner');";
        assert_eq!(page.run(banner, vec![]), json!(null));
        server.stop();
        page.go("/docs/");
        page.wait_until("document.querySelector('h1')?.textContent.includes('companion')");
    }
}

/// What a page without any policy of its own gets when it asks: one line for each request that
/// arrived.
fn arrivals(site: Site, keeps: bool) -> Vec<String> {
    let server = site.with_file("plain.html", "<!doctype html><title>plain</title>").serve();
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    page.wait_until_settled();
    page.go("/plain.html");
    let script = "return Boolean(navigator.serviceWorker.controller);";
    assert_eq!(page.run(script, vec![]), json!(keeps));
    let n_before = server.requests().len();
    let script = "
        const tell = navigator.serviceWorker.controller;
        tell?.postMessage({ type: 'SKIP_WAITING', url: '/told', secret: 'told' });
        const all = [
            fetch('/index.html'), fetch('/docs/'), fetch('/index.html?query'),
            fetch('/docs/', { method: 'POST', body: 'x' }), fetch('/index.html', { method: 'HEAD' }),
            fetch('/unlisted'),
        ];
        Promise.allSettled(all).then(() => setTimeout(done, 1000));";
    page.run_until_done(script, vec![]);
    let mut lines = server.lines().split_off(n_before);
    // The browser's own look for a newer version.
    lines.retain(|it| it != "GET /service-worker.js");
    lines.sort();
    lines
}

/// The files of the list do not need the server; everything else goes past, and a message is not heard.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn only_the_files_of_the_list_are_served() {
    let rest =
        ["GET /index.html?query", "GET /unlisted", "HEAD /index.html", "POST /docs/"].to_vec();
    assert_eq!(arrivals(Site::built(), true), rest);
    let mut all = [&["GET /docs/", "GET /index.html"], &rest[..]].concat();
    all.sort_unstable();
    let lines = arrivals(Site::built().without_file("service-worker.js"), false);
    assert_eq!(lines, all, "the control run");
}

/// What a service worker could hear, beside what ours may.
fn ears(source: &str) -> Vec<String> {
    let (head, rest) = source.split_once("const FILES = ").unwrap();
    let (_, code) = rest.split_once(";\n").unwrap();
    let listens = format!("{head}{code}");
    let mut found: Vec<String> = listens
        .split("addEventListener(\"")
        .skip(1)
        .filter_map(|it| it.split('"').next())
        .filter(|it| !["install", "activate", "fetch"].contains(it))
        .map(str::to_owned)
        .collect();
    let words = ["onmessage", "onpush", "onsync", "onfetch", "importScripts", "BroadcastChannel"];
    found.extend(words.iter().filter(|it| listens.contains(**it)).map(|it| it.to_string()));
    found
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_keeps_the_site_hears_no_message() {
    let site = Site::built();
    let source = String::from_utf8(site.file("service-worker.js").to_vec()).unwrap();
    assert_eq!(source.matches("addEventListener(").count(), 3);
    assert_eq!(ears(&source), Vec::<String>::new());
    let bad = format!("{source}\nself.addEventListener(\"message\", x); self.onpush = x;");
    assert_eq!(ears(&bad), ["message", "onpush"]);
}

/// Whoever publishes the site can say what it consists of, and whoever visits it can compare.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn every_file_is_among_the_checksums() {
    let site = Site::built();
    let sums = String::from_utf8(site.file("checksums.txt").to_vec()).unwrap();
    let files = site.paths().filter(|it| *it != "checksums.txt");
    let computed: String =
        files.map(|it| format!("{}  {it}\n", digest::sha384_hex(site.file(it)))).collect();
    assert_eq!(sums, computed);
    assert!(sums.contains("  service-worker.js\n"));
}
