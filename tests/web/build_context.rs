//! What a Dockerfile is built from: a folder that is dropped or chosen, or a list of its files.

use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site};

const TEXT: &str = "FROM debian:13\nCOPY . /app\nUSER 1000\n";

fn ready(engine: Engine) -> (Recorder, Page) {
    let site = Site::built().serve();
    let page = Page::open(engine, site.origin(), "/");
    page.wait_until_ready();
    (site, page)
}

/// With a Dockerfile that copies everything, and the way to say what that is.
fn asked(engine: Engine) -> (Recorder, Page) {
    let (site, page) = ready(engine);
    page.paste("#input", TEXT);
    let button = "[...document.querySelectorAll('.settle')].find(it => /build context/.test(it.textContent))";
    page.wait_until(button);
    page.run(&format!("{button}.click();"), vec![]);
    page.wait_until("document.querySelector('#folder')");
    (site, page)
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_list_of_files_says_what_is_copied_until_it_is_left_out() {
    let (_site, page) = asked(Engine::Chromium);
    assert!(page.text_of(".settling .command").starts_with("find . -type f"));
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("context-1280");
    page.paste(".settling textarea", "./.env\n./src/key.pem\n.dockerignore:\n  src\n");
    page.wait_until("document.querySelector('#context')");
    page.wait_until_settled();
    assert!(page.text_of("#context").contains("Build context: 2 files"));
    let found = page.text_of("#findings");
    assert!(found.contains(".env") && !found.contains("key.pem"), "{found}");
    page.click("#context button");
    page.wait_until("!document.querySelector('#context')");
    page.wait_until_settled();
    assert!(!page.text_of("#findings").contains(".env"));
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_folder_is_chosen_and_only_its_names_are_read() {
    let (_site, page) = asked(Engine::Chromium);
    let files: [(&str, &[u8]); 3] = [("Dockerfile", b""), (".env", b""), ("src/main.c", b"")];
    page.choose_folder("#folder", &files);
    page.wait_until("document.querySelector('#context')?.textContent.includes('3 files')");
    page.wait_until_settled();
    assert!(page.text_of("#findings").contains(".env"));
    let text = page.run("return document.querySelector('#input').value;", vec![]);
    assert_eq!(text, json!(TEXT), "the Dockerfile in the editor stays");
}

/// Drops a folder. No driver can, so the browser is made to take one file for it; what reads folders is the
/// page's own code.
fn drop_folder(page: &Page, files: &[(&str, &str)]) {
    let script = "
        const folder = (name, files) => {
            const here = Map.groupBy(files, ([path]) => path.includes('/') ? path.split('/')[0] : '');
            const inside = [...here].flatMap(([head, files]) => head === ''
                ? files.map(([name, text]) => ({
                    name, isFile: true, file: done => done(new File([text], name)) }))
                : [folder(head, files.map(([path, text]) => [path.slice(head.length + 1), text]))]);
            // Browsers give them in parts, the last of which is empty.
            const createReader = () => {
                const left = [...inside];
                return { readEntries: done => done(left.splice(0, 1)) };
            };
            return { name, isDirectory: true, createReader };
        };
        DataTransferItem.prototype.webkitGetAsEntry = () => folder('project', arguments[0]);
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([], 'project'));
        const options = { dataTransfer, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent('drop', options));";
    page.run(script, vec![json!(files)]);
}

fn a_dropped_folder_is_one_case(engine: Engine) {
    let (_site, page) = ready(engine);
    drop_folder(
        &page,
        &[
            ("Dockerfile", TEXT),
            (".dockerignore", "src\n"),
            ("src/deep/key.pem", ""),
            (".env", "A=b"),
            ("plimsoll.toml", "[rules]\nuntagged-base-image = \"on\"\n"),
        ],
    );
    page.wait_until("document.querySelector('#context')?.textContent.includes('5 files')");
    page.wait_until_settled();
    page.wait_until("document.querySelector('#settings')");
    let text = page.run("return document.querySelector('#input').value;", vec![]);
    assert_eq!(text, json!(TEXT), "{engine:?}");
    let found = page.text_of("#findings");
    assert!(found.contains(".env") && !found.contains("key.pem"), "{engine:?}: {found}");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_dropped_folder_is_one_case_in_chromium() {
    a_dropped_folder_is_one_case(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_dropped_folder_is_one_case_in_firefox() {
    a_dropped_folder_is_one_case(Engine::Firefox);
}
