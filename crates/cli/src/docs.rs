//! `plimsoll docs`: the companion, pages to read about the rules and what stands behind them. In a
//! terminal, as a folder of static pages, or as the parts of the site.

mod blocks;
pub(crate) mod fence;
mod html;
mod links;
mod print;
pub(crate) mod render;
mod search;
#[cfg(test)]
mod tests;
mod topics;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use report::prose::Pages;
use rules::{RULES, knowledge, page};

use crate::arguments::Docs;

/// The style of the pages, behind the tokens of the checker's own style.
const STYLE: &str = include_str!("../../../web/docs/docs.css");
const CHECKER_STYLE: &str = include_str!("../../../web/style.css");
/// The search box.
const SCRIPT: &str = include_str!("../../../web/docs/docs.js");
/// The page on which a reader tries to get something out.
const LEAK: &str = include_str!("../../../web/docs/leak.js");
/// The form beside the settings file.
const SETTINGS: &str = include_str!("../../../web/docs/settings.js");
/// The checker inside pages of others.
const ELEMENT: &str = include_str!("../../../web/docs/plimsoll-check.js");

/// Where the links lead that open an example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Checker {
    /// There is none; examples are only to be read.
    None,
    /// The page above the folder of the companion.
    Above,
    /// Elsewhere.
    At(String),
}

/// What `plimsoll docs` was asked for.
pub(crate) fn run(wish: &Docs) -> Result<ExitCode> {
    if let Some(out) = &wish.site {
        site(out)?;
    } else if let Some(out) = &wish.output {
        let checker = wish.checker.clone().map_or(Checker::None, Checker::At);
        for (path, text) in companion(&checker)? {
            put(&out.join(path), &text)?;
        }
        crate::print(&format!("{}\n", out.join("index.html").display()))?;
    } else if let Some(words) = &wish.search {
        return print::search(words);
    } else {
        return print::topic(wish.topic.as_deref());
    }
    Ok(ExitCode::SUCCESS)
}

/// What this program is, in a line.
fn edition() -> String {
    format!("Plimsoll {}. Built-in facts as of {}.", rules::VERSION, knowledge::AS_OF)
}

/// Writes the companion for the site, `pages.json`, from which the checker explains rules, and
/// `edition.txt`, a line for its foot.
fn site(out: &Path) -> Result<()> {
    for (path, text) in companion(&Checker::Above)? {
        put(&out.join("docs").join(path), &text)?;
    }
    put(&out.join("edition.txt"), &edition())?;
    let pages: BTreeMap<_, _> = RULES
        .iter()
        .map(|rule| (rule.id.to_owned(), blocks::blocks(&page::filled(rule.doc))))
        .collect();
    put(&out.join("pages.json"), &serde_json::to_string(&Pages(pages))?)
}

/// Every file of the companion, by its path. An error if a page refers to something that is not there.
fn companion(checker: &Checker) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for topic in topics::TOPICS {
        let page = html::topic(topic, checker)
            .with_context(|| format!("in web/docs/{}.md", topic.name))?;
        files.insert(format!("{}/index.html", topic.name), page);
    }
    for rule in RULES {
        let page =
            html::rule(rule, checker).with_context(|| format!("in the page of {}", rule.id))?;
        files.insert(format!("rules/{}/index.html", rule.id), page);
    }
    files.insert("index.html".to_owned(), html::index(checker));
    files.insert("rules/index.html".to_owned(), html::rules(checker));
    files.insert("search-index.js".to_owned(), search::script()?);
    files.insert("docs.js".to_owned(), SCRIPT.to_owned());
    files.insert("leak.js".to_owned(), LEAK.to_owned());
    files.insert("settings.js".to_owned(), SETTINGS.to_owned());
    files.insert("plimsoll-check.js".to_owned(), ELEMENT.to_owned());
    let (tokens, _) = CHECKER_STYLE.split_once("/* Ground. */").context("no tokens")?;
    files.insert("docs.css".to_owned(), format!("{tokens}{STYLE}"));
    Ok(files)
}

fn put(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
