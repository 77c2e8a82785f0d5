//! Promise 1: nothing you paste, drop or type leaves this page.
//!
//! A tour hands in words that occur nowhere else, in every way the page offers, and then uses
//! every control there is. No request may follow, and none at all may carry one of the words.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site, mentions, poll};

const TOUR: &str = include_str!("tour.js");
const LEAK: &str = include_str!("leak.js");

/// A word that this run alone knows.
pub(crate) fn canary() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    format!("canary{:x}p{}", since.as_nanos(), std::process::id())
}

fn dockerfile(canary: &str) -> String {
    format!(
        "# {canary}\nFROM registry.example/{canary}:1 AS {canary}\nARG TOKEN={canary}\n\
         ENV {canary}=1 DB_PASSWORD={canary}\nLABEL owner=\"{canary}\"\n\
         COPY {canary}.txt /srv/\nRUN curl http://{canary}.example/x | sh\n\
         ADD https://{canary}.example/archive.tar.gz /srv/\nUSER root\nCMD [\"/{canary}\"]\n"
    )
}

fn inspect(canary: &str) -> String {
    json!([{
        "Id": "sha256:0123456789abcdef",
        "RepoTags": [format!("{canary}:latest")],
        "Config": {
            "User": "",
            "Env": [format!("PATH=/bin:/{canary}"), format!("API_KEY={canary}")],
            "Cmd": [format!("/{canary}")],
            "Labels": {canary: canary},
        },
        "RootFS": {"Type": "layers", "Layers": []},
    }])
    .to_string()
}

/// Hands in the word in every way, then uses every control.
pub(crate) fn tour(page: &Page, canary: &str) {
    page.paste("#input", &dockerfile(canary));
    page.wait_until_ready();
    page.type_into("#input", &format!("RUN echo {canary}\n"));
    page.wait_until_ready();
    page.drop_files(
        "body",
        &[
            (&format!("{canary}.Dockerfile"), dockerfile(canary).as_bytes()),
            (&format!("{canary}.json"), inspect(canary).as_bytes()),
        ],
    );
    page.wait_until_ready();
    page.choose_files("#open", &[(&format!("{canary}.bin"), canary.as_bytes())]);
    page.wait_until_ready();
    let used = page.run_until_done(&format!("{TOUR}\ntour(() => {{}}).then(done);"), vec![]);
    assert!(used.as_array().is_some_and(|it| it.len() > 1), "no controls were found: {used}");
    page.wait_until_ready();
    page.pause();
}

/// What left the page: requests after the airlock closed, and requests with the word at any time.
fn leaks(
    page: &Page,
    own: &Recorder,
    other: &Recorder,
    n_loading: usize,
    word: &str,
) -> Vec<String> {
    let mut leaks = Vec::new();
    let own = own.requests();
    let outside = [other.requests(), page.browser().asked_of_the_world()].concat();
    for request in own.iter().skip(n_loading).chain(&outside) {
        leaks.push(format!("after loading: {} {}", request.method, request.target));
    }
    for request in own.iter().chain(&outside).filter(|it| mentions(it, word)) {
        leaks.push(format!("with the word: {} {}", request.method, request.target));
    }
    leaks
}

fn nothing_leaves(engine: Engine) {
    let (own, other, word) = (Site::built().serve(), Recorder::elsewhere(), canary());
    let page = Page::open(engine, own.origin(), "/");
    // The field takes text before anything else works.
    page.paste("#input", &dockerfile(&word));
    page.wait_until_settled();
    let n_loading = own.requests().len();
    assert!(n_loading >= 4, "{:?}", own.lines());
    tour(&page, &word);
    page.screenshot(&format!("after-tour-{engine:?}").to_lowercase());
    assert_eq!(leaks(&page, &own, &other, n_loading, &word), Vec::<String>::new());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_leaves_in_chromium() {
    nothing_leaves(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_leaves_in_firefox() {
    nothing_leaves(Engine::Firefox);
}

/// A page whose own code wants to betray its user, from the start.
fn traitor(other: &Recorder) -> String {
    LEAK.replace("PLIMSOLL_ELSEWHERE", &json!(other.origin()).to_string())
}

/// The control run: without the policy, a traitor gets the word out, and the test sees it.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_traitor_without_policy_leaks() {
    let (other, word) = (Recorder::elsewhere(), canary());
    let own = Site::built().without_policy().with_script(&traitor(&other)).serve();
    let page = Page::open(Engine::Chromium, own.origin(), "/");
    page.paste("#input", &dockerfile(&word));
    for expected in ["POST /leak/own", "POST /leak/other", "GET /leak/image?"] {
        let expected = format!("with the word: {expected}");
        let seen = || leaks(&page, &own, &other, usize::MAX, &word).join("\n");
        assert!(
            poll(|| seen().contains(&expected).then_some(())).is_some(),
            "{expected}: {}",
            seen()
        );
    }
}

/// The policy holds against a traitor in the page's own code, once the airlock is closed.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_traitor_with_policy_leaks_nothing() {
    let (other, word) = (Recorder::elsewhere(), canary());
    let own = Site::built().with_script(&traitor(&other)).serve();
    let page = Page::open(Engine::Chromium, own.origin(), "/");
    page.wait_until_settled();
    let n_loading = own.requests().len();
    page.paste("#input", &dockerfile(&word));
    page.pause();
    let tried = page.run("return self.plimsollLeaks;", vec![]);
    assert!(tried.as_u64().is_some_and(|it| it > 0), "the traitor did not try: {tried}");
    assert_eq!(leaks(&page, &own, &other, n_loading, &word), Vec::<String>::new());
}
