//! Writes the site to a folder.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Every site has this file, and in it this word.
const SIGN: (&str, &str) = ("index.html", "plimsoll-assets");

/// Refuses a folder that holds something else than a site of ours: it would be deleted.
pub(super) fn refuse_foreign(folder: &Path) -> Result<()> {
    let Ok(mut entries) = folder.read_dir() else { return Ok(()) };
    let (file, word) = SIGN;
    let is_ours =
        || std::fs::read_to_string(folder.join(file)).is_ok_and(|content| content.contains(word));
    if entries.next().is_some() && !is_ours() {
        bail!("{} holds other things than a built site; give an empty folder", folder.display());
    }
    Ok(())
}

/// Replaces what the folder holds.
pub(super) fn replace(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    refuse_foreign(folder)?;
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    write(folder, files)
}

/// Writes the files beside what the folder holds.
pub(super) fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    for (name, content) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, content))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{refuse_foreign, replace};

    #[test]
    fn only_a_site_is_replaced() {
        let folder = std::env::temp_dir().join(format!("plimsoll-out-{}", std::process::id()));
        let page = b"<meta name=\"plimsoll-assets\">".to_vec();
        let first = BTreeMap::from([
            ("index.html".to_owned(), page.clone()),
            ("rules/a/index.html".to_owned(), Vec::new()),
        ]);
        replace(&folder, &first).unwrap();
        replace(&folder, &BTreeMap::from([("index.html".to_owned(), page)])).unwrap();
        assert!(!folder.join("rules").exists());

        std::fs::write(folder.join("index.html"), "a diary").unwrap();
        assert!(refuse_foreign(&folder).is_err());
        assert!(replace(&folder, &first).is_err());
        assert_eq!(std::fs::read_to_string(folder.join("index.html")).unwrap(), "a diary");
    }
}
