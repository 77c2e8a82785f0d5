//! `plimsoll docs`: the companion, pages to read about the rules and what stands behind them. In a
//! terminal, as a folder of static pages, or as the parts of the site.

mod blocks;
pub(crate) mod fence;
mod html;
mod links;
mod print;
pub(crate) mod render;
mod schema;
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
const TOKENS: &str = include_str!("../../../web/style/tokens.css");
/// What reports are as JSON.
const REPORT_SCHEMA: &str = include_str!("../../report/report.schema.json");
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
    /// Around the companion, in the same file.
    Around,
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
    } else if wish.markdown {
        return print::bundle();
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

/// Writes the companion for the site, `pages.txt`, from which the checker explains rules, the companion
/// for the single file, and `edition.txt`, a line for its foot.
fn site(out: &Path) -> Result<()> {
    for (path, text) in companion(&Checker::Above)? {
        put(&out.join("docs").join(path), &text)?;
    }
    put(&out.join("edition.txt"), &edition())?;
    put(&out.join("companion.json"), &inside()?)?;
    let mut pages = Pages::default();
    for rule in RULES {
        pages.add(rule.id, &blocks::blocks(&page::filled(rule.doc)))?;
    }
    put(&out.join("pages.txt"), &pages.0)
}

/// The companion for the single file: for every page its address, title, names and what is on it.
fn inside() -> Result<String> {
    let checker = &Checker::Around;
    let mut pages = vec![
        ("index.html".to_owned(), "The companion".to_owned(), Vec::new(), html::index(checker)),
        ("rules/index.html".to_owned(), "Rules".to_owned(), Vec::new(), html::rules(checker)),
    ];
    for it in search::entries() {
        let name = it.address.trim_end_matches("/index.html");
        let rule = name.strip_prefix("rules/").and_then(|id| RULES.iter().find(|it| it.id == id));
        let body = match (rule, topics::find(name)) {
            (Some(rule), _) => html::rule(rule, checker)?,
            (None, Some(topic)) => html::topic(topic, checker)?,
            (None, None) => continue,
        };
        pages.push((it.address, it.title, it.names, body));
    }
    Ok(serde_json::to_string(&pages)?)
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
    files.insert("report.schema.json".to_owned(), REPORT_SCHEMA.to_owned());
    files.insert(
        "plimsoll.schema.json".to_owned(),
        serde_json::to_string(&schema::schema())? + "\n",
    );
    files.insert("docs.js".to_owned(), SCRIPT.to_owned());
    files.insert("leak.js".to_owned(), LEAK.to_owned());
    files.insert("settings.js".to_owned(), SETTINGS.to_owned());
    files.insert("plimsoll-check.js".to_owned(), ELEMENT.to_owned());
    files.insert("docs.css".to_owned(), format!("{TOKENS}{STYLE}"));
    Ok(files)
}

fn put(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
