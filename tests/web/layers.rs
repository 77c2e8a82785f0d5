//! The layers of a saved image and their files: by keyboard, with hostile names, with secrets, with a
//! million rows.

use serde_json::{Value, json};
use tests::tar;

use crate::harness::{Engine, Page, Site};

const DOWN: &str = "\u{e015}";
const RIGHT: &str = "\u{e014}";
const LEFT: &str = "\u{e012}";
const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// The form of a token, put together here so that nobody takes this file for a leak.
fn token() -> String {
    ["glpat", "Zx81kqPw93TmLs0VbRfY"].join("-")
}

/// Names that would act if they were anything but text.
const MARKUP: &str = "<img src=x onerror=alert(1)>";
const TURNED: &str = "invoice\u{202e}gpj.exe";
const ESCAPED: &str = "log\u{1b}[2J";

fn image() -> Vec<u8> {
    let text = format!("user = app\ntoken = {}\n<b>bold</b>\u{202e}\n", token());
    let base = tar::archive(&[
        tar::Entry { kind: b'5', mode: 0o755, ..tar::file("etc/", b"") },
        tar::file("etc/passwd", b"app:x:1000:1000::/:/bin/sh\n"),
        tar::file("etc/motd", b"hello\n"),
        tar::file("usr/bin/sh", b"\x7fELF\0\0\x01\x02"),
    ]);
    let middle = tar::archive(&[tar::file("app/ci.conf", text.as_bytes())]);
    let top = tar::archive(&[
        tar::file("app/.wh.ci.conf", b""),
        tar::file("etc/motd", b"hello again\n"),
        tar::file(&format!("app/{MARKUP}"), b"1"),
        tar::file(&format!("app/{TURNED}"), b"2"),
        tar::file(&format!("app/{ESCAPED}"), b"3"),
        tar::Entry { mode: 0o4755, ..tar::file("usr/local/bin/tool", b"\x7fELF") },
    ]);
    let layers = [
        ("ADD rootfs.tar /", base),
        ("COPY ci.conf /app/", middle),
        ("RUN /bin/sh -c rm /app/ci.conf && make install # buildkit", top),
    ];
    tar::saved(&layers, r#"{"User":"app","Cmd":["/usr/local/bin/tool"]}"#)
}

/// A page with the layers of an image open.
fn opened(page: &Page, bytes: &[u8]) {
    page.wait_until_ready();
    page.choose_files("#open", &[("image.tar", bytes)]);
    page.wait_until("document.querySelector('[data-input=layers] button')");
    page.click("[data-input=layers] button");
    page.wait_until("document.querySelector('#files .row[tabindex=\"0\"]')");
}

/// Without an image there is a place that says what it would show, and gets one.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn without_an_image_it_says_what_would_be_there() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.click("[data-input=no-layers] button");
    page.wait_until("document.querySelector('#layers').textContent.includes('docker save')");
    page.wait_until("document.querySelector('#scroller').hidden");
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("layers-none");
    page.click("#layers .sample");
    page.wait_until("document.querySelector('[data-input=layers] button')");
    page.click("[data-input=layers] button");
    page.wait_until("document.querySelector('#files .row[tabindex=\"0\"]')");
}

/// The row that has the keyboard's place, once it is that of a name.
#[track_caller]
fn stands_on(page: &Page, name: &str) {
    let script = format!(
        "document.activeElement.matches('#files .row') &&
         document.activeElement.querySelector('.name bdi').textContent === {}",
        json!(name)
    );
    page.wait_until(&script);
}

fn focus_tree(page: &Page) {
    page.run("document.querySelector('#files [tabindex=\"0\"]').focus();", vec![]);
}

fn names(page: &Page) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('#files .name bdi')].map(it => it.textContent);";
    let names = page.run(script, vec![]);
    names.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn everything_is_reached_by_keys_alone() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.choose_files("#open", &[("image.tar", &image())]);
    page.wait_until("document.querySelector('[data-input=layers] button')");
    page.run("document.querySelector('[data-input=layers] button').focus();", vec![]);
    page.press(ENTER);
    page.wait_until("document.querySelectorAll('#layers tbody tr').length === 4");
    assert!(page.text_of("#layers tbody").contains("RUN rm /app/ci.conf && make install"));
    // The tree is one stop of the tab key, and the arrows move in it.
    page.wait_until("document.querySelectorAll('#files [tabindex=\"0\"]').length === 1");
    focus_tree(&page);
    stands_on(&page, "app/");
    page.press(DOWN);
    stands_on(&page, "etc/");
    page.press(RIGHT);
    page.wait_until("document.activeElement.getAttribute('aria-expanded') === 'true'");
    assert_eq!(names(&page), ["app/", "etc/", "motd", "passwd", "usr/"]);
    page.press(DOWN);
    stands_on(&page, "motd");
    page.press(ENTER);
    page.wait_until("document.activeElement.id === 'file-heading'");
    assert_eq!(page.text_of("#layers .file pre").trim(), "hello again");
    page.press(ESCAPE);
    page.wait_until("!document.querySelector('#layers .file')");
    stands_on(&page, "motd");
    page.press(LEFT);
    stands_on(&page, "etc/");
    page.press(END);
    stands_on(&page, "usr/");
    page.press(HOME);
    stands_on(&page, "app/");
    page.press("e");
    stands_on(&page, "etc/");
    page.press("/");
    page.wait_until("document.activeElement.id === 'find-path'");
    page.press("tool");
    page.wait_until("document.querySelector('#layers .fields').textContent.includes('4 rows')");
    assert_eq!(names(&page), ["usr/", "local/", "bin/", "tool"]);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_layer_shows_what_it_changed_and_a_finding_leads_to_its_file() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.resize(1280, 1400);
    opened(&page, &image());
    page.click("#layers tbody tr:nth-child(4) button");
    page.wait_until("document.querySelector('#files').getAttribute('aria-label') === 'Layer 2'");
    page.run(
        "const it = document.querySelector('#layers select');
         it.value = 'only changed';
         it.dispatchEvent(new Event('change', { bubbles: true }));",
        vec![],
    );
    page.wait_until("document.querySelector('#files .change.removed')");
    let changes = "return [...document.querySelectorAll('#files .change')]
        .map(it => it.textContent).filter(it => it).sort();";
    let expected = json!(["added", "added", "added", "added", "changed", "removed"]);
    assert_eq!(page.run(changes, vec![]), expected);
    // From a finding about a ghost to the file in its layer.
    let go = "const all = [...document.querySelectorAll('#findings .place')];
              all.find(it => it.textContent.includes('/app/ci.conf')).click();";
    page.run(go, vec![]);
    stands_on(&page, "ci.conf");
    assert_eq!(page.text_of("#files .row.current .change"), "ghost");
    assert!(page.text_of("#files .row.current .remarks").contains("removed in layer 2"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn hostile_names_and_contents_are_only_text() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    opened(&page, &image());
    page.run("document.querySelector('#files .row[tabindex=\"0\"]').click();", vec![]);
    page.wait_until("document.querySelectorAll('#files .name').length === 6");
    let all = names(&page);
    assert!(all.contains(&MARKUP.to_owned()), "{all:?}");
    assert!(all.contains(&"invoice\\u{202e}gpj.exe".to_owned()), "{all:?}");
    assert!(all.contains(&"log\\u{1b}[2J".to_owned()), "{all:?}");
    assert_eq!(page.run("return document.querySelectorAll('img').length;", vec![]), json!(0));
    // The token is in a layer of its own; what is told of the file holds no piece of it.
    page.click("#layers tbody tr:nth-child(3) button");
    // The directory stays open from layer to layer.
    page.wait_until("[...document.querySelectorAll('#files .name bdi')].some(it => it.textContent === 'ci.conf')");
    page.run("document.querySelectorAll('#files .row:not(.heads)')[1].click();", vec![]);
    page.wait_until("document.querySelector('#layers .file pre')");
    let shown = page.text_of("#layers .file pre");
    assert!(shown.contains("user = app") && shown.contains("[masked]"), "{shown}");
    assert!(shown.contains("<b>bold</b><U+202E>"), "{shown}");
    let html = page.run("return document.documentElement.outerHTML;", vec![]);
    let html = html.as_str().unwrap();
    for piece in token().as_bytes()[6..].windows(5) {
        let piece = std::str::from_utf8(piece).unwrap();
        assert!(!html.contains(piece), "{piece}");
    }
    assert!(page.text_of("#layers .file").contains("one secret is masked"));
    assert!(page.text_of("#layers .file ul").contains("deleted in layer 2"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_checker_of_accessibility_finds_nothing_in_the_layers() {
    for theme in ["light", "dark"] {
        for (width, height) in [(1280, 900), (360, 740)] {
            let site = Site::built().serve();
            let page = Page::open(Engine::Chromium, site.origin(), "/");
            page.emulate("prefers-color-scheme", theme);
            page.resize(width, height);
            page.wait_until_ready();
            page.choose_files("#open", &[("image.tar", &image())]);
            page.wait_until("document.querySelector('[data-input=layers] button')");
            page.run("document.querySelector('[data-input=layers] button').click();", vec![]);
            page.wait_until("document.querySelector('#files .row[tabindex=\"0\"]')");
            page.run("document.querySelectorAll('#layers tbody button')[3].click();", vec![]);
            page.wait_until(
                "document.querySelector('#files').getAttribute('aria-label') === 'Layer 2'",
            );
            let open = "for (const it of document.querySelectorAll('#files .row[aria-expanded=false]')) it.click();";
            page.run(open, vec![]);
            page.wait_until("document.querySelector('#files .change.removed')");
            page.screenshot(&format!("layers-{theme}-{width}"));
            let state = format!("{theme}, {width} wide");
            assert_eq!(page.axe(), Vec::<String>::new(), "tree, {state}");
            page.type_into("#find-path", "motd");
            page.wait_until("document.querySelectorAll('#files .row').length === 3");
            page.run("document.querySelectorAll('#files .row')[2].click();", vec![]);
            page.wait_until("document.querySelector('#layers .file pre')");
            assert_eq!(page.axe(), Vec::<String>::new(), "file, {state}");
            page.screenshot(&format!("layers-file-{theme}-{width}"));
            let wide = "return document.documentElement.scrollWidth > innerWidth;";
            assert_eq!(page.run(wide, vec![]), json!(false), "{state} scrolls sideways");
        }
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_hundred_thousand_rows_scroll_to_their_end_with_few_of_them_in_the_document() {
    let names: Vec<String> = (0..100_000).map(|it| format!("d/f{it:06}")).collect();
    let entries: Vec<tar::Entry<'_>> = names.iter().map(|it| tar::file(it, b"")).collect();
    let bytes = tar::saved(&[("COPY d /d", tar::archive(&entries))], "{}");
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    opened(&page, &bytes);
    focus_tree(&page);
    page.press(RIGHT);
    page.wait_until("document.querySelector('#files').ariaRowCount === '100002'");
    page.press(END);
    stands_on(&page, "f099999");
    let most = "return document.querySelectorAll('#files .row').length;";
    let count = page.run(most, vec![]).as_u64().unwrap();
    assert!(count < 80, "{count} rows are in the document");
    page.run("document.querySelector('#files').scrollTop = 0;", vec![]);
    page.wait_until("document.querySelector('#files .name').textContent.includes('d/')");
    // The row with the keyboard's place is out of sight; a key brings it back.
    page.press(DOWN);
    stands_on(&page, "f099999");
}

/// Two images in one archive, each with a layer of its own.
fn two_images() -> Vec<u8> {
    let layer = |name: &str| tar::archive(&[tar::file(name, b"1")]);
    let (one, two) = (layer("one"), layer("two"));
    let config = br#"{"config":{"User":"app"},"history":[{"created_by":"COPY a /"}]}"#;
    let manifest = br#"[{"Config":"c.json","RepoTags":["one:1"],"Layers":["1/layer.tar"]},
        {"Config":"c.json","RepoTags":["two:2"],"Layers":["2/layer.tar"]}]"#;
    tar::archive(&[
        tar::file("1/layer.tar", &one),
        tar::file("2/layer.tar", &two),
        tar::file("c.json", config),
        tar::file("manifest.json", manifest),
    ])
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn one_of_several_images_in_an_archive_is_chosen() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.choose_files("#open", &[("images.tar", &two_images())]);
    page.wait_until("document.querySelectorAll('.choices button').length === 2");
    assert!(page.text_of(".problems").contains("2 images in the archive"));
    page.click(".choices button:nth-child(2)");
    page.wait_until("document.querySelector('[data-input=layers] button')");
    page.click("[data-input=layers] button");
    page.wait_until("document.querySelector('#files .name bdi')?.textContent === 'two'");
    assert!(page.text_of("#tabs").contains("Chosen: two:2"));
}

/// What the worker sends back for a file is masked before it leaves the worker.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_message_of_the_worker_has_a_piece_of_the_token() {
    let script = "
        const Real = Worker;
        self.said = [];
        self.Worker = class extends Real {
            set onmessage(listener) {
                super.onmessage = listener && ((event) => {
                    self.said.push(String(event.data));
                    listener(event);
                });
            }
        };";
    let site = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    opened(&page, &image());
    page.click("#layers tbody tr:nth-child(3) button");
    page.wait_until("document.querySelector('#files').getAttribute('aria-label') === 'Layer 1'");
    page.run("document.querySelector('#files .row[tabindex=\"0\"]').click();", vec![]);
    page.wait_until("document.querySelectorAll('#files .name').length === 2");
    page.run("document.querySelectorAll('#files .row:not(.heads)')[1].click();", vec![]);
    page.wait_until("document.querySelector('#layers .file pre')");
    let said = page.run("return self.said.join('\\n');", vec![]);
    let said = said.as_str().unwrap();
    assert!(said.contains("user = app"));
    for piece in token().as_bytes()[6..].windows(5) {
        assert!(!said.contains(std::str::from_utf8(piece).unwrap()));
    }
}

/// What was cancelled is a gap, not an answer; the layers can be read after all.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_was_cancelled_has_layers_that_say_so() {
    let site = Site::built().with_script(crate::saved_image::ENDLESS).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.run("self.endless = true;", vec![]);
    page.choose_files("#open", &[("image.tar", &image())]);
    page.wait_until("document.querySelector('#outcome progress')");
    page.click("#outcome .banner button");
    page.wait_until("document.querySelector('#outcome').textContent.includes('cancelled after')");
    page.wait_until("document.querySelector('#gaps')");
    let gaps = page.text_of("#gaps");
    assert!(gaps.contains("could not be read") || gaps.contains("not read"), "{gaps}");
    let state: Value =
        page.run("return document.querySelector('[data-question=secrets]').dataset.state;", vec![]);
    assert_eq!(state, json!("unknown"));
    page.click("[data-input=layers] button");
    page.wait_until("document.querySelector('#layers button')");
    assert!(page.text_of("#layers").contains("Read it again"));
    page.click("#layers .layers button");
    page.wait_until("document.querySelector('#files .row[tabindex=\"0\"]')");
}
