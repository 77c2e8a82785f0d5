//! Promise 2: nothing leaves the page because the browser forbids it, to the page and to the
//! engine's worker alike, and the ban is in place before the engine gets to see any input.
//!
//! What no policy governs, and therefore is not tried here: opening a window, leaving the page,
//! WebRTC in Chromium, and connections on which nothing is said (both browsers follow `preconnect`
//! hints, and Chromium connects ahead for a frame or form that it then refuses). Only code of the
//! page itself could use these, and the page runs no code but its own: that is promise 8.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Recorder, Site};

const ATTACKS: &str = include_str!("attacks.js");
const PROBE: &str = include_str!("probe.js");

/// Browsers take these from the page's own host only, policy or not.
const OWN_HOST_ONLY: [&str; 4] = ["worker", "shared-worker", "service-worker", "vector-use"];

/// Firefox sends no pings unless its user switches them on.
const HARMLESS_IN_FIREFOX: [&str; 1] = ["ping"];

/// What attacks from a page or a worker led to.
struct Aftermath {
    /// The ways that were tried.
    tried: BTreeSet<String>,
    /// The ways that reached the site's own host, and another one.
    reached_own: BTreeSet<String>,
    reached_other: BTreeSet<String>,
    /// What the browser reported as violations of the policy.
    violations: Vec<String>,
    /// How each attempt ended, for reading when a test fails.
    outcomes: Value,
}

impl Aftermath {
    fn new(answer: &Value, own: &Recorder, other: &Recorder) -> Self {
        let texts = |key: &str| -> Vec<String> {
            let list = answer[key].as_array().unwrap_or_else(|| panic!("no {key} in {answer}"));
            list.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        Self {
            tried: texts("names").into_iter().collect(),
            reached_own: arrivals(own),
            reached_other: arrivals(other),
            violations: texts("violations"),
            outcomes: answer["outcomes"].clone(),
        }
    }

    #[track_caller]
    fn assert_nothing_arrived(&self) {
        let nothing = BTreeSet::new();
        assert_eq!(self.reached_own, nothing, "reached the own host: {:#}", self.outcomes);
        assert_eq!(self.reached_other, nothing, "reached another host: {:#}", self.outcomes);
    }

    /// Every attack must be able to arrive, or its absence proves nothing.
    #[track_caller]
    fn assert_all_arrived_but(&self, harmless: &[&str]) {
        let missing = |reached: &BTreeSet<String>, harmless: &[&str]| -> Vec<String> {
            let wanted = self.tried.iter().filter(|it| !harmless.contains(&it.as_str()));
            wanted.filter(|it| !reached.contains(*it)).cloned().collect()
        };
        let nothing = Vec::<String>::new();
        let own = missing(&self.reached_own, harmless);
        assert_eq!(own, nothing, "did not reach the own host: {:#}", self.outcomes);
        let harmless = [harmless, &OWN_HOST_ONLY].concat();
        let other = missing(&self.reached_other, &harmless);
        assert_eq!(other, nothing, "did not reach another host: {:#}", self.outcomes);
    }
}

/// The ways of attack that led to a request.
fn arrivals(recorder: &Recorder) -> BTreeSet<String> {
    let targets = recorder.requests().into_iter().map(|it| it.target);
    targets.filter_map(|it| it.strip_prefix("/attack/").map(str::to_owned)).collect()
}

fn attack_from_page(page: &Page, own: &Recorder, other: &Recorder) -> Aftermath {
    page.run(ATTACKS, vec![]);
    let script = "plimsollAttacks.attack('page', arguments[0]).then(done);";
    let origins = json!([own.origin(), other.origin()]);
    let answer = page.run_until_done(script, vec![origins]);
    Aftermath::new(&answer, own, other)
}

/// Tells the probe in a worker to attack, and waits for what it has to say.
fn attack_from_worker(page: &Page, own: &Recorder, other: &Recorder) -> (Value, Aftermath) {
    let script = "
        const channel = new BroadcastChannel('plimsoll-probe');
        // The worker may not listen yet: ask until it answers.
        const asking = setInterval(() => channel.postMessage('attack'), 100);
        channel.onmessage = ({ data }) => {
            if (data === 'attack') return;
            clearInterval(asking);
            done(data);
        };";
    let answer = page.run_until_done(script, vec![]);
    (answer["first"].clone(), Aftermath::new(&answer, own, other))
}

/// The worker's own code with the probe before it.
fn with_probe(worker: &str, other: &Recorder) -> String {
    let elsewhere = json!(other.origin()).to_string();
    format!("{ATTACKS}\n{}\n{worker}", PROBE.replace("PLIMSOLL_ELSEWHERE", &elsewhere))
}

#[track_caller]
fn wait_for_airlock(page: &Page) {
    page.wait_until(
        "document.querySelector('#status[data-airlock=closed], #status [data-airlock=closed]')",
    );
}

fn page_cannot_send(engine: Engine) {
    let (own, other) = (Site::built().serve(), Recorder::elsewhere());
    let page = Page::open(engine, own.origin(), "/");
    page.wait_until_ready();
    wait_for_airlock(&page);
    let aftermath = attack_from_page(&page, &own, &other);
    aftermath.assert_nothing_arrived();
    for directive in ["connect-src", "img-src", "style-src-elem", "frame-src", "form-action"] {
        let is_reported = aftermath.violations.iter().any(|it| it.starts_with(directive));
        assert!(is_reported, "no violation of {directive}: {:#?}", aftermath.violations);
    }
}

fn worker_cannot_send(engine: Engine) {
    let other = Recorder::elsewhere();
    let own = Site::built().with_asset("worker.js", |it| with_probe(it, &other)).serve();
    let page = Page::open(engine, own.origin(), "/");
    page.wait_until_ready();
    let (first, aftermath) = attack_from_worker(&page, &own, &other);
    assert_eq!(first, json!(["refused", "refused"]), "the worker was started too early");
    aftermath.assert_nothing_arrived();
    let is_reported = aftermath.violations.iter().any(|it| it.starts_with("connect-src"));
    assert!(is_reported, "{:#?}", aftermath.violations);
}

/// The control run: without the policy, every attack arrives.
fn page_without_policy_sends(engine: Engine, harmless: &[&str]) {
    let (own, other) = (Site::built().without_policy().serve(), Recorder::elsewhere());
    let page = Page::open(engine, own.origin(), "/");
    let aftermath = attack_from_page(&page, &own, &other);
    aftermath.assert_all_arrived_but(harmless);
}

/// The control run: a worker of a page without the policy reaches everybody, from its first line.
fn worker_without_policy_sends(engine: Engine, harmless: &[&str]) {
    let (own, other) = (Site::built().without_policy().serve(), Recorder::elsewhere());
    let page = Page::open(engine, own.origin(), "/");
    let script = "
        const url = URL.createObjectURL(new Blob([arguments[0]]));
        self.attacker = new Worker(url);
        return null;";
    page.run(script, vec![json!(with_probe("", &other))]);
    let (first, aftermath) = attack_from_worker(&page, &own, &other);
    assert_eq!(first, json!(["reached", "reached"]));
    aftermath.assert_all_arrived_but(harmless);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_page_cannot_send_in_chromium() {
    page_cannot_send(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_page_cannot_send_in_firefox() {
    page_cannot_send(Engine::Firefox);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_worker_cannot_send_in_chromium() {
    worker_cannot_send(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_worker_cannot_send_in_firefox() {
    worker_cannot_send(Engine::Firefox);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_without_policy_sends_in_chromium() {
    page_without_policy_sends(Engine::Chromium, &[]);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_without_policy_sends_in_firefox() {
    page_without_policy_sends(Engine::Firefox, &HARMLESS_IN_FIREFOX);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_worker_without_policy_sends_in_chromium() {
    worker_without_policy_sends(Engine::Chromium, &[]);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_worker_without_policy_sends_in_firefox() {
    worker_without_policy_sends(Engine::Firefox, &HARMLESS_IN_FIREFOX);
}
