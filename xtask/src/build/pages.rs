//! The companion and the prose of the rules, which the command line of the product writes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::assets::Site;
use crate::run;

/// What the page loads of the rules, beside the static pages.
const PROSE: &str = "pages.json";

/// Adds the rule pages.
pub(super) fn add(site: &mut Site) -> Result<()> {
    let folder = crate::root().join("target/rule-pages");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    eprintln!("Writing the companion");
    let mut command = run::cargo();
    command.args(["run", "--quiet", "--package", "plimsoll", "--", "docs", "--site"]);
    run::shown(command.arg(&folder))?;
    let mut files = Vec::new();
    collect(&folder, "", &mut files)?;
    ensure!(files.iter().any(|(name, _)| name == PROSE), "the rule pages come without {PROSE}");
    for (name, content) in files {
        // A page keeps its address; what pages load may change its name with its content.
        if name.ends_with(".html") {
            site.files.insert(name, content);
        } else {
            site.add_asset(&name, content);
        }
    }
    Ok(())
}

/// All files below a folder, by their path from the first one.
fn collect(folder: &Path, prefix: &str, out: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|it| it.to_str()).context("a name is no text")?;
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), out)?;
        } else {
            out.push((name, fs::read(&path)?));
        }
    }
    Ok(())
}
