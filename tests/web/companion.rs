//! The companion: pages to read, a search that needs no network, examples that open in the checker.

use serde_json::json;

use crate::harness::{Engine, Page, Site};

/// WebDriver's codes.
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";

/// One page of each make.
const PAGES: [&str; 9] = [
    "/docs/",
    "/docs/rules/",
    "/docs/rules/runs-as-root/",
    "/docs/four-questions/",
    "/docs/exercise/",
    "/docs/in-ci/",
    "/docs/reading-a-report/",
    "/docs/from-hadolint/",
    "/docs/privacy/",
];

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn its_pages_are_accessible_and_fit_the_window() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/docs/");
    for scheme in ["light", "dark"] {
        page.emulate("prefers-color-scheme", scheme);
        for width in [1280, 360] {
            page.resize(width, 800);
            for path in PAGES {
                page.go(path);
                page.wait_until("!document.getElementById('search').hidden");
                assert_eq!(page.axe(), Vec::<String>::new(), "{path}, {scheme}, {width} wide");
                let overflow = "const it = document.documentElement;
                    return it.scrollWidth - it.clientWidth;";
                assert_eq!(page.run(overflow, vec![]), json!(0), "{path}, {width} wide");
                let name = path.trim_matches('/').replace('/', "-");
                page.screenshot(&format!("{name}-{scheme}-{width}"));
            }
        }
    }
    // Every page of prose fits a phone.
    page.go("/docs/");
    let all = "return [...document.querySelectorAll('ul.topics a')].map((it) => it.pathname);";
    let all = page.run(all, vec![]);
    let all = all.as_array().unwrap();
    assert!(all.len() > 15, "{all:?}");
    for path in all.iter().map(|it| it.as_str().unwrap()) {
        page.go(path);
        let overflow = "const it = document.documentElement;
            return it.scrollWidth - it.clientWidth;";
        assert_eq!(page.run(overflow, vec![]), json!(0), "{path}");
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_search_is_used_with_the_keyboard() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().serve();
        let page = Page::open(engine, site.origin(), "/docs/four-questions/");
        page.wait_until("!document.getElementById('search').hidden");
        let n_loading = site.requests().len();
        page.press("/");
        page.wait_until("document.activeElement.id === 'query'");
        page.press("dl3002");
        page.wait_until("document.querySelector('#hits a')");
        assert_eq!(site.requests().len(), n_loading, "{engine:?}: the search asks nobody");
        page.press(DOWN);
        page.wait_until("document.activeElement.matches('#hits a')");
        page.press(ENTER);
        page.wait_until("location.pathname.startsWith('/docs/rules/')");
        page.wait_until("document.querySelector('.facts')?.textContent.includes('DL3002')");
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn an_example_opens_in_the_checker() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/docs/rules/runs-as-root/");
    page.click(".verdicts a");
    page.wait_until("document.getElementById('input')?.value.includes('USER root')");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    let asked = site.lines();
    assert!(asked.iter().all(|it| !it.contains("text=")), "{asked:?}");
}

/// What the page on privacy says about itself after its button was pressed.
fn tries(site: Site) -> String {
    let site = site.serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/docs/privacy/");
    page.wait_until("!document.getElementById('leak').hidden");
    page.click("#leak-try");
    page.wait_until("document.getElementById('leak-status').textContent.endsWith('browser.')");
    let arrived = site.lines().iter().filter(|it| it.contains("plimsoll-leak-try")).count();
    format!("{} {arrived} arrived.", page.text_of("#leak-status"))
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn trying_to_leak_is_refused() {
    assert_eq!(tries(Site::built()), "16 of 16 attempts were refused by the browser. 0 arrived.");
}

/// The control run: without policies the attempts arrive, and the page says that they were not refused.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_trying_to_leak_without_policies_succeeds() {
    let said = tries(Site::built().with_open_page("docs/privacy/index.html"));
    assert!(said.starts_with("0 of 16 attempts"), "{said}");
    assert!(!said.ends_with(" 0 arrived."), "{said}");
}
