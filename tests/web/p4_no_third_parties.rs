//! Promise 4: no third parties, no analytics, no cookies. The first visit asks for the site's own
//! files and for nothing else, and no file of the site could load anything from elsewhere.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Recorder, Site};

const STATIC_SCAN: &str = include_str!("static_scan.js");

/// What is wrong with how a first visit went: one line per problem.
fn problems_of_visit(page: &Page, own: &Recorder, known: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for request in own.requests() {
        let line = format!("{} {}", request.method, request.target);
        if request.method != "GET" || !known.contains(&request.target) {
            problems.push(format!("asked for something else: {line}"));
        }
        for header in ["Cookie", "Referer", "Authorization"] {
            if let Some(value) = request.header(header) {
                problems.push(format!("{line} carries {header}: {value}"));
            }
        }
        if !request.body.is_empty() {
            problems.push(format!("{line} carries a body"));
        }
    }
    for request in page.browser().asked_of_the_world() {
        problems.push(format!("asked another host: {} {}", request.method, request.target));
    }
    let cookies = page.run("return document.cookie;", vec![]);
    if cookies != json!("") {
        problems.push(format!("cookies: {cookies}"));
    }
    problems
}

/// The paths a first visit may ask for.
fn known(site: &Site) -> Vec<String> {
    site.paths().map(|it| format!("/{it}")).chain(["/".to_owned()]).collect()
}

fn first_visit(engine: Engine) {
    let site = Site::built();
    let known = known(&site);
    let own = site.serve();
    let page = Page::open(engine, own.origin(), "/");
    page.wait_until_settled();
    page.pause();
    let lines = own.lines();
    assert!(lines.iter().any(|it| it.contains("/docs/")), "no copy was made: {lines:?}");
    assert!(lines.iter().any(|it| it.contains("worker-")), "nothing was recorded: {lines:?}");
    assert_eq!(problems_of_visit(&page, &own, &known), Vec::<String>::new());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_first_visit_asks_for_own_files_only_in_chromium() {
    first_visit(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_first_visit_asks_for_own_files_only_in_firefox() {
    first_visit(Engine::Firefox);
}

/// The control run: a page with a counter, a cookie and a typeface from elsewhere is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_with_third_parties_is_found_out() {
    let site = Site::built();
    let known = known(&site);
    let script = "
        document.cookie = 'visitor=1';
        fetch('counter?visitor=1');
        fetch('http://counter.example/visitor', { mode: 'no-cors' });
        self.seen = fetch('http://fonts.googleapis.com/css', { mode: 'no-cors' });";
    let own = site.without_policy().with_script(script).serve();
    let page = Page::open(Engine::Chromium, own.origin(), "/");
    page.run_until_done(
        "Promise.allSettled([self.seen]).then(() => setTimeout(done, 500));",
        vec![],
    );
    let problems = problems_of_visit(&page, &own, &known).join("\n");
    for expected in [
        "asked for something else: GET /counter?visitor=1",
        "asked another host: GET http://counter.example/visitor",
        "asked another host: GET http://fonts.googleapis.com/css",
        "carries Cookie: visitor=1",
        "cookies: \"visitor=1\"",
    ] {
        assert!(problems.contains(expected), "{expected} is not among\n{problems}");
    }
}

/// Where files of the site could load from elsewhere, as a real browser reads them.
fn static_problems(files: &[(String, String)]) -> Vec<String> {
    let blank = Recorder::elsewhere();
    let page = Page::open(Engine::Chromium, blank.origin(), "/");
    let files: Vec<Value> = files.iter().map(|(path, text)| json!([path, text])).collect();
    let problems = page.run(STATIC_SCAN, vec![json!(files)]);
    problems.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_file_loads_from_elsewhere() {
    let site = Site::built();
    let text = |path: &str| {
        let is_text = [".html", ".css", ".js", ".json", ".svg"].iter().any(|it| path.ends_with(it));
        is_text.then(|| (path.to_owned(), String::from_utf8(site.file(path).to_vec()).unwrap()))
    };
    let files: Vec<_> = site.paths().filter_map(text).collect();
    assert!(files.len() > 4, "{files:?}");
    assert_eq!(static_problems(&files), Vec::<String>::new());
}

/// The control run: every way of loading that the scan knows, in a file that uses it.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_loading_from_elsewhere_is_found() {
    let bad = [
        ("a.html", "<script src=\"https://x.example/a.js\"></script>"),
        ("b.html", "<img srcset='//x.example/a.png 2x'>"),
        ("c.html", "<link rel=stylesheet href=HTTPS://x.example/a.css>"),
        ("d.html", "<form action='https://x.example/'></form>"),
        ("e.html", "<a href='#' ping='https://x.example/'>a</a>"),
        ("f.html", "<base href='https://x.example/'>"),
        ("g.html", "<meta http-equiv=refresh content='1;url=https://x.example/'>"),
        ("h.html", "<svg><image href='https://x.example/a.svg'/></svg>"),
        ("i.html", "<iframe srcdoc='x'></iframe>"),
        ("j.html", "<p onclick='x()'>x</p>"),
        ("k.html", "<script>x()</script>"),
        ("l.html", "<img src='/absolute.png'>"),
        ("m.css", "@import 'https://x.example/a.css';"),
        ("n.css", "p { background: url(//x.example/a.png) }"),
        ("o.js", "fetch('https://x.example/')"),
        ("p.js", "import('//x.example/a.js')"),
        ("q.html", "<style>p { background: url(https://x.example/a.png) }</style>"),
        ("r.html", "<link rel=preconnect href='//x.example'>"),
    ];
    let files: Vec<_> =
        bad.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    let problems = static_problems(&files);
    for (path, text) in bad {
        let is_found = problems.iter().any(|it| it.starts_with(path));
        assert!(is_found, "not found: {text}\namong {problems:#?}");
    }
    let good = [
        ("a.html", "<a href='https://x.example/'>a link is no loading</a><img src='data:,'>"),
        ("b.css", "p { background: url(data:,) } /* see https://x.example/ */"),
        ("c.js", "// see https://x.example/\nconst space = 'http://www.w3.org/2000/svg';"),
    ];
    let files: Vec<_> =
        good.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    assert_eq!(static_problems(&files), Vec::<String>::new());
}
