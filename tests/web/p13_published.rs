//! Promise 13: what you run is what we published. `checksums.txt` names every file of the site with its digest, the
//! single file among them, and the page loads what it loads under the same digests. That two builds are equal
//! byte by byte is what `cargo xtask reproduce` shows.

use std::collections::BTreeMap;
use std::fs;

use xtask::digest;

use crate::harness::{Site, single};

const SUMS: &str = "checksums.txt";

/// What does not fit: files without a line, lines without a file, digests of something else.
fn wrong(site: &Site) -> Vec<String> {
    let sums = std::str::from_utf8(site.file(SUMS)).unwrap();
    let mut sums: BTreeMap<&str, &str> = sums
        .lines()
        .map(|it| it.split_once("  ").unwrap())
        .map(|(sum, name)| (name, sum))
        .collect();
    let mut wrong = Vec::new();
    for path in site.paths().filter(|it| *it != SUMS) {
        match sums.remove(path) {
            None => wrong.push(format!("{path} is not listed")),
            Some(sum) if sum != digest::sha384_hex(site.file(path)) => {
                wrong.push(format!("{path} is not what is listed"));
            }
            Some(_) => {}
        }
    }
    wrong.extend(sums.keys().map(|it| format!("{it} is listed and not there")));
    // And the page runs nothing else.
    for (name, asset) in site.assets().as_object().unwrap() {
        let file = site.file(asset["url"].as_str().unwrap());
        if asset["integrity"] != digest::sha384(file) {
            wrong.push(format!("the page loads another {name}"));
        }
    }
    wrong
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn every_file_is_published_with_its_digest() {
    let site = Site::built();
    assert_eq!(wrong(&site), Vec::<String>::new());
    assert!(site.paths().count() > 250);
    assert_eq!(
        site.file("plimsoll.html"),
        fs::read(single()).unwrap(),
        "the single file is the same one"
    );
}

/// The control run: a file that was changed, added or left out is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_another_file_is_found_out() {
    let site = Site::built();
    let web = site.assets()["web.js"]["url"].as_str().unwrap().to_owned();
    let changed = format!("{}\n", std::str::from_utf8(site.file(&web)).unwrap());
    let site = site
        .with_file(&web, &changed)
        .with_file("extra.js", "1")
        .without_file("docs/privacy/index.html");
    assert_eq!(
        wrong(&site),
        [
            "extra.js is not listed".to_owned(),
            format!("{web} is not what is listed"),
            "docs/privacy/index.html is listed and not there".to_owned(),
            "the page loads another web.js".to_owned(),
        ]
    );
}
