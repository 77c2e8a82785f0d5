//! The repository keeps to its own rules: what may depend on what, and how files look.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod dependencies;
mod files;
mod readme;
mod rules;
mod trunk;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The top folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The folders that hold sources of ours.
const FOLDERS: [&str; 4] = ["crates", "tests", "web", "xtask"];

/// Every source file of ours with one of the extensions, as a path from the top and its content.
fn sources(extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(&root().join(folder), extensions, &mut found);
    }
    found.sort();
    assert!(found.len() > 10, "the sources are not where they were");
    found
}

fn collect(folder: &Path, extensions: &[&str], out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            collect(&path, extensions, out);
        } else if path.extension().is_some_and(|it| extensions.contains(&it.to_str().unwrap())) {
            let relative = path.strip_prefix(root()).unwrap().to_str().unwrap();
            let content = std::fs::read_to_string(&path);
            out.push((relative.to_owned(), content.unwrap_or_else(|it| panic!("{path:?}: {it}"))));
        }
    }
}

/// What Cargo knows of the workspace, without the packages of others.
fn metadata() -> Value {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version=1", "--no-deps", "--offline"]).current_dir(root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
