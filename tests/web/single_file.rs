//! The single file, opened from a disk: it works, it has the companion inside, and it asks nobody for anything.

use std::fs;

use serde_json::json;

use crate::harness::{Engine, Page, single};

/// WebDriver's codes.
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

fn opened(engine: Engine) -> Page {
    Page::open(engine, "file://", single().to_str().unwrap())
}

fn answers_from_a_disk(engine: Engine) {
    let page = opened(engine);
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until_ready();
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.wait_until(
        "document.querySelector('#status [data-airlock=closed], #status[data-airlock=closed]')",
    );
    page.screenshot(&format!("single-file-{engine:?}").to_lowercase());
    // The explanation of a rule is inside as well.
    page.run("location.hash = '#rule=runs-as-root';", vec![]);
    page.wait_until(
        "document.querySelector('#explain .prose')?.textContent.includes('What to do')",
    );
    assert!(page.browser().asked_of_the_world().is_empty());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_single_file_answers_in_chromium() {
    answers_from_a_disk(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_single_file_answers_in_firefox() {
    answers_from_a_disk(Engine::Firefox);
}

/// Pages, links, the search by keyboard, the way back, an example in the checker, without any network.
fn has_the_companion_inside(engine: Engine) {
    let page = opened(engine);
    page.wait_until_ready();
    page.click("a[href='#docs/index.html']");
    page.wait_until("document.querySelector('#companion h1')?.textContent.includes('companion')");
    page.wait_until("document.activeElement.id === 'main-text'");
    page.click("#companion main a[href='#docs/four-questions/index.html']");
    page.wait_until("document.querySelector('#companion h1').textContent === 'The four questions'");
    page.run("history.back();", vec![]);
    page.wait_until("document.querySelector('#companion h1').textContent.includes('companion')");

    page.press("/");
    page.wait_until("document.activeElement.id === 'query'");
    page.press("dl3002");
    page.wait_until("document.querySelector('#hits a')");
    page.press(DOWN);
    page.wait_until("document.activeElement.matches('#hits a')");
    page.press(ENTER);
    page.wait_until("document.querySelector('#companion .facts')?.textContent.includes('DL3002')");
    assert_eq!(
        page.run("return location.hash;", vec![]),
        json!("#docs/rules/runs-as-root/index.html")
    );
    page.screenshot(&format!("single-file-rule-{engine:?}").to_lowercase());

    page.click("#companion .verdicts a");
    page.wait_until("!document.getElementById('companion')");
    page.wait_until("document.getElementById('input').value.includes('USER root')");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    assert!(page.browser().asked_of_the_world().is_empty());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_companion_is_inside_in_chromium() {
    has_the_companion_inside(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_companion_is_inside_in_firefox() {
    has_the_companion_inside(Engine::Firefox);
}

/// Every page of the site's companion is in the file with the same words, and every link in it leads to one.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn every_page_of_the_companion_is_inside() {
    let page = opened(Engine::Chromium);
    page.wait_until_ready();
    let script = "
        plimsollInside('companion.json').then((bytes) => {
            const pages = JSON.parse(new TextDecoder().decode(bytes));
            done(pages.map(([address, title]) => [address, title]));
        });";
    let pages = page.run_until_done(script, vec![]);
    let pages: Vec<(String, String)> = serde_json::from_value(pages).unwrap();
    let site = crate::harness::Site::built();
    for path in site.paths().filter(|it| it.starts_with("docs/") && it.ends_with("/index.html")) {
        let address = path.trim_start_matches("docs/");
        assert!(pages.iter().any(|it| it.0 == address), "{address} is missing");
    }
    // A few of each make are looked at; a link that leads nowhere would show the first page.
    let some =
        pages.iter().filter(|it| !it.0.starts_with("rules/")).chain(pages.iter().step_by(40));
    for (address, title) in some {
        page.run("location.hash = `#docs/${arguments[0]}`;", vec![json!(address)]);
        page.wait_until(&format!("document.title.startsWith({})", json!(title)));
        let script = "return [...document.querySelectorAll('#companion main a')].map(it => it.getAttribute('href'));";
        let links: Vec<String> = serde_json::from_value(page.run(script, vec![])).unwrap();
        for link in links {
            let inside = link.strip_prefix("#docs/").map(|it| it.split('#').next().unwrap());
            let known = inside.is_none_or(|it| pages.iter().any(|page| page.0 == it));
            let out = link.starts_with("https://") || link.starts_with("#text=");
            let beside = link.starts_with("#beside=");
            assert!(known && (inside.is_some() || out || beside), "{address}: {link}");
        }
    }
    // The proof that the airlock holds is an error that is wanted.
    let errors = page.console_errors();
    let unwanted: Vec<&String> = errors.iter().filter(|it| !it.contains("airlock-probe")).collect();
    assert_eq!(unwanted, Vec::<&String>::new());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_companion_inside_is_accessible_and_fits_the_window() {
    let page = opened(Engine::Chromium);
    page.wait_until_ready();
    for (width, scheme) in [(1280, "light"), (360, "dark")] {
        page.emulate("prefers-color-scheme", scheme);
        page.resize(width, 800);
        for address in ["index.html", "rules/runs-as-root/index.html", "from-hadolint/index.html"] {
            page.run("location.hash = `#docs/${arguments[0]}`;", vec![json!(address)]);
            let shown = format!(
                "document.querySelector('#companion main')?.dataset.address === {}",
                json!(address)
            );
            page.wait_until(&shown);
            assert_eq!(page.axe(), Vec::<String>::new(), "{address}, {width} wide");
            let overflow = "const it = document.documentElement;
                return it.scrollWidth - it.clientWidth;";
            assert_eq!(page.run(overflow, vec![]), json!(0), "{address}, {width} wide");
        }
        page.screenshot(&format!("single-file-companion-{width}"));
    }
    page.press(ESCAPE);
    page.wait_until("!document.getElementById('companion')");
}

/// The control run: one changed letter of a script, and the policy refuses to run it.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_changed_single_file_does_not_start() {
    let page = fs::read_to_string(single()).unwrap();
    let changed = page.replacen("\"use strict\";", "\"use strict\" ;", 1);
    assert_ne!(page, changed);
    let folder = std::env::temp_dir().join(format!("plimsoll-single-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("plimsoll.html");
    // Every script is changed, so that none of them runs.
    fs::write(&path, changed.replace("<script>", "<script> ")).unwrap();
    let page = Page::open(Engine::Chromium, "file://", path.to_str().unwrap());
    page.pause();
    page.wait_until("document.body.dataset.ready === 'false'");
    fs::remove_dir_all(&folder).unwrap();
}

/// The pages that do something on the site do it here too, and the checker behind them goes on.
fn has_the_forms_inside(engine: Engine) {
    let page = opened(engine);
    page.wait_until_ready();
    page.run("location.hash = '#docs/settings/index.html';", vec![]);
    page.wait_until("document.getElementById('settings-form')?.hidden === false");
    let file = "target = \"runtime\"\n\n[rules]\nno-sudo = { off = \"why\" }\n";
    page.choose_files("#settings-open", &[("plimsoll.toml", file.as_bytes())]);
    page.wait_until("document.getElementById('settings-target').value === 'runtime'");
    page.wait_until("document.querySelector('#settings-rules li[data-rule=no-sudo] select')");
    let set = "const it = document.getElementById('settings-target');
        it.value = 'other';
        it.dispatchEvent(new Event('input', { bubbles: true }));
        return document.getElementById('settings-toml').value;";
    assert_eq!(page.run(set, vec![]), json!(file.replace("runtime", "other")), "{engine:?}");
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot(&format!("single-file-settings-{engine:?}").to_lowercase());

    page.run("location.hash = '#docs/privacy/index.html';", vec![]);
    page.wait_until("document.getElementById('leak')?.hidden === false");
    page.click("#leak-try");
    page.wait_until(
        "/refused by the browser/.test(document.getElementById('leak-status').textContent)",
    );
    let told = page.text_of("#leak-status");
    let numbers: Vec<u32> = told.split(' ').filter_map(|it| it.parse().ok()).collect();
    assert!(numbers.len() == 2 && numbers[0] == numbers[1] && numbers[0] > 5, "{engine:?}: {told}");
    assert!(page.browser().asked_of_the_world().is_empty());

    page.run("location.hash = '';", vec![]);
    page.wait_until("!document.getElementById('companion')");
    // What was opened there is no input of the checker.
    assert_eq!(page.run("return document.querySelector('#settings');", vec![]), json!(null));
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_forms_are_inside_in_chromium() {
    has_the_forms_inside(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_forms_are_inside_in_firefox() {
    has_the_forms_inside(Engine::Firefox);
}
