//! What can be done on the page beside reading: mending, accepting, choosing, sharing.

use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site};

const MENDABLE: &str =
    "FROM debian:13\nRUN apt-get update && apt-get install curl\nADD app /app\nUSER 1000\n";

const HISTORY: &str = "\
IMAGE          CREATED        CREATED BY                                      SIZE      COMMENT
0123456789ab   2 days ago     CMD [\"/app\"]                                    0B        buildkit.dockerfile.v0
<missing>      2 days ago     USER root                                       0B        buildkit.dockerfile.v0
<missing>      2 days ago     RUN /bin/sh -c chmod 777 /app # buildkit        1.5MB     buildkit.dockerfile.v0
<missing>      2 days ago     COPY app /app # buildkit                        1.5MB     buildkit.dockerfile.v0
<missing>      3 weeks ago    /bin/sh -c #(nop)  CMD [\"bash\"]                 0B
<missing>      3 weeks ago    /bin/sh -c #(nop) ADD file:0123456789abcdef in /   78MB
";

fn ready(path: &str) -> (Recorder, Page) {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), path);
    page.wait_until_ready();
    (site, page)
}

fn answered(files: &[(&str, &str)]) -> (Recorder, Page) {
    let (site, page) = ready("/");
    let files: Vec<(&str, &[u8])> = files.iter().map(|it| (it.0, it.1.as_bytes())).collect();
    page.drop_files("body", &files);
    page.wait_until("document.querySelector('#findings > li, .problems')");
    page.wait_until_ready();
    (site, page)
}

fn text(page: &Page) -> String {
    let text = page.run("return document.querySelector('#input').value;", vec![]);
    text.as_str().unwrap_or_default().to_owned()
}

/// Opens the card of a rule.
fn open(page: &Page, rule: &str) {
    page.run(
        "document.querySelector(`#findings [data-rule=${arguments[0]}] .fold`).click();",
        vec![json!(rule)],
    );
    page.wait_until(&format!("document.querySelector('[data-rule={rule}] .evidence')"));
}

fn a_fix_is_shown_applied_and_undone(engine: Engine) {
    let site = Site::built().serve();
    let page = Page::open(engine, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", MENDABLE);
    page.wait_until("document.querySelector('[data-rule=prefer-copy-over-add]')");
    open(&page, "prefer-copy-over-add");
    let diff = page.text_of("[data-rule=prefer-copy-over-add] .diff");
    assert!(diff.contains("ADD app /app") && diff.contains("COPY app /app"), "{diff}");
    page.run("document.querySelector('[data-rule=prefer-copy-over-add] .apply').click();", vec![]);
    page.wait_until("!document.querySelector('[data-rule=prefer-copy-over-add]')");
    assert_eq!(text(&page), MENDABLE.replace("ADD", "COPY"), "{engine:?}");
    page.run("document.querySelector('#input').focus();", vec![]);
    page.press("\u{e009}z");
    page.wait_until("document.querySelector('[data-rule=prefer-copy-over-add]')");
    assert_eq!(text(&page), MENDABLE, "{engine:?}");
    page.run("document.querySelector('#fix-all').click();", vec![]);
    page.wait_until("document.querySelector('#input').value.includes('install -y')");
    page.run(
        "[...document.querySelectorAll('.banner button')]
            .find(it => it.textContent === 'Undo').click();",
        vec![],
    );
    page.wait_until("document.querySelector('#input').value.includes('install curl')");
    assert_eq!(text(&page), MENDABLE, "{engine:?}");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_fix_is_shown_applied_and_undone_by_the_browser_itself() {
    a_fix_is_shown_applied_and_undone(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_fix_is_shown_applied_and_undone_by_firefox_itself() {
    a_fix_is_shown_applied_and_undone(Engine::Firefox);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_card_says_why_it_matters_and_leads_to_what_belongs_to_it() {
    let secret = "FROM debian:13\nARG NPM_TOKEN\nRUN echo $NPM_TOKEN > /t\nUSER root\n";
    let (site, page) = answered(&[("Dockerfile", secret)]);
    open(&page, "runs-as-root");
    assert!(page.text_of("[data-rule=runs-as-root] .why").contains("As root an intruder can"));
    open(&page, "secret-arg-flow");
    page.run(
        "document.querySelector('[data-rule=secret-arg-flow] .related .place').click();",
        vec![],
    );
    page.wait_until("document.activeElement.id === 'input'");
    let script = "const it = document.querySelector('#input');
        return it.value.slice(it.selectionStart, it.selectionEnd);";
    assert!(page.run(script, vec![]).as_str().unwrap().contains("NPM_TOKEN"));
    page.run("document.querySelector('[data-rule=runs-as-root] .rule').click();", vec![]);
    page.wait_until("document.querySelector('#explain a[target]')");
    let address = page.run("return document.querySelector('#explain a[target]').href;", vec![]);
    let address = address.as_str().unwrap();
    page.go(address.strip_prefix(site.origin()).unwrap());
    assert!(page.text_of("h1").contains("runs as root"), "{address}");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn on_paper_there_are_all_findings() {
    let text = format!("FROM debian:13\n{}USER 1000\n", "RUN chmod 777 /srv\n".repeat(100));
    let (_site, page) = answered(&[("Dockerfile", &text)]);
    let drawn = "document.querySelectorAll('#findings > li').length";
    page.wait_until(&format!("{drawn} > 5"));
    assert!(page.run(&format!("return {drawn};"), vec![]).as_u64().unwrap() <= 60);
    page.run("dispatchEvent(new Event('beforeprint'));", vec![]);
    page.wait_until(&format!("{drawn} >= 100"));
    page.wait_until("document.querySelector('#findings').style.paddingBottom === '0px'");
    page.run("dispatchEvent(new Event('afterprint'));", vec![]);
    page.wait_until(&format!("{drawn} <= 60"));
    // By the menu too: when the browser is asked, everything is there.
    page.run(
        &format!("self.print = () => {{ self.printed = {drawn}; dispatchEvent(new Event('afterprint')); }};"),
        vec![],
    );
    page.run(
        "[...document.querySelectorAll('#exports button')].find(it => it.textContent.startsWith('Print')).click();",
        vec![],
    );
    page.wait_until("self.printed >= 100");
    page.wait_until(&format!("{drawn} <= 60"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_finding_is_accepted_with_a_reason() {
    let (_site, page) = answered(&[("Dockerfile", MENDABLE)]);
    open(&page, "prefer-copy-over-add");
    page.press("i");
    page.wait_until("document.activeElement.id === 'reason'");
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("ignore-1280");
    page.type_into("#reason", "unpacked on purpose");
    page.wait_until(
        "document.querySelector('.ignore .command').textContent === \
        '# plimsoll: ignore[prefer-copy-over-add] unpacked on purpose'",
    );
    page.press("\u{e007}");
    page.wait_until("document.querySelector('#accepted')?.textContent.includes('on purpose')");
    let comment = "# plimsoll: ignore[prefer-copy-over-add] unpacked on purpose\nADD";
    assert!(text(&page).contains(comment), "{}", text(&page));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn of_two_dockerfiles_one_is_chosen_and_each_can_be_looked_at() {
    let second = "FROM b AS one\nUSER 5\nFROM c AS two\nUSER root\n";
    let (_site, page) = answered(&[("a.dockerfile", MENDABLE), ("b.dockerfile", second)]);
    page.wait_until("document.querySelectorAll('.choices button').length === 2");
    page.screenshot("choices-1280");
    page.run("document.querySelectorAll('.choices button')[1].click();", vec![]);
    page.wait_until("document.querySelector('[data-rule=runs-as-root]')");
    page.run("document.querySelector('[data-rule=runs-as-root] button.place').click();", vec![]);
    page.wait_until("document.querySelector('#input').value.startsWith('FROM b')");
    let chosen = page.text_of("#inputs .current");
    assert!(chosen.contains("b.dockerfile"), "{chosen}");
    page.run(
        "const target = document.querySelector('#target');
         target.value = '0';
         target.dispatchEvent(new Event('change', { bubbles: true }));",
        vec![],
    );
    page.wait_until("!document.querySelector('[data-rule=runs-as-root]')");
    page.run("document.querySelector('#input').focus();", vec![]);
    page.press("\u{e00a}\u{e015}");
    page.wait_until("document.querySelector('#input').value.startsWith('FROM debian')");
    assert_eq!(page.axe(), Vec::<String>::new());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_history_is_shown_as_the_steps_of_a_dockerfile() {
    let dockerfile =
        "FROM debian:13\nCOPY app /app\nRUN chmod 777 /app\nUSER root\nCMD [\"/app\"]\n";
    for (theme, width, height) in [("light", 1280, 900), ("dark", 360, 740)] {
        let site = Site::built().serve();
        let page = Page::open(Engine::Chromium, site.origin(), "/");
        page.emulate("prefers-color-scheme", theme);
        page.resize(width, height);
        page.wait_until_ready();
        page.drop_files(
            "body",
            &[("Dockerfile", dockerfile.as_bytes()), ("history.txt", HISTORY.as_bytes())],
        );
        page.wait_until("document.querySelector('[data-input=recovered] button')");
        page.wait_until_ready();
        page.run("document.querySelector('[data-input=recovered] button').click();", vec![]);
        page.wait_until("document.querySelectorAll('#recovered .steps > li').length === 6");
        let steps = page.text_of("#recovered");
        assert!(steps.contains("78.0 MB") && steps.contains("The base image"), "{steps}");
        assert_eq!(page.axe(), Vec::<String>::new(), "{theme}, {width} wide");
        page.screenshot(&format!("history-{theme}-{width}"));
        // From the entry to where it stands in the history.
        page.run(
            "[...document.querySelectorAll('#recovered .steps button.place')].at(-1).click();",
            vec![],
        );
        page.wait_until("document.querySelector('#recovered').hidden");
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn advice_and_what_may_be_written_are_shown() {
    let inspect = r#"[{"Id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "Name": "/web", "Image": "sha256:1", "Config": {"User": "root", "Image": "web:1"},
        "State": {"Status": "running"}, "HostConfig": {"ReadonlyRootfs": true,
        "Tmpfs": {"/tmp": ""}, "Privileged": false}, "Mounts": []}]"#;
    let (_site, page) =
        answered(&[("Dockerfile", "FROM debian:13\nUSER 1000\n"), ("c.json", inspect)]);
    page.wait_until("document.querySelector('#advice-heading button')");
    page.run("document.querySelector('#advice-heading button').click();", vec![]);
    page.wait_until("document.querySelector('#advice')");
    assert!(page.text_of("#advice").contains("--cap-drop ALL"));
    assert!(page.text_of("#dissent").contains("root"), "{}", page.text_of("#outcome"));
    assert!(page.text_of("#writable").contains("/tmp"));
    assert_eq!(page.axe(), Vec::<String>::new());
    page.run("document.querySelector('#dissent-heading').scrollIntoView();", vec![]);
    page.screenshot("advice-1280");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn findings_are_searched_put_together_and_sorted() {
    let text = format!("{MENDABLE}RUN chmod 777 /srv\n");
    let (_site, page) = answered(&[("Dockerfile", &text)]);
    let heads = "[...document.querySelectorAll('#findings .head')].length";
    page.wait_until(&format!("{heads} >= 2"));
    page.run("document.querySelector('#findings').closest('#results').scrollTo(0, 0);", vec![]);
    page.click("#filter");
    page.press("copy-over");
    page.wait_until("document.querySelectorAll('#findings > li').length === 1");
    page.press("\u{e00c}");
    page.wait_until("document.querySelectorAll('#findings > li').length > 2");
    page.click(".more > summary");
    page.wait_until("document.querySelector('.more').open");
    page.screenshot("filters-1280");
    let choose = "
        const select = document.querySelectorAll('.fields select')[arguments[0]];
        select.value = arguments[1];
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    page.run(choose, vec![json!(3), json!("fixable")]);
    page.wait_until("document.querySelector('.hidden-findings')");
    page.run(choose, vec![json!(0), json!("")]);
    page.wait_until(&format!("{heads} === 0"));
    page.run(choose, vec![json!(1), json!("place")]);
    let first = "document.querySelector('#findings > li .place').textContent";
    page.wait_until(&format!("{first}.startsWith('Dockerfile:2')"));
    assert_eq!(page.axe(), Vec::<String>::new());
}

/// The secret of the test stands in two halves, so that no scanner takes it for one.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_link_carries_the_dockerfile_and_no_secret() {
    let secret = ["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
    let dockerfile = format!("FROM debian:13\nENV GITHUB_TOKEN={secret}\nUSER root\n");
    let (site, page) = answered(&[("Dockerfile", &dockerfile)]);
    page.run("navigator.clipboard.writeText = async text => { self.copied = text; };", vec![]);
    page.click("#exports > summary");
    page.run("document.querySelector('#exports li:last-child button').click();", vec![]);
    page.wait_until("document.querySelector('#copy-link')");
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("share-1280");
    page.click("#copy-link");
    page.wait_until("self.copied");
    let link = page.run("return self.copied;", vec![]);
    let link = link.as_str().unwrap();
    assert!(!link.contains("ghp_"), "{link}");
    let fragment = link.split_once('#').unwrap().1;
    let other = Page::open(Engine::Chromium, site.origin(), &format!("/#{fragment}"));
    other.wait_until_ready();
    other.wait_until("document.querySelector('[data-rule=runs-as-root]')");
    assert!(text(&other).starts_with("FROM debian:13\nENV GITHUB_TOKEN="), "{}", text(&other));
    assert!(!text(&other).contains(&secret[4..]), "{}", text(&other));
    assert_eq!(other.run("return location.hash;", vec![]), json!(""));
    let damaged = Page::open(Engine::Chromium, site.origin(), "/#s=AAAA");
    damaged.wait_until("document.querySelector('.banner')?.textContent.includes('cannot be read')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn every_action_is_found_in_the_palette_and_themes_are_chosen() {
    for (width, height) in [(1280, 900), (360, 740)] {
        let (_site, page) = answered(&[("Dockerfile", MENDABLE)]);
        page.resize(width, height);
        page.run("document.querySelector('#results').focus();", vec![]);
        page.press("\u{e009}k");
        page.wait_until("document.activeElement.id === 'query'");
        page.wait_until("document.querySelectorAll('#commands li').length > 30");
        assert_eq!(page.axe(), Vec::<String>::new(), "{width} wide");
        page.screenshot(&format!("palette-{width}"));
        page.press("high contrast");
        page.wait_until("document.querySelectorAll('#commands li').length === 1");
        page.press("\u{e007}");
        page.wait_until("document.documentElement.dataset.theme === 'contrast'");
        page.wait_until("!document.querySelector('#palette').open");
        assert_eq!(page.axe(), Vec::<String>::new(), "high contrast, {width} wide");
        page.screenshot(&format!("contrast-{width}"));
        page.press("\u{e009}k");
        page.wait_until("document.activeElement.id === 'query'");
        page.press("explain runs-as-root");
        page.wait_until("document.querySelectorAll('#commands li').length === 1");
        page.press("\u{e015}\u{e013}\u{e007}");
        page.wait_until("document.querySelector('#explain h2')");
        page.press("\u{e00c}");
        page.press("\u{e009}k");
        page.wait_until("document.querySelector('#palette').open");
        page.press("\u{e00c}");
        page.wait_until("!document.querySelector('#palette').open");
    }
}
