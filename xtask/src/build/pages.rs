//! The companion and the prose of the rules, which the command line of the product writes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::assets::Site;
use super::html;
use super::single;
use crate::run;

/// What the page loads of the rules, beside the static pages.
const PROSE: &str = "pages.txt";

/// The checker inside pages of others.
const ELEMENT: &str = "plimsoll-check.js";
/// What the program says of itself: its version, and the day of its built-in facts.
const EDITION: &str = "edition.txt";
/// The companion as the single file has it.
const COMPANION: &str = single::COMPANION;
/// Where the page shows that.
const MARKER: &str = "<!-- plimsoll:edition -->";

/// The page with what the program says of itself.
pub(super) fn with_edition(template: &str, edition: &str) -> Result<String> {
    ensure!(
        template.matches(MARKER).count() == 1,
        "index.html must have the marker {MARKER} exactly once"
    );
    Ok(template.replace(MARKER, &html::attribute(edition)))
}

/// What the program writes that is no file of the site.
#[derive(Debug)]
pub(super) struct Written {
    /// What it says of itself.
    pub(super) edition: String,
    /// The companion as the single file has it.
    pub(super) companion: Vec<u8>,
}

/// Adds the rule pages.
pub(super) fn add(site: &mut Site) -> Result<Written> {
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
    let (mut edition, mut companion) = (None, None);
    for (name, content) in files {
        if name == EDITION {
            edition = Some(String::from_utf8(content)?);
            continue;
        }
        if name == COMPANION {
            companion = Some(content);
            continue;
        }
        // Pages of others load it by its own name.
        if name == format!("docs/{ELEMENT}") {
            site.files.insert(ELEMENT.to_owned(), content.clone());
        }
        // A page keeps its address; what pages load may change its name with its content.
        if name.ends_with(".html") {
            site.files.insert(name, content);
        } else {
            site.add_asset(&name, content);
        }
    }
    let lacks = |what| format!("the rule pages come without {what}");
    Ok(Written {
        edition: edition.with_context(|| lacks(EDITION))?,
        companion: companion.with_context(|| lacks(COMPANION))?,
    })
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

#[cfg(test)]
mod tests {
    use super::with_edition;

    #[test]
    fn the_edition_is_text() {
        let page = with_edition("<p><!-- plimsoll:edition --></p>", "1 & 2").unwrap();
        assert_eq!(page, "<p>1 &amp; 2</p>");
        assert!(with_edition("<p></p>", "1").is_err());
    }
}
