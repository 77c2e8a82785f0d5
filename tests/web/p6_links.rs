//! Promise 6: links carry content behind the `#` only, with secrets masked, and with a passphrase nobody
//! reads them without it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site, mentions, poll};
use crate::p1_nothing_leaves::canary;

/// The secret stands in two halves, so that no scanner takes it for one.
fn secret() -> String {
    ["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat()
}

fn dockerfile(word: &str) -> String {
    format!("FROM debian:13\n# {word}\nENV GITHUB_TOKEN={}\nUSER root\n", secret())
}

/// Shares a Dockerfile and gives what stands behind the `#`.
fn shared(page: &Page, word: &str) -> String {
    page.wait_until_settled();
    page.paste("#input", &dockerfile(word));
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.wait_until_ready();
    page.run("navigator.clipboard.writeText = async text => { self.copied = text; };", vec![]);
    page.click("#exports > summary");
    page.run("document.querySelector('#exports li:last-child button').click();", vec![]);
    page.wait_until("document.querySelector('#copy-link')");
    copied(page)
}

fn copied(page: &Page) -> String {
    page.run("self.copied = null;", vec![]);
    page.click("#copy-link");
    page.wait_until("self.copied");
    let link = page.run("return self.copied;", vec![]);
    let (address, fragment) = link.as_str().unwrap().split_once("#s=").unwrap();
    assert!(!address.contains('?'), "{address}");
    fragment.to_owned()
}

/// What is packed in a link without a passphrase.
fn unpacked(fragment: &str) -> String {
    let packed = URL_SAFE_NO_PAD.decode(fragment.strip_prefix("c.").unwrap()).unwrap();
    report::link::unpack(&packed).unwrap()
}

#[track_caller]
fn assert_the_server_saw_nothing(server: &Recorder, fragment: &str, word: &str) {
    let secret = secret();
    for request in server.requests() {
        for text in [&fragment[..24], word, &secret[4..12], "s="] {
            assert!(!mentions(&request, text), "{} has {text}", request.target);
        }
    }
}

fn opens(page: &Page, word: &str) {
    page.wait_until(&format!("document.querySelector('#input').value.includes({})", json!(word)));
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    let text = page.run("return document.querySelector('#input').value;", vec![]);
    assert!(!text.as_str().unwrap().contains(&secret()[4..9]), "{text}");
    assert_eq!(page.run("return location.hash;", vec![]), json!(""));
    assert!(page.text_of("#outcome").contains("came with the link itself"));
}

fn a_link_is_read_by_whoever_has_it(engine: Engine) {
    let (server, word) = (Site::built().serve(), canary());
    let page = Page::open(engine, server.origin(), "/");
    let fragment = shared(&page, &word);
    let inside = unpacked(&fragment);
    assert!(inside.contains(&word), "{inside}");
    for at in 4..secret().len() - 5 {
        assert!(!inside.contains(&secret()[at..at + 5]), "{inside}");
    }
    let other = Page::open(engine, server.origin(), &format!("/#s={fragment}"));
    other.wait_until_ready();
    opens(&other, &word);
    assert_the_server_saw_nothing(&server, &fragment, &word);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_link_holds_no_secret_in_chromium() {
    a_link_is_read_by_whoever_has_it(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_link_holds_no_secret_in_firefox() {
    a_link_is_read_by_whoever_has_it(Engine::Firefox);
}

/// Gives a passphrase where the page asks for one.
fn give(page: &Page, passphrase: &str) {
    page.wait_until("document.querySelector('dialog.lock[open] input')");
    page.run("document.querySelector('dialog.lock input').value = '';", vec![]);
    page.type_into("dialog.lock input", passphrase);
    page.press("\u{e007}");
}

fn a_locked_link_needs_its_passphrase(engine: Engine) {
    let (server, word) = (Site::built().serve(), canary());
    let page = Page::open(engine, server.origin(), "/");
    let open = shared(&page, &word);
    page.click("#lock-link");
    page.wait_until("document.querySelector('dialog.lock[open]')");
    if engine == Engine::Chromium {
        assert_eq!(page.axe(), Vec::<String>::new());
        page.screenshot("lock-1280");
    }
    give(&page, "correct horse");
    page.wait_until("document.querySelector('#share-heading').parentElement.textContent.includes('It is locked')");
    let locked = copied(&page);
    assert!(locked.starts_with("q."), "{locked}");
    assert_ne!(locked[2..], open);

    // Without the passphrase it is noise: neither text nor something packed.
    let bytes = URL_SAFE_NO_PAD.decode(&locked[2..]).unwrap();
    let noise = String::from_utf8_lossy(&bytes);
    assert!(!noise.contains(&word) && !noise.contains("Dockerfile"), "{noise}");
    assert!(report::link::unpack(&bytes).is_none_or(|it| !it.contains(&word)));
    // Twice the same is not the same: salt and nonce are fresh.
    page.click("#lock-link");
    give(&page, "correct horse");
    page.wait_until("!document.querySelector('dialog.lock')");
    // The older link stands there until the newer one is made.
    let other = || Some(copied(&page)).filter(|it| *it != locked);
    let again = poll(other).expect("another link");
    assert!(again.starts_with("q.") && again[..30] != locked[..30], "{again}");

    let other = Page::open(engine, server.origin(), &format!("/#s={locked}"));
    give(&other, "wrong horse");
    other.wait_until(
        "document.querySelector('dialog.lock .told').textContent.includes('not the passphrase')",
    );
    let text = other.run("return document.querySelector('#input').value;", vec![]);
    assert_eq!(text, json!(""), "nothing is shown before");
    give(&other, "correct horse");
    opens(&other, &word);
    assert_the_server_saw_nothing(&server, &locked, &word);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_locked_link_needs_its_passphrase_in_chromium() {
    a_locked_link_needs_its_passphrase(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_locked_link_needs_its_passphrase_in_firefox() {
    a_locked_link_needs_its_passphrase(Engine::Firefox);
}

/// Whoever has not the passphrase leaves, and the page is as it was; a link that was changed on the way is
/// not opened with the right one either.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_locked_link_can_be_left_and_cannot_be_changed() {
    let (server, word) = (Site::built().serve(), canary());
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    shared(&page, &word);
    page.click("#lock-link");
    page.wait_until("document.querySelector('dialog.lock[open]')");
    page.press("\u{e00c}");
    page.wait_until("!document.querySelector('dialog.lock')");
    assert!(!copied(&page).starts_with("q."), "left without a passphrase, it stays as it was");
    page.click("#lock-link");
    give(&page, "a");
    page.wait_until("document.querySelector('#share-heading').parentElement.textContent.includes('It is locked')");
    let locked = copied(&page);
    let at = locked.len() - 5;
    let letter = if &locked[at..=at] == "A" { "B" } else { "A" };
    let changed = format!("{}{letter}{}", &locked[..at], &locked[at + 1..]);
    let other = Page::open(Engine::Chromium, server.origin(), &format!("/#s={changed}"));
    give(&other, "a");
    other.wait_until(
        "document.querySelector('dialog.lock .told').textContent.includes('not the passphrase')",
    );
    other.press("\u{e00c}");
    other.wait_until("document.querySelector('.banner')?.textContent.includes('cannot be read')");
}

/// Links of versions before this one: packed by deflate, the second one locked.
const OLDER: [&str; 2] = [
    "Jc1BCsIwEAXQvacI321Firus1Z0IFVe2SEynGpLMlCQFofTuUrzAezOy_VA00BiDi1lC2GXK2Qnva1ToxU6RuGToxw\
     w2kaBxFOspDS4QKhTjiZ-DJGieQqhghQtxgZ5R6FugcW6uF9XTyxnW9aHlrTKsJPSUVHDsW77fTo1KIqVlLEtXwX7E\
     WcqrMTrr171bq_Sm8n-WZfMD",
    "p.BwcHBwcHBwcHBwcHBwcHBwkJCQkJCQkJCQkJCZmMzM2378KXOmEEQ5jOAb54EFcY-lcf4mH8ropg97aQGEnTMr9Q\
     Y9oIsrabMe7c-\
     _SJcgHb2eVTGTbcoyKpbYeBvAbWkn9yZ6uD1Wn55nMUjWgbczuwafqovnrvO21cvTAoHs0JrnDyI5QLvxP-JC-\
     WT66AwBgpcuUJRNXyzxpBLYkq13Hjop9EoJWxDt58TwfQRqrWA_d5k_Dv58JbSC7P3BMtjQ-9Fho",
];

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn older_links_open() {
    let server = Site::built().serve();
    for fragment in OLDER {
        let page = Page::open(Engine::Chromium, server.origin(), &format!("/#s={fragment}"));
        if fragment.starts_with("p.") {
            give(&page, "correct horse");
        }
        opens(&page, "an older link");
    }
}

/// What nobody has packed is refused, in a moment, and the page goes on.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn broken_links_are_said() {
    let server = Site::built().serve();
    for fragment in ["c.", "c.AAAA", "c._____________", "c.\u{e4}", "x.AAAA", "AAAA", "q", ""] {
        let page = Page::open(Engine::Chromium, server.origin(), &format!("/#s={fragment}"));
        page.wait_until(
            "document.querySelector('.banner')?.textContent.includes('cannot be read')",
        );
        page.paste("#input", "FROM debian:13\nUSER root\n");
        page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    }
}

/// The control run: a link that carries its text in the query is seen by the server.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_text_in_a_query_is_seen() {
    let (server, word) = (Site::built().serve(), canary());
    let page = Page::open(Engine::Chromium, server.origin(), &format!("/?s={word}"));
    page.wait_until_ready();
    assert!(server.requests().iter().any(|it| mentions(it, &word)), "{:?}", server.lines());
}
