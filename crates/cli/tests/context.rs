//! `plimsoll check --context`, as somebody would run it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The findings of a rule for `COPY . .` in a folder with an environment file.
fn messages(name: &str, ignore: Option<(&str, &str)>, rule: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Dockerfile"), "FROM node:24\nWORKDIR /srv\nCOPY . .\n").unwrap();
    fs::write(folder.join(".env"), "A=1\n").unwrap();
    fs::write(folder.join("src/app.js"), "\n").unwrap();
    if let Some((file, text)) = ignore {
        fs::write(folder.join(file), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--format", "json", "--context", ".", "Dockerfile"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let of_folder = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--format", "json", "."])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(of_folder, output, "a folder stands for its Dockerfile, with itself as context");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rules = report["rules"].as_array().unwrap();
    let Some(it) = rules.iter().find(|it| it["id"] == rule) else { return Vec::new() };
    let findings = it["findings"].as_array().unwrap();
    findings.iter().map(|it| it["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_copy_is_judged_by_what_it_brings() {
    let found = messages("brings", None, "copy-secret-file");
    assert_eq!(found, ["`.` brings `.env` into the image, by its name an environment file"]);
    let ignored = Some((".dockerignore", ".env\n"));
    assert_eq!(messages("ignored", ignored, "copy-secret-file"), [""; 0]);
    // The Dockerfile's own ignore file counts before the other.
    let own = Some(("Dockerfile.dockerignore", "*.env\n"));
    assert_eq!(messages("own", own, "copy-secret-file"), [""; 0]);
}

#[test]
fn a_folder_without_a_dockerfile_is_nothing_to_check() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("context-of-nothing");
    fs::create_dir_all(&folder).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_plimsoll")).arg("check").arg(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("is a folder; name the files in it, or one with a Dockerfile"),
        "{errors}"
    );
}
