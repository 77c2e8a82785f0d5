//! Promise 7: what is saved holds no unmasked secret and no script. That no secret is in any format is tested
//! with promise 11; here the report that people open is opened where nothing may run or load.

use serde_json::json;
use xtask::http::Response;

use crate::harness::{Engine, Page, Recorder, Site};

const WATCH: &str = include_str!("canaries.js");

/// Text that would act where text is taken for markup.
const DOCKERFILE: &str = "FROM <img/src=x/onerror=self.harm=1>:1 AS other\n\
    FROM debian:13\nENV API_TOKEN=q8ZrvT2mK9wXs4Lj\nUSER root\n";

/// The report as the page saves it.
fn saved_report() -> String {
    let site = Site::built().with_script(WATCH).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.drop_files("body", &[("Dockerfile", DOCKERFILE.as_bytes())]);
    page.wait_until("document.querySelector('#exports')");
    page.wait_until_ready();
    page.run("document.querySelector('#exports li button').click();", vec![]);
    page.wait_until("self.plimsollSaved.length === 1");
    let text = page.run_until_done("self.plimsollSaved[0].then(done);", vec![]);
    text.as_str().unwrap().to_owned()
}

/// Serves a page that may run nothing and load nothing.
fn closed(html: String) -> Recorder {
    Recorder::start(move |request| match request.target.as_str() {
        "/" => Response::new(200, html.clone().into_bytes())
            .with("Content-Type", "text/html; charset=utf-8")
            .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        _ => Response::new(404, Vec::new()),
    })
}

/// What a report that people keep may not have.
fn problems(page: &Page, server: &Recorder) -> Vec<String> {
    let script = "
        const out = [];
        for (const it of document.querySelectorAll('script, iframe, object, embed, base, form, link, img')) {
            out.push(`element ${it.localName}`);
        }
        for (const it of document.querySelectorAll('*')) {
            for (const { name, value } of it.attributes) {
                if (/^on/.test(name)) out.push(`attribute ${name}`);
                if (['src', 'srcset', 'data', 'poster', 'background'].includes(name)) out.push(`${name} ${value}`);
                if (name === 'href' && !/^(#|https:)/.test(value)) out.push(`href ${value}`);
            }
        }
        if (self.harm) out.push('harm');
        return out;";
    let found = page.run(script, vec![]);
    let mut found: Vec<String> =
        found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    let icon = |it: &&String| *it != "GET /favicon.ico" && *it != "GET /";
    found.extend(server.lines().iter().filter(icon).cloned());
    found
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_report_is_whole_without_scripts() {
    let html = saved_report();
    let server = closed(html);
    for (width, scheme) in [(1280, "light"), (360, "dark")] {
        let page = Page::open(Engine::Chromium, server.origin(), "/");
        page.emulate("prefers-color-scheme", scheme);
        page.resize(width, 900);
        assert_eq!(problems(&page, &server), Vec::<String>::new());
        assert_eq!(page.axe(), Vec::<String>::new(), "{width} wide");
        let text = page.text_of("body");
        for expected in [
            "runs-as-root",
            "Does it run as root?",
            "Not examined",
            "<img/src=x/onerror=self.harm=1>:1",
        ] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        let overflow = "const it = document.documentElement;
            return it.scrollWidth - it.clientWidth;";
        assert_eq!(page.run(overflow, vec![]), json!(0), "{width} wide");
        page.screenshot(&format!("report-{width}"));
    }
}

/// The control run: a report with code and a picture from elsewhere is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_report_that_loads_and_runs_is_found_out() {
    let html = saved_report().replace(
        "</body>",
        "<script>self.harm = 1</script><img src=\"/x.png\" alt=\"\" onerror=\"1\"><a href=\"javascript:1\">x</a></body>",
    );
    let server = closed(html);
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    let found = problems(&page, &server).join("\n");
    for expected in
        ["element script", "element img", "attribute onerror", "src /x.png", "href javascript:1"]
    {
        assert!(found.contains(expected), "{expected} is not among\n{found}");
    }
    assert!(!found.contains("harm"), "the policy of the test holds");
}
