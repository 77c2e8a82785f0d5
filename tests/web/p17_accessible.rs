//! Promise 17: the pages are accessible in what `accessible.rs`, `page_look.rs` and `companion.rs` leave out: high
//! contrast, forced colors, text of twice the size; where the keyboard's place is can be seen everywhere; nothing
//! moves for those who do not want it.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Recorder, Site};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const TEXT: &str = "FROM debian:12\nENV API_TOKEN=abc\nRUN chmod 777 /a\nUSER root\n";
const VIEWS: [&str; 4] = ["/", "/compare/", "/docs/rules/runs-as-root/", "/docs/settings/"];

fn opened(script: &str) -> (Recorder, Page) {
    let server = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    page.wait_until_ready();
    (server, page)
}

fn answered(page: &Page) {
    page.paste("#input", TEXT);
    page.wait_until("document.querySelectorAll('#findings > li').length > 2");
    page.wait_until_ready();
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_is_wrong_in_high_contrast_forced_colors_and_large_text() {
    let looks = [("prefers-contrast", "more"), ("forced-colors", "active"), ("text", "200%")];
    for (feature, value) in looks {
        let (_server, page) = opened("");
        if feature != "text" {
            page.emulate(feature, value);
        }
        for (path, width) in VIEWS.into_iter().flat_map(|it| [(it, 1280), (it, 360)]) {
            page.resize(width, 800);
            page.go(path);
            if path == "/" {
                page.wait_until_ready();
                answered(&page);
            }
            if feature == "text" {
                page.run(
                    "document.documentElement.style.fontSize = arguments[0];",
                    vec![json!(value)],
                );
            }
            assert_eq!(
                page.axe(),
                Vec::<String>::new(),
                "{path}, {feature}: {value}, {width} wide"
            );
            let name = path.trim_matches('/').replace('/', "-");
            page.screenshot(&format!("{feature}-{name}-{width}"));
        }
    }
}

/// The panels by their numbers; side by side, they are one.
fn panels(width: u32) -> std::ops::RangeInclusive<u32> {
    if width < 760 { 1..=2 } else { 1..=1 }
}

fn show(page: &Page, width: u32, panel: u32) {
    if panels(width).count() > 1 {
        page.click(&format!(".panels button:nth-child({panel})"));
    }
}

/// Where the keyboard's place cannot be seen, walking over the whole page by tab.
fn unseen(page: &Page) -> (usize, Vec<String>) {
    page.run(
        "document.querySelectorAll('[data-seen-by-tab]').forEach(it => { delete it.dataset.seenByTab; });
         document.querySelector('.skip').focus();",
        vec![],
    );
    let look = "
        const it = document.activeElement;
        if (!it || it === document.body) return null;
        const name = it.id || it.textContent.trim().slice(0, 30) || it.localName;
        if (it.dataset.seenByTab) return null;
        it.dataset.seenByTab = '1';
        // A field that is only there for its label is seen by that, and the editor by the frame around it.
        const shown = it.matches('input.unseen') ? it.labels[0] ?? it : it.closest('#scroller') ?? it;
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(shown);
        const visible = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 || boxShadow !== 'none';
        const box = shown.getBoundingClientRect();
        const [x, y] = [box.left + Math.min(box.width, innerWidth - box.left) / 2, box.top + Math.min(box.height, 20) / 2];
        const top = document.elementFromPoint(x, y);
        const free = top && (shown.contains(top) || top.contains(shown));
        return [name, visible, Boolean(free)];";
    let (mut stops, mut wrong) = (0, Vec::new());
    for _ in 0..120 {
        page.strike(TAB);
        let seen = page.run(look, vec![]);
        let Value::Array(seen) = seen else { break };
        stops += 1;
        if seen[1] != json!(true) {
            wrong.push(format!("{} has no mark", seen[0]));
        }
        if seen[2] != json!(true) {
            wrong.push(format!("{} is covered", seen[0]));
        }
    }
    (stops, wrong)
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_place_of_the_keyboard_is_seen_everywhere() {
    for width in [1280, 360] {
        let (_server, page) = opened("");
        page.resize(width, 800);
        answered(&page);
        for panel in panels(width) {
            show(&page, width, panel);
            let (stops, wrong) = unseen(&page);
            assert!(stops > 10, "{stops} stops, {width} wide, panel {panel}");
            assert_eq!(wrong, Vec::<String>::new(), "{width} wide, panel {panel}");
        }
    }
}

/// The control run: without marks, and with something over all of it, every stop is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_place_that_is_not_seen_is_found_out() {
    let (_server, page) = opened("");
    answered(&page);
    page.run(
        "const sheet = new CSSStyleSheet();
         sheet.replaceSync('#top *, * { outline: none !important; box-shadow: none !important }');
         document.adoptedStyleSheets = [sheet];
         const cover = document.createElement('div');
         for (const [name, value] of [['position', 'fixed'], ['inset', '0'], ['z-index', '99']]) cover.style.setProperty(name, value);
         document.body.append(cover);",
        vec![],
    );
    let (stops, wrong) = unseen(&page);
    let of = |what: &str| wrong.iter().filter(|it| it.ends_with(what)).count();
    assert_eq!((of("has no mark"), of("is covered")), (stops, stops), "{wrong:?}");
}

/// Notes the place of the keyboard: true the first time, false again, nothing outside of the page.
const NOTE: &str = "
    const it = document.activeElement;
    if (!it || it === document.body) return null;
    const known = it.dataset.reached;
    it.dataset.reached = '1';
    return !known;";

/// What can be acted on and is reached neither by the tab key, nor in a menu under one of its stops. In the list
/// of findings the arrow keys go from card to card; all of the current card is to be in reach.
fn out_of_reach(page: &Page) -> Vec<String> {
    page.run(
        "document.querySelectorAll('[data-reached]').forEach(it => { delete it.dataset.reached; });
         const first = document.querySelector('a[href]');
         first.focus();
         first.dataset.reached = '1';",
        vec![],
    );
    for _ in 0..150 {
        page.strike(TAB);
        if page.run(NOTE, vec![]) != json!(true) {
            break;
        }
        // What a menu holds follows it in the order of the tab key once it is open.
        if page
            .run("return document.activeElement.matches('details:not([open]) > summary');", vec![])
            == json!(true)
        {
            page.strike(ENTER);
        }
    }
    let left = page.run(
        "const acts = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
         const current = document.querySelector('#findings [data-reached]')?.closest('#findings > li');
         return acts.filter((it) => {
            const elsewhere = it.closest('#findings > li') ?? current;
            return it.checkVisibility({ visibilityProperty: true }) && !it.disabled && !it.dataset.reached && elsewhere === current;
         }).map((it) => it.id || it.textContent.trim().slice(0, 30));",
        vec![],
    );
    serde_json::from_value(left).unwrap()
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn all_that_can_be_done_is_reached_by_keys() {
    for width in [1280, 360] {
        let (_server, page) = opened("");
        page.resize(width, 800);
        answered(&page);
        for panel in panels(width) {
            show(&page, width, panel);
            assert_eq!(out_of_reach(&page), Vec::<String>::new(), "{width} wide, panel {panel}");
        }
        // The control: what the tab key passes over is found out.
        page.run("document.querySelector('#theme').tabIndex = -1;", vec![]);
        assert_eq!(out_of_reach(&page), ["theme"], "{width} wide");
    }
}

/// What takes time to change.
fn moving(page: &Page) -> Value {
    let script = "
        return [...document.querySelectorAll('*')].filter((it) => {
            const { transitionDuration, animationDuration, animationName, scrollBehavior } = getComputedStyle(it);
            const takes = (text) => text.split(',').some((it) => parseFloat(it) > 0);
            return takes(transitionDuration) || (animationName !== 'none' && takes(animationDuration)) || scrollBehavior === 'smooth';
        }).map((it) => it.id || it.localName);";
    page.run(script, vec![])
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_moves_for_those_who_do_not_want_it() {
    let (_server, page) = opened("");
    page.emulate("prefers-reduced-motion", "reduce");
    answered(&page);
    assert_eq!(moving(&page), json!([]));
    // The control: something that moves for everybody else is found out.
    page.emulate("prefers-reduced-motion", "no-preference");
    page.run("document.querySelector('#strip').style.transitionDuration = '1s';", vec![]);
    assert!(moving(&page).as_array().is_some_and(|it| it.contains(&json!("strip"))));
}
