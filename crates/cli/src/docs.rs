//! `plimsoll docs`: the rule pages of the site, from the rules' own Markdown.

mod blocks;
mod html;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use report::prose::Pages;
use rules::{RULES, page};

/// Writes `pages.json`, which the page shows, and a static page for each rule.
pub(crate) fn write(out: &Path) -> Result<()> {
    let mut pages = BTreeMap::new();
    for rule in RULES {
        let blocks = blocks::blocks(&page::filled(rule.doc));
        let file = out.join("rules").join(rule.id).join("index.html");
        put(&file, &html::page(rule, &blocks))?;
        pages.insert(rule.id.to_owned(), blocks);
    }
    put(&out.join("rules").join("index.html"), &html::index(RULES))?;
    put(&out.join("rules").join("pages.css"), html::STYLE)?;
    put(&out.join("pages.json"), &serde_json::to_string(&Pages(pages))?)
}

fn put(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
