//! The way by keyboard: from finding to place, to explanation, and back.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Recorder, Site};

const TAB: &str = "\u{e004}";
const BACK: &str = "\u{e008}\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
const END: &str = "\u{e010}";
const F8: &str = "\u{e038}";
const SPACE: &str = " ";

const TEXT: &str = "FROM debian:13\nRUN chmod 777 /a\nRUN chmod 777 /b\nUSER root\n";

fn answered(text: &str) -> (Recorder, Page) {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", text);
    page.wait_until("document.querySelector('#findings > li')");
    page.wait_until_ready();
    (site, page)
}

/// The number in the list of the finding that has the keyboard's place.
fn position(page: &Page) -> Value {
    page.run("return document.activeElement.closest('#findings > li')?.ariaPosInSet;", vec![])
}

fn focused(page: &Page) -> Value {
    page.run("return document.activeElement.id;", vec![])
}

fn selected(page: &Page) -> Value {
    let script = "const editor = document.querySelector('#input');
        return editor.value.slice(editor.selectionStart, editor.selectionEnd);";
    page.run(script, vec![])
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn findings_places_and_explanations_are_reached_by_keys() {
    let (_site, page) = answered(TEXT);
    assert_eq!(focused(&page), json!("input"));
    page.press(ESCAPE);
    page.wait_until("document.activeElement.matches('#findings .fold')");
    assert_eq!(position(&page), json!("1"));
    page.press(DOWN);
    page.press("j");
    page.wait_until("document.activeElement.closest('li')?.ariaPosInSet === '3'");
    page.press("k");
    page.wait_until("document.activeElement.closest('li')?.ariaPosInSet === '2'");

    page.press(SPACE);
    page.wait_until("document.activeElement.getAttribute('aria-expanded') === 'true'");
    page.wait_until("document.activeElement.closest('li').querySelector('.excerpt mark')");

    page.press("e");
    page.wait_until("document.activeElement.matches('#explain h2')");
    let rule =
        page.run("return document.querySelector('#findings .selected').dataset.rule;", vec![]);
    assert_eq!(json!(page.text_of("#explain .about code")), rule);
    assert!(page.text_of("#explain .prose").contains("What to do"));
    page.press(ESCAPE);
    page.wait_until("document.querySelector('#explain').hidden");
    page.wait_until("document.activeElement.closest('li')?.ariaPosInSet === '2'");

    page.press(ENTER);
    page.wait_until("document.activeElement.id === 'input'");
    let place = selected(&page);
    assert_eq!(place, json!("777"));
    page.press(ESCAPE);
    page.wait_until("document.activeElement.closest('li')?.ariaPosInSet === '2'");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn one_stop_of_the_tab_key_is_the_whole_list() {
    let (_site, page) = answered(TEXT);
    let stops = "return document.querySelectorAll('#findings .fold[tabindex=\"0\"]').length;";
    assert_eq!(page.run(stops, vec![]), json!(1));
    page.press(ESCAPE);
    page.wait_until("document.activeElement.matches('#findings .fold')");
    page.press(END);
    page.wait_until("document.activeElement.closest('li')?.nextElementSibling === null");
    assert_eq!(page.run(stops, vec![]), json!(1));
    // Past the chosen finding's own links the list is left.
    for _ in 0..4 {
        page.press(TAB);
    }
    assert_eq!(position(&page), Value::Null);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn f8_goes_from_mark_to_mark_in_the_order_of_the_text() {
    let (_site, page) = answered(TEXT);
    page.run("document.querySelector('#input').setSelectionRange(0, 0);", vec![]);
    let mut seen = Vec::new();
    for _ in 0..3 {
        page.run("self.before = document.querySelector('#input').selectionEnd;", vec![]);
        page.press(F8);
        page.wait_until("document.querySelector('#input').selectionEnd !== self.before");
        page.wait_until("document.activeElement.id === 'input'");
        seen.push(selected(&page));
    }
    assert_eq!(seen, ["777", "777", "USER root"].map(|it| json!(it)));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn letters_in_the_editor_are_letters() {
    let (_site, page) = answered("FROM scratch\nUSER root\n");
    page.run("document.querySelector('#input').setSelectionRange(0, 0);", vec![]);
    page.press("jke1");
    let text = page.run("return document.querySelector('#input').value;", vec![]);
    assert_eq!(text, json!("jke1FROM scratch\nUSER root\n"));
    assert_eq!(page.run("return document.querySelector('#explain').hidden;", vec![]), json!(true));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn tiles_and_severities_filter_the_list() {
    let (_site, page) = answered(TEXT);
    let all = "document.querySelectorAll('#findings > li').length";
    page.click("button[data-question=root]");
    page.wait_until("document.querySelector('button[data-question=root][aria-pressed=true]')");
    page.wait_until(&format!("{all} === 1"));
    page.click(".hidden-findings button");
    page.wait_until(&format!("{all} > 2"));
    page.click(".severities .high");
    page.wait_until("!document.querySelector('#findings [data-severity=high]')");
    assert!(page.text_of(".hidden-findings").contains("hidden"));
    page.press("0");
    page.press(ESCAPE);
    page.wait_until("document.querySelector('#findings [data-severity=high]')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_list_of_thousands_keeps_few_items_and_every_one_is_reached() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    let text = format!("FROM scratch\n{}USER 1:1\n", "RUN chmod 777 /a\n".repeat(3_000));
    page.drop_files("body", &[("Dockerfile", text.as_bytes())]);
    page.wait_until("document.querySelector('#findings > li')?.ariaSetSize >= 3000");
    page.wait_until("document.querySelectorAll('#findings > li').length <= 60");
    page.run("document.querySelector('#findings .fold').focus();", vec![]);
    page.press(END);
    let last = "document.activeElement.closest('li')?.ariaPosInSet ===
        document.activeElement.closest('li')?.ariaSetSize";
    page.wait_until(last);
    for _ in 0..50 {
        page.press("k");
    }
    page.wait_until("document.activeElement.closest('li')?.ariaSetSize - document.activeElement.closest('li')?.ariaPosInSet === 50");
    page.wait_until("document.querySelectorAll('#findings > li').length <= 60");
    // A place far up is drawn as soon as it is scrolled to.
    page.run("document.querySelector('#results').scrollTop = 30_000;", vec![]);
    let drawn = "(() => {
        const frame = document.querySelector('#results').getBoundingClientRect();
        const shown = [...document.querySelectorAll('#findings > li')]
            .map(it => it.getBoundingClientRect())
            .filter(it => it.bottom > frame.top && it.top < frame.bottom);
        return shown.length > 3 && shown[0].top <= frame.top + 60 &&
            shown.at(-1).bottom >= frame.bottom - 10;
    })()";
    page.wait_until(drawn);
    page.wait_until("document.querySelectorAll('#findings > li').length <= 60");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_chosen_finding_is_come_back_to_from_wherever_the_list_was_left() {
    let (_site, page) = answered(&format!("FROM a\n{TEXT}{}", "RUN chmod 777 /c\n".repeat(200)));
    page.press(ESCAPE);
    page.wait_until("document.activeElement.closest('li')?.ariaPosInSet === '1'");
    page.press("jj");
    page.wait_until("document.activeElement.closest('li')?.ariaPosInSet === '3'");
    page.run("document.querySelector('#cleared-heading button').focus();", vec![]);
    page.wait_until("!document.querySelector('#findings > li[aria-posinset=\"3\"]')");
    for _ in 0..30 {
        if position(&page) != Value::Null {
            break;
        }
        page.press(BACK);
        page.wait_until_settled();
    }
    page.wait_until("document.activeElement.closest('#findings > li')?.ariaPosInSet === '3'");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_tab_key_leaves_the_editor_or_writes_a_tab() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.type_into("#input", "FROM scratch");
    page.press(TAB);
    assert_ne!(focused(&page), json!("input"));
    // Control and m: the status line says what the key does, and the key does it.
    page.type_into("#input", "\u{e009}m");
    page.wait_until("document.querySelector('#tab').textContent === 'writes a tab'");
    page.press(TAB);
    page.wait_until("document.querySelector('#input').value === 'FROM scratch\\t'");
    assert_eq!(focused(&page), json!("input"));
    page.wait_until("document.querySelector('#mirror').textContent.includes('scratch\\t')");
    // Back goes as before, and the same chord switches it off.
    page.press(BACK);
    assert_ne!(focused(&page), json!("input"));
    page.type_into("#input", "\u{e009}m");
    page.wait_until("document.querySelector('#tab').textContent === 'leaves the editor'");
}
