//! What is handed in, in every way and every shape, is answered or refused in words; the page goes
//! on afterwards.

use report::Report;
use rules::{Case, Document};
use serde_json::json;

use crate::harness::{Engine, Page, Site};

const GOOD: &str = "FROM scratch\nUSER 65532:65532\nCMD [\"/app\"]\n";
const ROOT: &str = "FROM scratch\nUSER root\nCMD [\"/app\"]\n";

/// A page whose engine is ready.
fn ready() -> (crate::harness::Recorder, Page) {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    (site, page)
}

fn wait_for_answer(page: &Page, question: &str, state: &str) {
    page.wait_until(&format!(
        "document.querySelector('#answers button[data-question={question}][data-state={state}]')"
    ));
}

/// Puts a long text into the editor as pasting does, without the browser's own slow way.
fn set_text(page: &Page, script: &str) {
    page.run(
        &format!(
            "const editor = document.querySelector('#input');
             editor.value = {script};
             editor.dispatchEvent(new InputEvent('input', {{
                 inputType: 'insertFromPaste', bubbles: true,
             }}));"
        ),
        vec![],
    );
}

/// The page still answers.
fn lives(page: &Page) {
    set_text(page, &json!(ROOT).to_string());
    wait_for_answer(page, "root", "fails");
    set_text(page, &json!(GOOD).to_string());
    wait_for_answer(page, "root", "passes");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn answers_follow_the_text() {
    let (_site, page) = ready();
    page.paste("#input", ROOT);
    wait_for_answer(&page, "root", "fails");
    assert!(page.text_of("#headline").starts_with("Overloaded:"));
    assert!(page.text_of("#examined").starts_with("Examined: Dockerfile."));
    // Undo brings the answer back that belongs to the older text.
    page.paste("#input", GOOD);
    wait_for_answer(&page, "root", "passes");
    page.press("\u{e009}z");
    wait_for_answer(&page, "root", "fails");
    assert_eq!(page.run("return document.querySelector('#input').value;", vec![]), json!(ROOT));
    set_text(&page, "''");
    wait_for_answer(&page, "root", "waiting");
    assert_eq!(page.run("return document.title;", vec![]), json!("Plimsoll"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn text_typed_before_the_engine_is_there_is_kept_and_checked() {
    let script = "
        const [real, held] = [fetch, []];
        self.fetch = (...it) => new Promise(go => held.push(go)).then(() => real(...it));
        self.release = () => { self.fetch = real; held.forEach(go => go()); };";
    let site = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.type_into("#input", "FROM scratch\nUSER");
    assert_eq!(page.run("return document.body.dataset.ready;", vec![]), json!("false"));
    page.run("self.release();", vec![]);
    page.wait_until_ready();
    page.press(" root");
    wait_for_answer(&page, "root", "fails");
    let text = page.run("return document.querySelector('#input').value;", vec![]);
    assert_eq!(text, json!("FROM scratch\nUSER root"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn inspect_output_beside_the_dockerfile_has_the_last_word() {
    let (_site, page) = ready();
    page.drop_files("body", &[("Dockerfile", GOOD.as_bytes())]);
    wait_for_answer(&page, "root", "passes");
    let inspect = br#"[{"Id": "sha256:1", "Config": {"User": "root"}, "RootFS": {}}]"#;
    page.drop_files("#results", &[("inspect.json", inspect)]);
    wait_for_answer(&page, "root", "fails");
    assert!(page.text_of("#inputs").contains("image inspect"));
    let places = page.text_of("#findings");
    assert!(places.contains("inspect.json:1:"), "{places}");
    page.click("#inputs li[data-input='inspect.json'] button.close");
    wait_for_answer(&page, "root", "passes");
    page.choose_files("#open", &[("inspect.json", inspect)]);
    wait_for_answer(&page, "root", "fails");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_is_pasted_outside_of_fields_is_handed_in() {
    let (_site, page) = ready();
    let paste = "
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', arguments[0]);
        document.body.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));";
    page.run(paste, vec![json!(GOOD)]);
    wait_for_answer(&page, "root", "passes");
    assert_eq!(page.run("return document.querySelector('#input').value;", vec![]), json!(GOOD));
    page.run(paste, vec![json!("[{\"Id\": \"sha256:1\", \"Config\": {\"User\": \"root\"}}]")]);
    wait_for_answer(&page, "root", "fails");
    assert_eq!(page.run("return document.querySelector('#input').value;", vec![]), json!(GOOD));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn an_open_question_says_how_it_is_settled() {
    let (_site, page) = ready();
    page.paste("#input", "FROM registry.example/unheard-of:1\nCMD [\"/app\"]\n");
    wait_for_answer(&page, "root", "unknown");
    page.click("#answers li:has([data-question=root]) .settle");
    let command = page.text_of(".settling .command");
    assert_eq!(command, "docker image inspect registry.example/unheard-of:1");
    page.paste(".settling textarea", "[{\"Id\": \"sha256:1\", \"Config\": {\"User\": \"app\"}}]");
    wait_for_answer(&page, "root", "passes");
    assert!(page.text_of("#inputs").contains("pasted"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_cannot_be_read_is_named_with_a_way_out() {
    let (_site, page) = ready();
    page.drop_files("body", &[("broken.json", b"[{\"Config\": "), ("a.bin", b"\0\x01\xff\xfe")]);
    page.wait_until("document.querySelectorAll('.problems > li').length === 2");
    let problems = page.text_of(".problems");
    assert!(problems.contains("broken.json:1:") && problems.contains("a.bin"), "{problems}");
    assert!(problems.contains("docker history --no-trunc IMAGE"), "{problems}");
    page.click("#inputs li[data-input='broken.json'] button.close");
    page.wait_until("document.querySelectorAll('.problems > li').length === 1");
    page.click("#inputs li[data-input='a.bin'] button.close");
    page.wait_until("!document.querySelector('.problems')");
    lives(&page);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn five_megabytes_of_text_are_answered_and_the_page_goes_on() {
    let (_site, page) = ready();
    set_text(&page, "'# a comment, and then some more of it\\n'.repeat(135_000)");
    page.wait_until("document.querySelector('#status').dataset.engine === 'ready' && document.querySelector('#inputs .size')?.textContent.includes('MB')");
    page.wait_until("document.querySelector('.problems > li')");
    page.wait_until("!document.querySelector('#unmarked').hidden");
    lives(&page);
    // Pasted, it is put beside the editor, where the browser would stand still.
    page.run(
        "const clipboardData = new DataTransfer();
         clipboardData.setData('text/plain', '# a comment\\n'.repeat(400_000));
         document.querySelector('#input').dispatchEvent(
             new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));",
        vec![],
    );
    page.wait_until(
        "document.querySelector('#inputs li[data-input=pasted] .size')?.textContent.includes('MB')",
    );
    assert_eq!(page.run("return document.querySelector('#input').value;", vec![]), json!(GOOD));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn ten_thousand_lines_are_marked_only_where_they_show() {
    let (_site, page) = ready();
    set_text(&page, "'FROM scratch\\n' + 'RUN a b c\\n'.repeat(9_997) + 'USER root\\nCMD x\\n'");
    wait_for_answer(&page, "root", "fails");
    page.wait_until("document.querySelectorAll('#mirror .rows > div').length < 200");
    page.click("#findings [data-rule=runs-as-root] button.place");
    page.wait_until("[...document.querySelectorAll('#mirror .flaw')].some(it => it.textContent.includes('root'))");
    let shown = "const place = [...document.querySelectorAll('#mirror .flaw')]
            .find(it => it.textContent.includes('root')).getBoundingClientRect();
         const frame = document.querySelector('#scroller').getBoundingClientRect();
         return place.top >= frame.top && place.bottom <= frame.bottom;";
    assert_eq!(page.run(shown, vec![]), json!(true));
    page.wait_until("document.querySelectorAll('#mirror .rows > div').length < 200");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_long_file_is_in_the_text_area_whoever_types_meanwhile() {
    let (_site, page) = ready();
    page.paste("#input", ROOT);
    wait_for_answer(&page, "root", "fails");
    let long = format!("FROM scratch\n{}USER 1:1\n", "RUN chmod 777 /a\n".repeat(1_000));
    page.drop_files("body", &[("Dockerfile", long.as_bytes())]);
    // What meets the older text must not bring it back.
    page.type_into("#input", "x");
    page.wait_until_settled();
    let value = "return document.querySelector('#input').value.replace('x', '');";
    assert_eq!(page.run(value, vec![]), json!(long));
    page.wait_until("document.querySelector('#mirror').textContent.includes('chmod')");
    page.type_into("#input", "#");
    page.wait_until("document.querySelector('#input').value.includes('#')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_file_with_carriage_returns_is_checked_as_it_is() {
    let (_site, page) = ready();
    page.drop_files("body", &[("Dockerfile", ROOT.replace('\n', "\r\n").as_bytes())]);
    wait_for_answer(&page, "root", "fails");
    let bytes = format!("{} B", ROOT.len() + ROOT.lines().count());
    assert!(page.text_of("#inputs").contains(&bytes), "{bytes}");
    page.click("#findings [data-rule=runs-as-root] button.place");
    page.wait_until(
        "(it => it.value.slice(it.selectionStart, it.selectionEnd) === 'USER root')(document.querySelector('#input'))",
    );
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn every_example_is_there_and_shows_what_it_is_for() {
    let site = Site::built().serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/#example=good");
    page.wait_until_ready();
    wait_for_answer(&page, "root", "passes");
    page.wait_until("document.querySelectorAll('#findings > li').length === 0");
    for (name, question) in [
        ("root", "root"),
        ("secrets", "secrets"),
        ("writable", "write"),
        ("multi-stage", "tools"),
        ("history", "root"),
        ("image", "secrets"),
        ("with-inspect", "root"),
    ] {
        page.click("#examples > summary");
        page.click(&format!("#examples a[href='#example={name}']"));
        page.wait_until(&format!(
            "document.querySelector('[data-question={question}]').dataset.state.startsWith('fails')"
        ));
        page.wait_until("!document.querySelector('#examples').open");
        if name == "image" {
            // What only layers show, and the files themselves.
            page.wait_until("document.querySelector('#findings [data-rule=secret-deleted-later]')");
            assert!(page.text_of("#inputs").contains("shop.tar"));
            page.screenshot("example-image");
        }
    }
    // What is mended in one, is so to the question that it is about.
    for (name, question) in [
        ("root-mended", "root"),
        ("secrets-mended", "secrets"),
        ("writable-mended", "write"),
        ("tools-mended", "tools"),
    ] {
        page.click("#examples > summary");
        page.click(&format!("#examples a[href='#example={name}']"));
        page.wait_until_ready();
        page.wait_until(&format!(
            "!document.querySelector('[data-question={question}]').dataset.state.startsWith('fails')"
        ));
    }
    page.click("#examples > summary");
    page.click("#examples a[href='#example=with-inspect']");
    page.wait_until("document.querySelector('#inputs').textContent.includes('inspect.json')");
    assert!(page.text_of("#inputs").contains("inspect.json"));
}

/// The report as this machine's own engine gives it.
fn native(documents: &[Document<'_>], today: &str) -> Report {
    rules::check(&Case::new(documents, today.parse().unwrap()))
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn exports_are_the_same_bytes_as_elsewhere() {
    let inspect = br#"[{"Id": "sha256:1", "Config": {"User": "root", "Env": ["A_TOKEN=x1"]}}]"#;
    let (_site, page) = ready();
    let files: [(&str, &[u8]); 2] = [("Dockerfile", GOOD.as_bytes()), ("image.json", inspect)];
    page.drop_files("body", &files);
    page.wait_until("document.querySelectorAll('#inputs .size:not(:empty)').length === 2");
    page.wait_until_ready();
    page.run(
        "const real = URL.createObjectURL;
         URL.createObjectURL = blob => { self.saved = blob; return real.call(URL, blob); };
         navigator.clipboard.writeText = async text => { self.copied = text; };",
        vec![],
    );
    page.click("#save-json");
    page.click("#copy-markdown");
    page.wait_until("self.saved && self.copied");
    let json = page.run_until_done("self.saved.text().then(done);", vec![]);
    let json = json.as_str().unwrap();
    let today = json.split("\"today\": \"").nth(1).unwrap()[..10].to_owned();
    let document =
        |it: &(&'static str, &'static [u8])| Document { name: it.0, bytes: it.1, taken_for: None };
    let expected = native(&files.map(|it| document(&it)), &today);
    assert_eq!(json, report::json(&expected));
    let markdown = page.run("return self.copied;", vec![]);
    assert_eq!(markdown, json!(report::markdown(&expected)));
    page.wait_until("document.querySelector('#live').textContent === 'Copied.'");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_clipboard_that_refuses_is_no_dead_end() {
    let (_site, page) = ready();
    page.paste("#input", ROOT);
    wait_for_answer(&page, "root", "fails");
    page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('no'));", vec![]);
    page.click("#copy-markdown");
    page.wait_until("document.querySelector('.banner textarea')?.value.startsWith('## Plimsoll')");
}
