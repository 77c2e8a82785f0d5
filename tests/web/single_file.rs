//! The single file, opened from a disk: it works, and it asks nobody for anything.

use std::fs;

use crate::harness::{Engine, Page, single};

fn answers_from_a_disk(engine: Engine) {
    let path = single();
    let page = Page::open(engine, "file://", path.to_str().unwrap());
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until_ready();
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.wait_until(
        "document.querySelector('#status [data-airlock=closed], #status[data-airlock=closed]')",
    );
    page.screenshot(&format!("single-file-{engine:?}").to_lowercase());
    assert!(page.browser().asked_of_the_world().is_empty());
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_single_file_answers_in_chromium() {
    answers_from_a_disk(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_single_file_answers_in_firefox() {
    answers_from_a_disk(Engine::Firefox);
}

/// The control run: one changed letter of a script, and the policy refuses to run it.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_changed_single_file_does_not_start() {
    let page = fs::read_to_string(single()).unwrap();
    let changed = page.replacen("\"use strict\";", "\"use strict\" ;", 1);
    assert_ne!(page, changed);
    let folder = std::env::temp_dir().join(format!("plimsoll-single-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("plimsoll.html");
    // Every script is changed, so that none of them runs.
    fs::write(&path, changed.replace("<script>", "<script> ")).unwrap();
    let page = Page::open(Engine::Chromium, "file://", path.to_str().unwrap());
    page.pause();
    page.wait_until("document.body.dataset.ready === 'false'");
    fs::remove_dir_all(&folder).unwrap();
}
