//! The worker: started only behind a closed airlock, started again when it ends, and stopped when
//! it takes too long.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Site};

const TEXT: &str = "FROM scratch\nUSER root\n";

/// Turns jobs into what the worker does not understand, `n` times; then leaves them alone.
fn spoil(n: u32) -> String {
    format!(
        "const real = Worker.prototype.postMessage;
         let left = {n};
         Worker.prototype.postMessage = function (message, ...rest) {{
             const job = Array.isArray(message) && left-- > 0;
             return real.call(this, job ? [42] : message, ...rest);
         }};"
    )
}

fn text(page: &Page) -> Value {
    page.run("return document.querySelector('#input').value;", vec![])
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_worker_that_ends_is_started_again_and_answers() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_settled();
    page.run(&spoil(1), vec![]);
    let requests = site.requests().len();
    page.paste("#input", TEXT);
    page.wait_until("document.querySelector('[data-question=root][data-state=fails]')");
    assert!(page.text_of(".banner").contains("started again"));
    assert_eq!(site.requests().len(), requests, "starting again needs no network");
    page.click(".banner button");
    page.wait_until("!document.querySelector('#outcome .banner')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_worker_that_ends_twice_leaves_the_input_and_a_way_on() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.run(&spoil(2), vec![]);
    page.paste("#input", TEXT);
    page.wait_until("document.querySelector('#status[data-engine=dead]')");
    let banner = page.text_of(".banner.bad");
    assert!(banner.contains("failed twice") && !banner.contains("scratch"), "{banner}");
    assert_eq!(text(&page), json!(TEXT));
    page.run("navigator.clipboard.writeText = async text => { self.copied = text; };", vec![]);
    page.click(".banner.bad .report");
    page.wait_until("self.copied");
    let copied = page.run("return self.copied;", vec![]).to_string();
    assert!(copied.contains(env!("CARGO_PKG_VERSION")) && !copied.contains("scratch"), "{copied}");
    page.click(".banner.bad button");
    page.wait_until("document.querySelector('[data-question=root][data-state=fails]')");
    // Another input is another chance as well.
    page.run(&spoil(2), vec![]);
    page.paste("#input", "FROM scratch\nUSER app\n");
    page.wait_until("document.querySelector('#status[data-engine=dead]')");
    page.paste("#input", TEXT);
    page.wait_until("document.querySelector('[data-question=root][data-state=fails]')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn work_that_takes_long_is_said_and_can_be_cancelled() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    let swallow = "
        self.real = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (message, ...rest) {
            if (!Array.isArray(message)) return self.real.call(this, message, ...rest);
        };";
    page.run(swallow, vec![]);
    page.paste("#input", TEXT);
    page.wait_until("document.querySelector('.banner')?.textContent.includes('Still checking')");
    page.run("Worker.prototype.postMessage = self.real;", vec![]);
    page.click("#outcome .banner button");
    page.wait_until("document.querySelector('#outcome .banner').textContent.includes('Cancelled')");
    page.wait_until("document.querySelector('#status[data-engine=ready]')");
    assert_eq!(text(&page), json!(TEXT));
    page.click("#outcome .banner button");
    page.wait_until("document.querySelector('[data-question=root][data-state=fails]')");
}

/// Records what the airlock's state was whenever a worker was made.
const WATCH: &str = "
    const Real = Worker;
    self.made = [];
    self.Worker = class extends Real {
        constructor(...it) {
            self.made.push(document.querySelectorAll('meta[http-equiv]').length);
            super(...it);
        }
    };";

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_worker_is_made_before_the_second_policy_is_in_force() {
    let site = Site::built().with_script(WATCH).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    assert_eq!(page.run("return self.made;", vec![]), json!([2]));
    assert_eq!(page.text_of("#status .airlock"), "Airlock closed");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn an_airlock_that_does_not_close_is_said_and_nothing_starts_by_itself() {
    let script = format!(
        "{WATCH}
         const real = fetch;
         self.fetch = (address, ...rest) => String(address).includes('airlock-probe')
             ? Promise.resolve(new Response('')) : real(address, ...rest);"
    );
    let site = Site::built().with_script(&script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until("document.querySelector('#status[data-airlock=failed]')");
    page.paste("#input", TEXT);
    page.pause();
    assert_eq!(page.run("return self.made;", vec![]), json!([]));
    assert_eq!(page.text_of("#outcome h3"), "Not enforced in this browser");
    page.click("#outcome .banner button");
    page.wait_until("document.querySelector('[data-question=root][data-state=fails]')");
    assert_eq!(page.text_of("#status .airlock"), "Airlock not enforced");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn an_engine_of_another_version_is_not_used() {
    let script = "
        const Real = Worker;
        self.Worker = class extends Real {
            set onmessage(listener) {
                super.onmessage = listener && (({ data }) => listener({
                    data: String(data).replace(/\"version\":\"[^\"]*\"/, '\"version\":\"0.0.0\"'),
                }));
            }
        };";
    let site = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until("document.querySelector('#status[data-engine=dead]')");
    assert!(page.text_of(".banner.bad").contains("0.0.0"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_part_that_does_not_load_is_said() {
    for (name, place) in [("worker.wasm", "#outcome .banner.bad"), ("web.wasm", "#failed")] {
        let script = "
            const [real, broken] = [fetch, 'BROKEN'];
            self.fetch = (address, ...rest) => String(address).startsWith(broken)
                ? Promise.resolve(new Response('', { status: 404 })) : real(address, ...rest);";
        let site = Site::built();
        let url = site.assets()[name]["url"].as_str().unwrap().to_owned();
        let site = site.with_script(&script.replace("BROKEN", &url)).serve();
        let page = Page::open(Engine::Chromium, site.origin(), "/");
        page.wait_until("document.querySelector('#status[data-engine=dead]')");
        assert!(page.text_of(place).contains(name), "{name}");
    }
}
