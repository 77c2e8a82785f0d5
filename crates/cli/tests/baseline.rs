//! `check --baseline`: what was found before is known, and only what is new fails.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::Value;
use support::{Folder, Said, run};

const OLD: &str = "FROM debian:13\nRUN sudo make\nRUN sudo make\nUSER root\n";
/// The same further down, and one thing more.
const NEW: &str =
    "# Moved.\nFROM debian:13\n\nRUN sudo make\nRUN sudo make\nEXPOSE 22\nUSER root\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(".git/HEAD", "");
    folder.write("Dockerfile", OLD);
    let kept = ["check", "Dockerfile", "--output=json=old.json", "--output=sarif=old.sarif"];
    assert_eq!(run(&folder, &kept, "").code, 1);
    folder
}

fn check(folder: &Folder, more: &[&str]) -> Said {
    run(folder, &[&["check", "Dockerfile"], more].concat(), "")
}

#[test]
fn what_was_there_before_does_not_fail_and_what_is_new_does() {
    let folder = folder("baseline");
    for baseline in ["--baseline=old.json", "--baseline=old.sarif"] {
        folder.write("Dockerfile", OLD);
        let got = check(&folder, &[baseline]);
        assert_eq!((got.code, &*got.errors), (0, ""), "{}", got.out);
        assert_eq!(
            got.out.matches("no-sudo: this step calls `sudo`; known from the baseline\n").count(),
            2
        );
        assert!(got.out.contains("Yes, accepted"), "the answer is not a better one: {}", got.out);

        folder.write("Dockerfile", NEW);
        let got = check(&folder, &[baseline, "--format=gitlab"]);
        let issues: Value = serde_json::from_str(&got.out).unwrap();
        assert_eq!(got.code, 1);
        assert_eq!(
            (issues.as_array().unwrap().len(), &issues[0]["check_name"]),
            (1, &"expose-ssh".into())
        );

        // One more of the same is new, too.
        folder.write("Dockerfile", &OLD.replace("USER", "RUN sudo make\nUSER"));
        let got = check(&folder, &[baseline, "--format=github"]);
        assert_eq!((got.code, got.out.matches("no-sudo").count()), (1, 1), "{}", got.out);
    }
}

#[test]
fn sarif_says_of_each_result_whether_it_is_new_and_is_a_baseline_again() {
    let folder = folder("baseline-sarif");
    folder.write("Dockerfile", NEW);
    let got = check(
        &folder,
        &["--baseline=old.json", "--output=sarif=next.sarif", "--output=json=next.json"],
    );
    assert_eq!(got.code, 1);
    let log: Value = serde_json::from_str(&folder.read("next.sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    for it in results {
        let is_new = it["ruleId"] == "expose-ssh";
        assert_eq!(it["baselineState"], if is_new { "new" } else { "unchanged" }, "{it}");
        assert_eq!(it["suppressions"].as_array().unwrap().is_empty(), is_new, "{it}");
    }
    assert!(results.len() > 3);
    for baseline in ["--baseline=next.json", "--baseline=next.sarif"] {
        let got = check(&folder, &[baseline]);
        assert_eq!(got.code, 0, "{}", got.out);
    }
}

#[test]
fn what_a_comment_accepted_is_new_without_the_comment() {
    let folder = folder("baseline-comment");
    folder.write(
        "Dockerfile",
        "FROM debian:13\n# plimsoll: ignore[no-sudo] ours\nRUN sudo x\nUSER 1\n",
    );
    check(&folder, &["--output=json=old.json", "--output=sarif=old.sarif"]);
    folder.write("Dockerfile", "FROM debian:13\nRUN sudo x\nUSER 1\n");
    for baseline in ["--baseline=old.json", "--baseline=old.sarif"] {
        let got = check(&folder, &[baseline]);
        assert!(got.code == 1 && got.out.contains("no-sudo"), "{}", got.out);
    }
}

#[test]
fn what_is_no_baseline_is_said() {
    let folder = folder("baseline-wrong");
    folder.write(
        "other.sarif",
        r#"{"runs": [{"tool": {"driver": {"name": "Other"}}, "results": []}]}"#,
    );
    folder.write("empty", "");
    for file in ["other.sarif", "empty", "Dockerfile", "missing"] {
        let got = check(&folder, &["--baseline", file]);
        assert!(got.code == 2 && got.errors.contains(file), "{file}: {got:?}");
    }
    // A comparison does not take SARIF for a scan of something.
    let got = run(&folder, &["compare", "old.sarif", "Dockerfile"], "");
    assert!(got.code == 2 && got.errors.contains("--baseline old.sarif"), "{got:?}");
    let got = run(&folder, &["compare", "old.json", "Dockerfile", "--fix"], "");
    assert!(got.code == 2 && folder.read("Dockerfile") == OLD, "{got:?}");
    let got = run(&folder, &["compare", "old.json", "Dockerfile", "--output=markdown=c.md"], "");
    assert!(got.code == 0 && folder.read("c.md").starts_with("## Plimsoll: 0 new"), "{got:?}");
}
