//! Promise 15: pages that are visited from here do not learn where from, and no window reaches into another.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Recorder, Site};

/// What pages lack, as a browser reads them: a line for each problem.
const SCAN: &str = "
    const problems = [];
    let links = 0;
    for (const [path, text] of arguments[0]) {
        const page = new DOMParser().parseFromString(text, 'text/html');
        const meta = page.querySelector('meta[name=referrer]');
        if (meta?.content !== 'no-referrer') problems.push(`${path}: says where visitors come from`);
        if (!page.querySelector('meta[http-equiv=Content-Security-Policy i]')) problems.push(`${path}: no policy`);
        for (const link of page.querySelectorAll('a[href], area[href]')) {
            const href = link.getAttribute('href');
            if (!/^[a-z]+:|^\\/\\//i.test(href)) continue;
            links += 1;
            if (!/^https:/i.test(href)) problems.push(`${path}: ${href}`);
            const words = (link.getAttribute('rel') ?? '').split(' ');
            for (const word of ['noopener', 'noreferrer']) {
                if (!words.includes(word)) problems.push(`${path}: ${href} without ${word}`);
            }
        }
    }
    return [problems, links];";

fn scanned(files: &[(&str, String)]) -> (Vec<String>, u64) {
    let blank = Recorder::elsewhere();
    let page = Page::open(Engine::Chromium, blank.origin(), "/");
    let files: Vec<Value> = files.iter().map(|(path, text)| json!([path, text])).collect();
    let answer = page.run(SCAN, vec![json!(files)]);
    let problems = answer[0].as_array().unwrap();
    let problems = problems.iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    (problems, answer[1].as_u64().unwrap())
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_page_says_where_its_visitors_go_from() {
    let site = Site::built();
    let pages = site.paths().filter(|it| it.ends_with(".html"));
    let files: Vec<_> =
        pages.map(|it| (it, String::from_utf8(site.file(it).to_vec()).unwrap())).collect();
    assert!(files.len() > 100);
    let (problems, links) = scanned(&files);
    assert_eq!(problems, Vec::<String>::new());
    assert!(links > 0, "no link was looked at");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_pages_that_say_it_are_found_out() {
    let (problems, links) = scanned(&[
        ("a", "<meta name=referrer content=origin><a href='https://x.example/'>x</a>".to_owned()),
        ("b", "<a href='http://x.example/' rel='noopener noreferrer'>x</a>".to_owned()),
    ]);
    assert_eq!(links, 2);
    assert_eq!(problems.len(), 7, "{problems:#?}");
}

/// What another site sees of a visitor who follows a link that has what ours have.
fn seen_by_another(rel: &str) -> (bool, Value) {
    let other = Recorder::elsewhere();
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    let script = "
        const link = document.createElement('a');
        link.href = arguments[0];
        link.rel = arguments[1];
        document.body.append(link);
        link.click();";
    page.run(script, vec![json!(format!("{}/visited", other.origin())), json!(rel)]);
    page.wait_until("location.pathname === '/visited'");
    let request = other.requests().into_iter().find(|it| it.target == "/visited").unwrap();
    let opener = page.run("return self.opener === null && document.referrer === '';", vec![]);
    (request.header("Referer").is_some(), opener)
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_site_that_is_visited_does_not_learn_where_from() {
    assert_eq!(seen_by_another("noopener noreferrer"), (false, json!(true)));
    // The page's own word is enough, too.
    assert_eq!(seen_by_another(""), (false, json!(true)));
}

/// Hosts that can set headers get them in a file.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_headers_for_hosts_are_those_of_the_tests() {
    let site = Site::built();
    let text = String::from_utf8(site.file("_headers").to_vec()).unwrap();
    for (name, value) in xtask::site::HEADERS {
        assert!(text.contains(&format!("  {name}: {value}\n")), "{name} is not in {text}");
    }
    let served = site.serve();
    let page = Page::open(Engine::Chromium, served.origin(), "/");
    page.wait_until_ready();
    let script = "fetch; return self.crossOriginIsolated === false && self.opener === null;";
    assert_eq!(page.run(script, vec![]), json!(true));
}
