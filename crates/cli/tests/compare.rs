//! `plimsoll compare`: new, fixed, unchanged.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use support::{Folder, Said, run};

const OLD: &str =
    "FROM debian:13\nADD app /app\nRUN apt-get update && apt-get install curl\nUSER root\n";
/// The same, but everything has moved, the user is another one, and something worse has come in.
const NEW: &str = "# A comment.\nFROM debian:13\n\nADD app /app\nRUN apt-get update && apt-get install curl\n\
                   RUN curl http://example.com/x | sh\nUSER 1000\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("old", OLD);
    folder.write("new", NEW);
    folder
}

fn compare(folder: &Folder, options: &[&str]) -> Said {
    run(folder, &[&["compare", "--today=2026-11-24"], options].concat(), "")
}

/// The names of rules in a list of a comparison as JSON.
fn rules(said: &Said, list: &str) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let all = json[list].as_array().unwrap();
    all.iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn findings_that_moved_are_unchanged() {
    let folder = folder("compare-moved");
    let said = compare(&folder, &["old", "new", "--format=json"]);
    assert_eq!(said.code, 1, "{}", said.errors);
    let (new, fixed, unchanged) =
        (rules(&said, "new"), rules(&said, "fixed"), rules(&said, "unchanged"));
    assert_eq!(fixed, ["runs-as-root"]);
    assert!(new.contains(&"remote-script-pipe".to_owned()), "{new:?}");
    assert!(unchanged.contains(&"prefer-copy-over-add".to_owned()), "{unchanged:?}");
    assert!(new.iter().all(|it| !unchanged.contains(it)), "{new:?} {unchanged:?}");
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let root = &json["answers"][1];
    assert_eq!((&root["question"], &root["old"]), (&"root".into(), &"Yes".into()));
    assert_eq!(root["new"], "No");
}

#[test]
fn the_same_twice_has_nothing_new() {
    let folder = folder("compare-same");
    let said = compare(&folder, &["old", "old"]);
    assert_eq!(said.code, 0, "{}", said.errors);
    assert!(said.out.ends_with(" unchanged\n"), "{}", said.out);
    assert!(said.out.contains("0 new, 0 fixed, "), "{}", said.out);
}

#[test]
fn two_of_the_same_are_two() {
    let folder = folder("compare-twice");
    folder.write("one", "FROM debian:13\nADD a /a\nUSER 1\n");
    folder.write("two", "FROM debian:13\nADD a /a\nADD a /a\nUSER 1\n");
    let said = compare(&folder, &["one", "two", "--format=json"]);
    let count = |list| rules(&said, list).iter().filter(|it| *it == "prefer-copy-over-add").count();
    assert_eq!((count("new"), count("fixed"), count("unchanged")), (1, 0, 1));
    let said = compare(&folder, &["two", "one", "--format=json"]);
    let count = |list| rules(&said, list).iter().filter(|it| *it == "prefer-copy-over-add").count();
    assert_eq!((count("new"), count("fixed"), count("unchanged")), (0, 1, 1));
}

#[test]
fn a_saved_report_is_as_good_as_its_input() {
    let folder = folder("compare-saved");
    run(&folder, &["check", "old", "--output=json=old.json", "--exit-zero"], "");
    let from_report = compare(&folder, &["old.json", "new", "--format=json"]);
    assert_eq!(from_report.out, compare(&folder, &["old", "new", "--format=json"]).out);
    folder.write("cut.json", &folder.read("old.json")[..300]);
    let said = compare(&folder, &["cut.json", "new"]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("cut off"), "{}", said.errors);
}

#[test]
fn only_what_is_new_makes_it_fail() {
    let folder = folder("compare-fail");
    assert_eq!(compare(&folder, &["new", "new"]).code, 0);
    assert_eq!(compare(&folder, &["old", "new", "--fail-on=high"]).code, 1);
    assert_eq!(compare(&folder, &["old", "new", "--fail-on=never"]).code, 0);
    assert_eq!(compare(&folder, &["old", "new", "--exit-zero"]).code, 0);
    assert_eq!(compare(&folder, &["old"]).code, 2);
    assert_eq!(compare(&folder, &["old", "new", "--format=sarif"]).code, 2);
    assert_eq!(compare(&folder, &["old", "missing"]).code, 2);
}

#[test]
fn a_review_gets_markdown() {
    let folder = folder("compare-markdown");
    let said = compare(&folder, &["old", "new", "--format=markdown"]);
    assert!(said.out.contains("| Does it run as root? | Yes | **No** |"), "{}", said.out);
    assert!(said.out.contains("### Fixed (1)\n\n- **high** "), "{}", said.out);
    let text = compare(&folder, &["old", "new"]).out;
    assert!(
        text.contains("Fixed (1)\n  \u{25b2} high: The main process runs as `root`."),
        "{text}"
    );
    assert!(text.contains("Does it run as root?"), "{text}");
}

/// What stands in a report of others may not act on a terminal.
#[test]
fn control_characters_are_shown() {
    let folder = folder("compare-control");
    folder.write("old", "FROM debian:13\nUSER 1\n");
    folder.write("a\u{9b}2J", "FROM debian:13\nUSER ro\u{202e}ot\u{9b}2J\nADD a\u{1b}[2J /a\n");
    for format in ["text", "json", "markdown"] {
        let said = compare(&folder, &["old", "a\u{9b}2J", &format!("--format={format}")]);
        let acts = |it: char| it.is_control() && it != '\n' || it == '\u{202e}';
        assert!(!said.out.chars().any(acts), "{format}: {:?}", said.out);
        assert!(said.out.contains("prefer-copy-over-add"), "{}", said.out);
    }
}
