//! Promise 16: embedding leaks nothing to the page around. The checker runs in a sandboxed frame on a page of
//! another origin, checks the text that stands there, and says how high it is, and nothing else.

use serde_json::{Value, json};
use xtask::http::Response;

use crate::harness::{Engine, Page, Recorder, Site};

const TEXT: &str = "FROM debian:13\nENV DB_PASSWORD=embedded-canary-7Qx\nUSER root\n";

/// A page of somebody else, which keeps all that it is told.
fn host(checker: &str, attributes: &str) -> Recorder {
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>host</title><h1>Host</h1>
         <script>self.told = []; addEventListener('message', it => told.push(it.data));</script>
         <script src=\"{checker}/plimsoll-check.js\" defer></script>
         <plimsoll-check {attributes}><pre><code>{TEXT}</code></pre></plimsoll-check>"
    );
    Recorder::start(move |request| match request.target.as_str() {
        "/" => Response::new(200, page.clone().into_bytes()).with("Content-Type", "text/html"),
        _ => Response::new(404, Vec::new()),
    })
}

/// What a page was told beside heights.
fn told_too_much(page: &Page) -> Vec<Value> {
    let told = page.run("return self.told;", vec![]);
    let told = told.as_array().unwrap();
    assert!(!told.is_empty(), "nothing was told, so nothing was tested");
    let is_height = |it: &Value| {
        it.as_object().is_some_and(|it| {
            it.len() == 1 && it.get("plimsollHeight").is_some_and(Value::is_number)
        })
    };
    told.iter().filter(|it| !is_height(it)).cloned().collect()
}

fn a_checker_inside_another_page(engine: Engine) {
    let site = Site::built().serve();
    let host = host(site.origin(), "theme=\"dark\"");
    let page = Page::open(engine, host.origin(), "/");
    page.wait_until("document.querySelector('plimsoll-check[ready]')");
    page.wait_until("document.querySelector('plimsoll-check iframe').offsetHeight > 200");
    assert_eq!(page.run("return document.querySelector('pre').offsetHeight;", vec![]), json!(0));
    let sandbox = "return document.querySelector('iframe').getAttribute('sandbox');";
    assert_eq!(page.run(sandbox, vec![]), json!("allow-scripts"));
    let own = format!("{}/", site.origin());
    assert_eq!(
        page.run(
            "return document.querySelector('iframe').src.startsWith(arguments[0]);",
            vec![json!(own)]
        ),
        json!(true)
    );
    page.screenshot(&format!("embedded-{engine:?}").to_lowercase());

    page.enter("plimsoll-check iframe");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.wait_until("document.querySelector('#status[data-airlock=closed]')");
    assert_eq!(page.run("return location.hash.includes('embed');", vec![]), json!(false));
    let shown = page.run("return getComputedStyle(document.body).backgroundColor;", vec![]);
    assert_eq!(shown, json!("rgb(14, 22, 32)"), "the theme");
    page.paste("#input", "FROM scratch\nUSER 1\n");
    page.wait_until("!document.querySelector('#findings [data-rule=runs-as-root]')");
    page.pause();
    page.leave();

    assert_eq!(told_too_much(&page), Vec::<Value>::new());
    // The text went nowhere, by no address either.
    for server in [&site, &host] {
        let lines = server.lines().join("\n");
        assert!(!lines.contains("text=") && !lines.contains("embedded-canary"), "{lines}");
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_checker_works_inside_another_page_in_chromium() {
    a_checker_inside_another_page(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_checker_works_inside_another_page_in_firefox() {
    a_checker_inside_another_page(Engine::Firefox);
}

/// A text that the page around fetches from its own host; a kind that is no Dockerfile; a checker to look at.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_text_can_be_fetched_and_be_of_another_kind_and_stay_as_it_is() {
    let site = Site::built().serve();
    let checker = site.origin().to_owned();
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>host</title><h1>Host</h1>
         <script src=\"{checker}/plimsoll-check.js\" defer></script>
         <plimsoll-check id=\"one\" src=\"Dockerfile\" readonly>a text in its place</plimsoll-check>
         <plimsoll-check id=\"two\" kind=\"inspect\"><pre>[{{\"Id\": \"sha256:1\", \"Config\": {{\"User\": \"root\"}}, \"RootFS\": {{}}}}]</pre></plimsoll-check>
         <plimsoll-check id=\"three\" src=\"missing\">what stands there</plimsoll-check>
         <plimsoll-check id=\"four\" src=\"{checker}/index.html\">of another host</plimsoll-check>"
    );
    let host = Recorder::start(move |request| match request.target.as_str() {
        "/" => Response::new(200, page.clone().into_bytes()).with("Content-Type", "text/html"),
        "/Dockerfile" => Response::new(200, b"FROM debian:13\nADD a /a\nUSER root\n".to_vec()),
        _ => Response::new(404, Vec::new()),
    });
    let page = Page::open(Engine::Chromium, host.origin(), "/");
    for id in ["one", "two"] {
        page.run(&format!("document.getElementById('{id}').scrollIntoView();"), vec![]);
        page.wait_until(&format!("document.querySelector('#{id}[ready]')"));
    }
    for (id, why) in [("three", "missing: 404"), ("four", "src is on another host")] {
        let failed = format!("document.getElementById('{id}').getAttribute('failed') === '{why}'");
        page.wait_until(&failed);
        page.wait_until(&format!("document.getElementById('{id}').offsetHeight > 0"));
        page.wait_until(&format!("!document.querySelector('#{id} iframe')"));
    }
    page.run("document.getElementById('one').scrollIntoView();", vec![]);
    page.enter("#one iframe");
    page.wait_until("document.querySelector('#findings [data-rule=prefer-copy-over-add]')");
    assert_eq!(page.run("return document.getElementById('input').readOnly;", vec![]), json!(true));
    page.click("#findings [data-rule=prefer-copy-over-add] .fold");
    page.wait_until("document.querySelector('[data-rule=prefer-copy-over-add] .diff')");
    let hidden =
        "return document.querySelector('[data-rule=prefer-copy-over-add] .apply').offsetHeight;";
    assert_eq!(page.run(hidden, vec![]), json!(0));
    // Neither keys nor a drop change it.
    for key in ["f", "F", "f"] {
        page.press(key);
    }
    page.drop_files("body", &[("Dockerfile", b"FROM scratch\n")]);
    page.paste("#input", "FROM scratch\n");
    page.pause();
    let text = page.run("return document.getElementById('input').value;", vec![]);
    assert_eq!(text, json!("FROM debian:13\nADD a /a\nUSER root\n"));
    page.leave();
    page.enter("#two iframe");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.leave();
    // The one control: where `readonly` is not said, a drop does change it.
    page.enter("#two iframe");
    page.drop_files("body", &[("Dockerfile", b"FROM scratch\nUSER 7\n")]);
    page.wait_until("document.getElementById('input').value.includes('USER 7')");
}

/// The control run: a checker that tells what it was given is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_frame_that_tells_more_is_found_out() {
    let traitor = "<!doctype html><title>x</title><script>
        parent.postMessage({ plimsollHeight: 300 }, '*');
        parent.postMessage({ plimsollHeight: 300, text: location.hash }, '*');
        parent.postMessage({ plimsollHeight: 'high' }, '*');
        parent.postMessage('text', '*');</script>";
    let site = Site::built().with_file("plimsoll.html", traitor).serve();
    let host = host(site.origin(), "");
    let page = Page::open(Engine::Chromium, host.origin(), "/");
    page.wait_until("self.told.length === 4");
    assert_eq!(told_too_much(&page).len(), 3);
}

/// What cannot load leaves the text as it was.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_text_stays_where_the_checker_does_not_load() {
    for missing in ["plimsoll.html", "plimsoll-check.js"] {
        let site = Site::built().without_file(missing).serve();
        let host = host(site.origin(), "");
        let page = Page::open(Engine::Chromium, host.origin(), "/");
        page.pause();
        let shown = page.text_of("plimsoll-check pre");
        assert!(shown.contains("USER root"), "without {missing}: {shown}");
        assert_eq!(
            page.run("return document.querySelectorAll('[ready]').length;", vec![]),
            json!(0)
        );
    }
}

/// A message of another frame changes nothing.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn only_its_own_frame_is_listened_to() {
    let site = Site::built().without_file("plimsoll.html").serve();
    let host = host(site.origin(), "");
    let page = Page::open(Engine::Chromium, host.origin(), "/");
    page.run("postMessage({ plimsollHeight: 500 }, '*');", vec![]);
    page.wait_until("self.told.length === 1");
    assert_eq!(page.run("return document.querySelectorAll('[ready]').length;", vec![]), json!(0));
}

/// The page of the companion that tells of it shows it.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_page_about_embedding_has_one() {
    for (width, scheme) in [(1280, "light"), (360, "dark")] {
        let site = Site::built().serve();
        let page = Page::open(Engine::Chromium, site.origin(), "/docs/embed/");
        page.emulate("prefers-color-scheme", scheme);
        page.resize(width, 900);
        page.run("document.querySelector('plimsoll-check').scrollIntoView();", vec![]);
        page.wait_until("document.querySelector('plimsoll-check[ready]')");
        page.pause();
        assert_eq!(page.axe(), Vec::<String>::new(), "{width} wide");
        let overflow = "const it = document.documentElement;
            return it.scrollWidth - it.clientWidth;";
        assert_eq!(page.run(overflow, vec![]), json!(0), "{width} wide");
        page.screenshot(&format!("embed-page-{width}"));
    }
}
