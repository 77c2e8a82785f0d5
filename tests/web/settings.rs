//! The form beside plimsoll.toml: what is written there is what the command line reads, and the other way
//! around.

use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site};

/// Everything that a file can say. The test of the command line's own reader has the same text.
const FILE: &str = include_str!("settings.toml");

fn opened(engine: Engine) -> (Recorder, Page) {
    let server = Site::built().serve();
    let page = Page::open(engine, server.origin(), "/docs/settings/");
    page.wait_until("!document.getElementById('settings-form').hidden");
    (server, page)
}

/// Sets a field as a person does.
fn set(page: &Page, id: &str, value: &str) {
    let script = "
        const it = document.getElementById(`settings-${arguments[0]}`);
        it.value = arguments[1];
        it.dispatchEvent(new Event('input', { bubbles: true }));";
    page.run(script, vec![json!(id), json!(value)]);
}

fn value(page: &Page, id: &str) -> String {
    let script = "return document.getElementById(`settings-${arguments[0]}`).value;";
    page.run(script, vec![json!(id)]).as_str().unwrap().to_owned()
}

fn a_file_is_filled_in_and_written(engine: Engine) {
    let (server, page) = opened(engine);
    let n_loading = server.requests().len();
    set(&page, "target", "runtime");
    set(&page, "trusted", "docker.io/library\nghcr.io/example\n");
    set(&page, "fail-on", "high");
    page.click("#settings-unknown");
    page.click("#settings-foreign");
    page.click("#settings-shell");
    set(&page, "arguments", "VERSION=1.2\nNOTE=a \"b\" \\ = c");
    set(&page, "filter", "digest pinned");
    page.wait_until(
        "document.querySelector('#settings-rules li[data-rule=base-not-pinned-by-digest] select')",
    );
    let choose = "
        const it = document.querySelector(`#settings-rules li[data-rule=${arguments[0]}] select`);
        it.value = arguments[1];
        it.dispatchEvent(new Event('change', { bubbles: true }));";
    page.run(choose, vec![json!("base-not-pinned-by-digest"), json!("on")]);
    set(&page, "filter", "DL3004");
    page.wait_until("document.querySelector('#settings-rules li[data-rule=no-sudo] select')");
    page.run(choose, vec![json!("no-sudo"), json!("off")]);
    assert!(page.text_of("#settings-state").contains("no-sudo is switched off without a reason"));
    page.type_into(
        "#settings-rules li[data-rule=no-sudo] input",
        "this sudo runs only our own tools",
    );
    assert_eq!(page.text_of("#settings-state"), "");
    assert_eq!(value(&page, "toml"), FILE, "{engine:?}");
    assert_eq!(server.requests().len(), n_loading);

    // And back: a file that is opened fills the form.
    let (_server, page) = opened(engine);
    page.choose_files("#settings-open", &[("plimsoll.toml", FILE.as_bytes())]);
    page.wait_until("document.getElementById('settings-target').value === 'runtime'");
    assert_eq!(value(&page, "toml"), FILE);
    set(&page, "target", "runtime");
    assert_eq!(value(&page, "toml"), FILE, "written again it is the same");
    page.screenshot(&format!("settings-{engine:?}").to_lowercase());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_settings_file_is_filled_in_and_written_in_chromium() {
    a_file_is_filled_in_and_written(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_settings_file_is_filled_in_and_written_in_firefox() {
    a_file_is_filled_in_and_written(Engine::Firefox);
}

/// On the checker: a file that is dropped is named, its mistakes are told with their places and nothing is
/// checked until it is mended or taken away.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_settings_file_on_the_checker_is_named_and_its_mistakes_are_told() {
    let server = Site::built().serve();
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", "FROM debian:13\nRUN sudo make\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=no-sudo]')");
    let file = b"[rules]\nDL3004 = { off = \"<b>ours</b>\" }\n";
    page.drop_files("body", &[("plimsoll.toml", file)]);
    page.wait_until("!document.querySelector('#findings [data-rule=no-sudo]')");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    assert!(page.text_of("#settings").contains("plimsoll.toml"));
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("settings-on-the-checker-1280");

    page.drop_files("body", &[("plimsoll.toml", b"\ntarget = 3\ntrustd = [\"<i>\"]\n")]);
    page.wait_until("document.querySelectorAll('.banner .places li').length === 2");
    let told = page.text_of(".banner");
    assert!(told.contains("there are 2 mistakes in the settings."), "{told}");
    assert!(
        told.contains("plimsoll.toml:2:10: ") && told.contains("plimsoll.toml:3:1: "),
        "{told}"
    );
    let left = page.run("return document.querySelectorAll('#findings li').length;", vec![]);
    assert_eq!(left, json!(0), "nothing of an earlier check is left");
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("settings-mistakes-1280");
    page.click("#settings button");
    page.wait_until("document.querySelector('#findings [data-rule=no-sudo]')");
    page.wait_until("!document.querySelector('.banner .places')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn mistakes_are_told_and_other_spellings_are_read() {
    let (_server, page) = opened(Engine::Chromium);
    for (text, told) in [
        ("target = 'a'\nrules.no-sudo = \"off\"", "no-sudo is \"on\", or { off = \"why\" }."),
        ("\n\ntarget = ", "Line 3: a text in quotes is expected."),
        ("target = \"a\"\ntarget = \"b\"", "Line 2: target is said twice."),
        ("targets = \"a\"", "There is no setting targets."),
        ("[rules]\nno-such-rule = \"on\"", "There is no rule no-such-rule."),
        ("fail-on = \"all\"", "fail-on is high, medium, low, note or never."),
        ("trusted = [\"a\"", "Line 1: a list is not closed."),
        ("[rules", "Line 1: the name of a table is not closed."),
        ("target = \"\"\"a\"\"\"", "Line 1: texts of several lines are not read here."),
    ] {
        set(&page, "toml", text);
        assert_eq!(page.text_of("#settings-state"), told, "{text}");
    }
    let other = "# why\n'fail-on' = 'low' # so\ntrusted = [\n  \"a\", # first\n  'b',\n]\n\
                 rules.DL3004.off = \"tab\\tand \\u00e9\"\n[arguments]\n\"A.B\" = \"\"\n";
    set(&page, "toml", other);
    assert!(page.text_of("#settings-state").starts_with("1 of "));
    set(&page, "target", "");
    let written = "trusted = [\"a\", \"b\"]\nfail-on = \"low\"\n\n[arguments]\n\"A.B\" = \"\"\n\n[rules]\n\
                   no-sudo = { off = \"tab\\tand \u{e9}\" }\n";
    assert_eq!(value(&page, "toml"), written);
    // Codes of the pack are no rules of the page, and stay in the file.
    let code = "shellcheck = true\n\n[rules]\nSC2086 = { off = \"our variables are words\" }\n";
    set(&page, "toml", code);
    assert!(page.text_of("#settings-state").starts_with("1 of "));
    set(&page, "target", "");
    assert_eq!(value(&page, "toml"), code);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_form_is_accessible_and_fits_the_window() {
    for (width, scheme) in [(1280, "light"), (360, "dark")] {
        let (_server, page) = opened(Engine::Chromium);
        page.emulate("prefers-color-scheme", scheme);
        page.resize(width, 800);
        set(&page, "toml", FILE);
        set(&page, "filter", "root");
        assert_eq!(page.axe(), Vec::<String>::new(), "{width} wide");
        let overflow = "const it = document.documentElement;
            return it.scrollWidth - it.clientWidth;";
        assert_eq!(page.run(overflow, vec![]), json!(0), "{width} wide");
        page.run("document.getElementById('settings-form').scrollIntoView();", vec![]);
        page.screenshot(&format!("settings-{width}"));
    }
}
