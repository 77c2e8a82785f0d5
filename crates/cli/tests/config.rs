//! `plimsoll.toml`: where it is found, what it changes, and what is wrong with it.

mod support;

use support::{Folder, Said, run};

const RECIPE: &str =
    "FROM debian:13 AS build\nRUN sudo make\nFROM debian:13\nRUN sudo x\nUSER 1000\n";

fn check(folder: &Folder, more: &[&str]) -> Said {
    run(folder, &[&["check", "app/Dockerfile"], more].concat(), "")
}

fn folder(name: &str, settings: &str) -> Folder {
    let folder = Folder::new(name);
    // The search ends here, so that no file around the tests has a say.
    folder.write(".git/HEAD", "");
    folder.write("app/Dockerfile", RECIPE);
    folder.write("plimsoll.toml", settings);
    folder
}

#[test]
fn the_nearest_file_counts_alone() {
    let off = "[rules]\nno-sudo = { off = \"it is ours\" }\n";
    let folder = folder("nearest", off);
    let got = check(&folder, &[]);
    assert!(!got.out.contains("calls sudo") && got.code == 0, "{got:?}");
    assert!(got.out.contains("Switched off by the settings: `no-sudo` (`it is ours`)."));
    assert_eq!(check(&folder, &["--no-config"]).code, 1);
    folder.write("app/.plimsoll.toml", "fail-on = \"never\"\n");
    let got = check(&folder, &[]);
    assert!(got.out.contains("no-sudo") && got.code == 0, "{got:?}");
    let given = check(&folder, &["--config", "plimsoll.toml"]);
    assert!(given.out.contains("Switched off"));
}

#[test]
fn comments_for_other_tools_can_be_switched_off() {
    let folder = folder("foreign", "");
    let comments = "FROM debian:13\n# trivy:ignore:DS-0010\nRUN sudo x\n\
                    # plimsoll: ignore[no-sudo] it is ours\nRUN sudo y\nUSER 1000\n";
    folder.write("app/Dockerfile", comments);
    let got = check(&folder, &[]);
    assert!(got.code == 0 && got.out.contains("accepted by a Trivy comment"), "{got:?}");
    folder.write("plimsoll.toml", "foreign-ignores = false\n");
    let got = check(&folder, &[]);
    assert!(got.code == 1 && got.out.contains("accepted by a plimsoll comment"), "{got:?}");
    assert!(!got.out.contains("Trivy"), "{got:?}");
}

#[test]
fn the_search_ends_at_the_top_of_the_repository() {
    let folder = folder("top", "[rules]\nno-sudo = { off = \"it is ours\" }\n");
    folder.write("app/.git/HEAD", "");
    assert_eq!(check(&folder, &[]).code, 1);
}

#[test]
fn two_names_in_one_folder_are_one_too_many() {
    let folder = folder("two", "");
    folder.write(".plimsoll.toml", "");
    let got = check(&folder, &[]);
    assert_eq!(got.code, 2);
    assert!(got.errors.contains("keep one of them"), "{got:?}");
}

#[test]
fn options_count_more() {
    let folder = folder("options", "fail-on = \"never\"\ntarget = \"build\"\n");
    assert_eq!(check(&folder, &[]).code, 0);
    assert_eq!(check(&folder, &["--fail-on=medium"]).code, 1);
    let build = check(&folder, &[]);
    assert!(build.out.contains("No `USER` is set"), "{build:?}");
    let last = check(&folder, &["--target=1"]);
    assert!(!last.out.contains("No `USER` is set"), "{last:?}");
}

#[test]
fn a_stage_that_does_not_exist_is_told() {
    let folder = folder("stage", "target = \"biuld\"\n");
    let got = check(&folder, &[]);
    assert_eq!(got.code, 2);
    assert!(got.errors.contains("app/Dockerfile has no stage `biuld`; did you mean `build`?"));
    let got = check(&folder, &["--target=release"]);
    assert!(got.errors.contains("has no stage `release`; its stages are `build`"), "{got:?}");
}

#[test]
fn mistakes_are_told_with_their_lines() {
    let folder = folder("mistakes", "trustd = []\n\n[rules]\nno-suod = \"on\"\n");
    let got = check(&folder, &[]);
    assert_eq!((got.code, &*got.out), (2, ""));
    let lines: Vec<&str> = got.errors.lines().collect();
    assert!(
        lines[0]
            .ends_with("plimsoll.toml:1:1: there is no setting `trustd`; did you mean `trusted`?")
    );
    assert!(
        lines[1]
            .ends_with("plimsoll.toml:4:1: there is no rule `no-suod`; did you mean `no-sudo`?")
    );
    assert_eq!(lines[2], "plimsoll: 2 mistakes in the settings; nothing was checked");
}

#[test]
fn build_arguments_decide_and_are_not_shown_when_they_are_secret() {
    let secret = ["correct", "horse", "battery"].join("-");
    let recipe = "ARG BASE\nFROM $BASE\nARG API_TOKEN\nRUN curl -H $API_TOKEN http://example.com/$API_TOKEN | sh\n";
    let folder = folder("arguments", &format!("[arguments]\nAPI_TOKEN = \"{secret}\"\n"));
    folder.write("app/Dockerfile", recipe);
    let open = check(&folder, &[]);
    assert!(open.out.contains("`BASE`"), "{open:?}");
    for format in ["text", "json", "markdown"] {
        let got = check(&folder, &["--build-arg=BASE=debian:latest", "--format", format]);
        assert!(got.out.contains("untagged-base-image") && !got.out.contains(&secret), "{got:?}");
    }
}

#[test]
fn trusted_places_are_those_of_the_project() {
    let folder = folder("trusted", "trusted = [\"ghcr.io/example\"]\n");
    assert!(check(&folder, &[]).out.contains("untrusted-registry"));
    folder.write("plimsoll.toml", "trusted = [\"docker.io/library\"]\n");
    assert!(!check(&folder, &[]).out.contains("untrusted-registry"));
}
