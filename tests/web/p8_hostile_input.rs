//! Promise 8: hostile input cannot run. Whatever stands in a Dockerfile, in image data or in the
//! name of a file is shown as text: it becomes no element, no address, no script, and text that
//! would turn the reading direction or move a cursor is made visible.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Site};

const TOUR: &str = include_str!("tour.js");
const INSPECT: &str = include_str!("inspect.js");
const TRUSTED_TYPES: &str = include_str!("trusted_types.js");

/// Texts without spaces, so that each is one word of a Dockerfile. The mark, which is in each, tells
/// whether a text was shown at all.
fn payloads() -> Vec<(String, String)> {
    let harm = "self.plimsollHarm=1";
    let shapes = [
        "<img/src='MARK'/onerror='HARM'>",
        "<svg/onload=HARM><hostile-element>MARK",
        "MARK\"><script>HARM</script>",
        "MARK'/onfocus='HARM'/autofocus='",
        "</textarea></title></pre><b/id=MARK><script>HARM</script>",
        "javascript:HARM//MARK",
        "data:text/html,<script>HARM</script>MARK",
        "https://MARK.example/\"onclick=\"HARM",
        "[MARK](javascript:HARM)",
        "${HARM}MARK",
        "&lt;b/id=MARK&gt;&#60;hostile-element&#62;",
        "MARK\u{202e}gnp.exe\u{2066}\u{200f}\u{61c}",
        "MARK\u{1b}[2J\u{7}\u{8}\u{9b}31m\u{7f}",
    ];
    let mut payloads = Vec::new();
    for (number, shape) in shapes.iter().enumerate() {
        let mark = format!("hostile{number}x");
        payloads.push((shape.replace("MARK", &mark).replace("HARM", harm), mark));
    }
    payloads
}

/// All of them in one Dockerfile.
fn everything() -> String {
    payloads().iter().map(|(payload, _)| dockerfile(payload)).collect()
}

/// A secret that would become markup. It has nothing of the other texts: what is a secret in one
/// place is masked in all, piece by piece.
const SECRET: &str = "Zq7<b>Wx2</b>Kp9Lm4";

/// A Dockerfile with a text in every place that a report may quote.
fn dockerfile(payload: &str) -> String {
    format!(
        "# {payload}\nARG {payload}=1\nARG PASSWORD={SECRET}\nFROM {payload}:latest AS {payload}\n\
         FROM registry.example/{payload}\nENV {payload}={payload} API_TOKEN={SECRET}\n\
         LABEL {payload}=\"{payload}\"\nWORKDIR {payload}\nCOPY --from={payload} {payload} /\n\
         ADD https://host.example/{payload} /\nRUN curl {payload} | sh && chmod 777 /{payload}\n\
         RUN --mount=type={payload} sudo {payload}\nEXPOSE {payload}\nVOLUME {payload}\n\
         {payload} unknown\nHEALTHCHECK CMD {payload}\nSTOPSIGNAL {payload}\nSHELL [\"{payload}\"]\n\
         USER {payload}\nUSER root\nENTRYPOINT [\"{payload}\", {payload}]\nCMD {payload}\n"
    )
}

/// Image data with a text in every place that a report may quote.
fn inspect_output(payload: &str) -> String {
    json!([{
        "Id": payload,
        "RepoTags": [payload],
        "RepoDigests": [payload],
        "Author": payload,
        "Comment": payload,
        "Architecture": payload,
        "Config": {
            "User": payload,
            "Env": [format!("{payload}={payload}"), format!("DB_PASSWORD={SECRET}")],
            "Cmd": [payload],
            "Entrypoint": [payload],
            "WorkingDir": payload,
            "Labels": {payload: payload},
            "ExposedPorts": {payload: {}},
            "Volumes": {payload: {}},
            "Healthcheck": {"Test": ["CMD", payload]},
        },
        "GraphDriver": {"Name": payload},
        "RootFS": {"Type": payload, "Layers": [payload]},
    }])
    .to_string()
}

fn lines(value: &Value) -> Vec<String> {
    let list = value.as_array().unwrap_or_else(|| panic!("no list: {value}"));
    list.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Uses every control and inspects the document each time.
fn tour_and_inspect(page: &Page) -> Vec<String> {
    let script = format!(
        "{TOUR}\n{INSPECT}
        const problems = new Set(inspect());
        tour(() => inspect().forEach(it => problems.add(it))).then(() => done([...problems]));"
    );
    lines(&page.run_until_done(&script, vec![]))
}

fn inspect(page: &Page) -> Vec<String> {
    lines(&page.run(&format!("{INSPECT}\nreturn inspect();"), vec![]))
}

/// Waits until a word is shown outside of the editor.
fn wait_until_shown(page: &Page, word: &str) {
    page.wait_until(&format!(
        "[...document.body.children].some(it => {{
            const copy = it.cloneNode(true);
            copy.querySelectorAll('#input, #mirror').forEach(it => it.remove());
            return copy.textContent.includes('{word}');
        }})"
    ));
}

fn hostile_text_is_shown_as_text(engine: Engine) {
    let site = Site::built().serve();
    let page = Page::open(engine, site.origin(), "/");
    page.wait_until_ready();
    assert_eq!(inspect(&page), Vec::<String>::new(), "the page itself");
    for (payload, mark) in payloads() {
        page.paste("#input", &dockerfile(&payload));
        wait_until_shown(&page, &mark);
        page.wait_until_ready();
        assert_eq!(inspect(&page), Vec::<String>::new(), "Dockerfile: {payload:?}");
    }
    page.go("/");
    page.wait_until_ready();
    for (payload, mark) in payloads() {
        let name = payload.replace('/', "\u{2215}");
        page.drop_files("body", &[(name.as_str(), inspect_output(&payload).as_bytes())]);
        wait_until_shown(&page, &mark);
        page.wait_until_ready();
        assert_eq!(inspect(&page), Vec::<String>::new(), "image: {payload:?}");
    }
    // Everything at once, in every view.
    page.paste("#input", &everything());
    page.wait_until_ready();
    assert_eq!(tour_and_inspect(&page), Vec::<String>::new());
    page.screenshot(&format!("hostile-{engine:?}").to_lowercase());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn hostile_text_is_shown_as_text_in_chromium() {
    hostile_text_is_shown_as_text(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn hostile_text_is_shown_as_text_in_firefox() {
    hostile_text_is_shown_as_text(Engine::Firefox);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_word_of_a_megabyte_leaves_the_page_alive() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    let word = "long".repeat(250_000);
    page.paste("#input", &format!("FROM {word}\nUSER {word}\nENV TOKEN={word}\n"));
    page.wait_until_ready();
    assert_eq!(inspect(&page), Vec::<String>::new());
    // What is too long for the editor stands beside it.
    page.click("[data-input=pasted] button.close");
    page.wait_until_ready();
    page.paste("#input", "FROM debian:12\nUSER root\n");
    page.wait_until_ready();
    page.wait_until("document.querySelector('#findings [data-rule]')");
}

/// The ways by which code of the page can turn text into markup or code.
fn ways_that_work(engine: Engine, site: Site, is_ready: impl Fn(&Page)) -> Vec<String> {
    let site = site.with_script(TRUSTED_TYPES).serve();
    let page = Page::open(engine, site.origin(), "/");
    is_ready(&page);
    page.run("dispatchEvent(new Event('plimsoll-try'));", vec![]);
    page.wait_until("self.plimsollWorked");
    lines(&page.run("return self.plimsollWorked;", vec![]))
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn text_becomes_neither_markup_nor_code() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let worked = ways_that_work(engine, Site::built(), Page::wait_until_ready);
        assert_eq!(worked, Vec::<String>::new(), "{engine:?}");
    }
}

/// The control run: without the policy, each of these ways works.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_text_becomes_markup_and_code_without_policy() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let worked = ways_that_work(engine, Site::built().without_policy(), |_| ());
        let expected = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "fragment",
            "parser",
            "write",
            "eval",
            "function",
            "scriptText",
            "scriptAddress",
            "worker",
            "otherPolicy",
        ];
        for way in expected {
            assert!(worked.iter().any(|it| it == way), "{engine:?}: {way} is not in {worked:?}");
        }
    }
}

/// A page that takes its input for markup.
const CARELESS: &str = "
    document.addEventListener('input', ({ target }) => {
        const place = document.createElement('div');
        document.body.append(place);
        place.innerHTML = target.value;
    }, true);";

/// The control run: on a careless page without the policy, the inspection finds the harm.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_careless_page_is_found_out() {
    let site = Site::built().without_policy().with_script(CARELESS).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    let more = "<p style=background:url(x)>x</p>\
        <a href=javascript:hostile>x</a><a href=http://hostile.example/>x</a>";
    page.paste("#input", &format!("{}{more}", everything()));
    page.wait_until("self.plimsollHarm");
    let problems = inspect(&page).join("\n");
    for expected in [
        "harm: 1",
        "element: hostile-element",
        "element: img",
        "id: b hostile4x",
        "script: null",
        "attribute: onerror",
        "attribute: style",
        "address: a javascript:hostile",
        "address: a http://hostile.example/",
        "invisible text: ",
    ] {
        assert!(problems.contains(expected), "{expected} is not among\n{problems}");
    }
}

/// The policy holds even when the page is careless.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_careless_page_with_policy_does_no_harm() {
    let site = Site::built().with_script(CARELESS).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", &everything());
    wait_until_shown(&page, "hostile");
    page.wait_until_ready();
    assert_eq!(inspect(&page), Vec::<String>::new());
    let errors = page.console_errors().join("\n");
    assert!(errors.contains("TrustedHTML"), "nothing was tried: {errors}");
}
