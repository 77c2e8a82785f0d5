//! The page is accessible, as far as a checker can tell: on wide and narrow windows, empty and with
//! an answer.

use crate::harness::{Engine, Page, Site};

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_checker_finds_nothing_to_complain_about() {
    for (width, height) in [(1280, 900), (360, 740)] {
        let site = Site::built().serve();
        let page = Page::open(Engine::Chromium, site.origin(), "/");
        page.resize(width, height);
        page.wait_until_ready();
        assert_eq!(page.axe(), Vec::<String>::new(), "empty, {width} wide");
        page.screenshot(&format!("empty-{width}"));
        page.paste("#input", "FROM debian:12\nENV API_TOKEN=abc\nUSER root\n");
        page.wait_until("document.querySelector('#findings [data-rule]')");
        page.wait_until_ready();
        assert_eq!(page.axe(), Vec::<String>::new(), "answered, {width} wide");
        page.screenshot(&format!("answered-{width}"));
    }
}

/// The control run: a page with a nameless button and pale text is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_the_checker_complains_about_a_bad_page() {
    let script = "
        addEventListener('load', () => {
            const text = document.createElement('p');
            text.textContent = 'pale';
            text.style.color = '#ddd';
            text.style.background = '#fff';
            document.querySelector('main').append(document.createElement('button'), text);
        });";
    let site = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    let complaints = page.axe().join("\n");
    for expected in ["button-name: ", "color-contrast: "] {
        assert!(complaints.contains(expected), "{expected} is not among\n{complaints}");
    }
}
