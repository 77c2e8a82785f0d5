//! Builds the site a second time, from a copy of the sources in another folder with nothing built
//! yet, and compares: whoever builds the same sources must get the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::{self, Options, Out};
use crate::run;

/// Builds twice and compares.
pub fn run() -> Result<()> {
    let folder = crate::root().join("target/reproduce");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let out = Out::Folder(folder.join("first"));
    let first = build::site(&Options { out, ..Options::default() })?.folder;

    // Longer than the original's path: a difference that shifts anything shows.
    let copy = folder.join("a-copy-of-the-sources-in-quite-another-folder");
    copy_sources(&copy)?;
    let second = folder.join("second");
    // The same task, told that it lives in the copy.
    let mut command = Command::new(std::env::current_exe()?);
    command.env("CARGO_MANIFEST_DIR", copy.join("xtask")).env_remove("CARGO_TARGET_DIR");
    run::shown(command.args(["build", "--out"]).arg(&second))?;

    let differences = differences(&read(&first, &first)?, &read(&second, &second)?);
    if !differences.is_empty() {
        bail!("the two builds differ: {}", differences.join(", "));
    }
    println!("\nTwo builds from two folders are equal, byte for byte.");
    Ok(())
}

/// Copies what belongs to the repository, with the changes that are not committed yet.
fn copy_sources(to: &Path) -> Result<()> {
    let mut command = Command::new("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = run::output(command.current_dir(crate::root()))?;
    for name in names.split('\0').filter(|it| !it.is_empty()) {
        let (from, to) = (crate::root().join(name), to.join(name));
        // A file that was deleted and not committed yet is still in the list.
        if !from.is_file() {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(&to))?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}

/// Every file below a folder, by its path from the top.
fn read(top: &Path, folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(read(top, &path)?);
        } else {
            files.insert(path.strip_prefix(top)?.to_path_buf(), fs::read(&path)?);
        }
    }
    Ok(files)
}

/// The names of files that only one build has, or that differ.
fn differences(
    first: &BTreeMap<PathBuf, Vec<u8>>,
    second: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<String> {
    let names = first.keys().chain(second.keys().filter(|it| !first.contains_key(*it)));
    let differing = names.filter(|it| first.get(*it) != second.get(*it));
    differing.map(|it| it.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn differences_are_found() {
        let site = |files: &[(&str, &str)]| {
            files.iter().map(|(name, text)| (name.into(), text.as_bytes().to_vec())).collect()
        };
        let first = site(&[("a", "1"), ("b", "2"), ("c", "3")]);
        assert!(differences(&first, &first).is_empty());
        assert_eq!(
            differences(&first, &site(&[("a", "1"), ("b", "9"), ("d", "4")])),
            ["b", "c", "d"]
        );
    }
}
