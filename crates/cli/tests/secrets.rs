//! `plimsoll secrets` on folders of files, as somebody would run it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("secrets")
        .args(arguments)
        .args(["--today", "2026-11-24"])
        .current_dir(folder)
        .output()
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn token() -> String {
    rules::page::filled("{{ghp_:36}}")
}

#[test]
fn the_same_secret_in_two_files_is_one_finding() {
    let folder = folder("same");
    write(&folder, "b/x.py", &format!("# first\nkey = '{}'\n", token()));
    write(&folder, "a.txt", &token());
    let output = run(&folder, &["--format", "json", "."]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{report:#}");
    let places: Vec<(String, u64, u64)> = findings[0]["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let number = |key: &str| it[key].as_u64().unwrap();
            (it["path"].as_str().unwrap().to_owned(), number("line"), number("column"))
        })
        .collect();
    assert_eq!(places, [("a.txt".to_owned(), 1, 1), ("b/x.py".to_owned(), 2, 8)]);
    assert_eq!(report["files"], 2);
}

#[test]
fn ignored_files_are_left_out_unless_asked_for() {
    let folder = folder("ignored");
    write(&folder, ".gitignore", "*.env\n");
    write(&folder, "prod.env", &format!("TOKEN={}\n", token()));
    write(&folder, "x.txt", "nothing\n");
    let output = run(&folder, &["."]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("no secrets in 2 files"));
    assert_eq!(run(&folder, &["--no-ignore", "."]).status.code(), Some(1));
}

#[test]
fn no_output_shows_a_piece_of_the_secret() {
    let folder = folder("masked");
    write(&folder, "x.txt", &format!("token {}\npassword = \"q8Zr!vT2mK9w\"\n", token()));
    write(&folder, &format!("{}.txt", token()), &token());
    for format in ["text", "json", "sarif"] {
        let output = run(&folder, &["--thorough", "--format", format, "."]);
        assert_eq!(output.status.code(), Some(1));
        let shown = [output.stdout, output.stderr].concat();
        for secret in [&token()[4..], "q8Zr!vT2mK9w"] {
            for piece in secret.as_bytes().windows(5) {
                let found = shown.windows(5).any(|it| it.eq_ignore_ascii_case(piece));
                assert!(!found, "{format}: {}", String::from_utf8_lossy(&shown));
            }
        }
    }
}

#[test]
fn fingerprints_are_the_same_only_under_the_same_key() {
    let folder = folder("key");
    write(&folder, "x.txt", &token());
    write(&folder, "../key.bin", "0123456789abcdef0123456789abcdef");
    let print = |arguments: &[&str]| {
        let report = json(&run(&folder, arguments));
        report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let kept = ["--format", "json", "--fingerprint-key-file", "../key.bin", "."];
    assert_eq!(print(&kept), print(&kept));
    let fresh = ["--format", "json", "."];
    assert_ne!(print(&fresh), print(&fresh));
}

#[test]
fn comments_accept_and_exit_codes_tell() {
    let folder = folder("accepted");
    write(&folder, "x.py", &format!("key = '{}' # gitleaks:allow\n", token()));
    let output = run(&folder, &["--format", "sarif", "."]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(json(&output)["runs"][0]["results"][0]["suppressions"][0]["kind"], "inSource");
    assert_eq!(run(&folder, &[]).status.code(), Some(3));
    assert_eq!(run(&folder, &["missing"]).status.code(), Some(2));
    write(&folder, "y.py", &format!("key = '{}'\n", token()));
    assert_eq!(run(&folder, &["."]).status.code(), Some(1));
    assert_eq!(run(&folder, &["--exit-zero", "."]).status.code(), Some(0));
}
