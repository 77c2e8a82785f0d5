//! The page is readable and usable in both themes, on narrow windows and with large text.

use serde_json::json;

use crate::harness::{Engine, Page, Site};

const TEXT: &str = "FROM registry.example/a:1\nENV API_TOKEN=abc\nRUN chmod 777 /a\nUSER root\n";

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_checker_finds_nothing_in_either_theme_with_everything_open() {
    for theme in ["light", "dark"] {
        for (width, height) in [(1280, 900), (900, 800), (360, 740)] {
            let site = Site::built().serve();
            let page = Page::open(Engine::Chromium, site.origin(), "/");
            page.emulate("prefers-color-scheme", theme);
            page.resize(width, height);
            page.wait_until_ready();
            let state = format!("{theme}, {width} wide");
            assert_eq!(page.axe(), Vec::<String>::new(), "empty, {state}");
            page.drop_files("body", &[("Dockerfile", TEXT.as_bytes()), ("x.json", b"[{")]);
            page.wait_until(
                "document.querySelector('.problems') && document.querySelector('#findings > li')",
            );
            page.wait_until_ready();
            assert_eq!(page.axe(), Vec::<String>::new(), "answered, {state}");
            page.screenshot(&format!("answered-{theme}-{width}"));
            let open = "
                document.querySelector('button.settle').click();
                document.querySelector('#findings .fold').click();
                document.querySelector('#examples').open = true;
                document.querySelector('#advice-heading button').click();
                document.querySelector('.more').open = true;
                document.querySelector('#cleared-heading button').click();";
            page.run(open, vec![]);
            page.wait_until("document.querySelector('.settling') && document.querySelector('.evidence') && document.querySelector('#cleared') && document.querySelector('#advice')");
            if width < 760 {
                page.click(".panels button:nth-child(2)");
            }
            page.run("document.querySelector('button.rule').click();", vec![]);
            page.wait_until("document.querySelector('#explain h2')");
            assert_eq!(page.axe(), Vec::<String>::new(), "everything open, {state}");
            page.screenshot(&format!("open-{theme}-{width}"));
        }
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_is_cut_off_on_narrow_windows_and_with_large_text() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", TEXT);
    page.wait_until("document.querySelector('#findings > li')");
    // A window of a browser with a frame has its least width; the page is put into one without.
    let frame = "
        document.documentElement.style.width = arguments[0] + 'px';
        document.documentElement.style.fontSize = arguments[1];
        // What a closed menu holds has a place only once it is open.
        document.querySelectorAll('details').forEach(it => { it.open = true; });
        const page = document.documentElement.getBoundingClientRect();
        const cut = [...document.querySelectorAll('body *')].filter(it => {
            const box = it.getBoundingClientRect();
            return box.width && box.right > page.right + 1 &&
                !it.closest('#scroller, pre, .unseen, .skip, #app, #drop');
        });
        return cut.map(it => it.outerHTML.slice(0, 80));";
    for (width, text) in [(1280, "100%"), (320, "100%"), (1280, "200%"), (640, "200%")] {
        for panel in [1, 2] {
            page.run(
                &format!("document.querySelector('.panels button:nth-child({panel})').click();"),
                vec![],
            );
            let cut = page.run(frame, vec![json!(width), json!(text)]);
            assert_eq!(cut, json!([]), "{width} wide, text of {text}, panel {panel}");
        }
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn marks_stand_exactly_over_their_words() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().serve();
        let page = Page::open(engine, site.origin(), "/");
        page.wait_until_ready();
        let text =
            "# \u{65e5}\u{672c} \u{1f433}\tx\nFROM scratch\nENV A=\u{e9} B_TOKEN=abc\nUSER root\n";
        page.paste("#input", text);
        page.wait_until("document.querySelectorAll('#mirror .flaw').length >= 2");
        page.screenshot(&format!("marks-{engine:?}").to_lowercase());
        let script = "
            const style = it => { const { font, lineHeight, letterSpacing, tabSize, whiteSpace } = getComputedStyle(it);
                return [font, lineHeight, letterSpacing, tabSize, whiteSpace].join(); };
            const [editor, mirror] = ['#input', '#mirror'].map(it => document.querySelector(it));
            const words = [...document.querySelectorAll('#mirror .flaw')].map(it => it.textContent);
            const lines = [...document.querySelectorAll('#mirror .rows > div')].map(it => it.textContent.trimEnd());
            return [style(editor) === style(mirror), words, lines.join('\\n').trimEnd() === editor.value.trimEnd() ];";
        let seen = page.run(script, vec![]);
        assert_eq!(seen[0], json!(true), "{engine:?}: same metrics");
        assert_eq!(seen[2], json!(true), "{engine:?}: same text");
        let words = seen[1].to_string();
        assert!(words.contains("B_TOKEN") && words.contains("root"), "{engine:?}: {words}");
    }
}

/// Beside each line: the worst shape, how many marks start there, and a sign if one can be fixed.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_gutter_tells_how_many_and_what_can_be_fixed() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", "FROM scratch\nADD a /a\nEXPOSE 22\nUSER 1:1\n");
    page.wait_until("document.querySelectorAll('#mirror .flaw').length >= 2");
    page.wait_until_settled();
    let lines = "return [...document.querySelectorAll('#gutter .rows > div')].map(it =>
        [it.lastChild.textContent + (it.querySelector('small')?.textContent ?? ''), it.className, it.querySelector('small')?.textContent]);";
    let seen = page.run(lines, vec![]);
    assert_eq!(seen[0], json!(["1", "", null]));
    assert_eq!(seen[1], json!(["2", "fixable", ""]));
    assert_eq!(seen[2], json!(["32", "", "2"]));
}

/// What stands in the page before its script runs keeps its place: text that is being read or pasted
/// does not jump away.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_moves_while_the_page_starts() {
    let site = Site::built().serve();
    for width in [360, 600, 1280] {
        let page = Page::open(Engine::Chromium, site.origin(), "/docs/");
        page.resize(width, 800);
        page.go("/");
        page.wait_until_ready();
        let script = "
            let moved = 0;
            new PerformanceObserver(list => {
                for (const it of list.getEntries()) moved += it.value;
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => done(moved), 200);";
        // The line about the checker's state changes its words, which is not what moves a text away:
        // a tenth counts as good, and without what stands there from the start it was 0.37.
        let moved = page.run_until_done(script, vec![]).as_f64().unwrap();
        assert!(moved < 0.01, "{moved}, {width} wide");
    }
}
