//! What the search box knows: for each page its address, title, names and some of its words.

use std::collections::BTreeSet;

use anyhow::Result;
use rules::{RULES, Rule, page};

use super::topics::{TOPICS, Topic};

/// One page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// Seen from the companion's first folder.
    pub(super) address: String,
    pub(super) title: String,
    /// What it is called, by us and by others.
    pub(super) names: Vec<String>,
    /// Further words, for finding only.
    pub(super) words: String,
}

/// How much of the text of a rule's page is searched.
const RULE_WORDS: usize = 160;

/// Every page.
pub(super) fn entries() -> Vec<Entry> {
    TOPICS.iter().map(topic).chain(RULES.iter().map(|it| rule(it))).collect()
}

fn topic(it: &Topic) -> Entry {
    let body = it.body().to_lowercase();
    let words: BTreeSet<&str> =
        body.split(|it: char| !it.is_alphanumeric()).filter(|it| it.len() > 3).collect();
    Entry {
        address: format!("{}/index.html", it.name),
        title: it.title().to_owned(),
        names: Vec::new(),
        words: words.into_iter().collect::<Vec<_>>().join(" "),
    }
}

fn rule(it: &Rule) -> Entry {
    let doc = page::filled(it.doc);
    let why = doc
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .to_lowercase()
        .replace('\n', " ")
        .replace("//", "");
    Entry {
        address: format!("rules/{}/index.html", it.id),
        title: it.title.to_owned(),
        names: std::iter::once(it.id).chain(it.aka.iter().copied()).map(str::to_owned).collect(),
        words: why.chars().take(RULE_WORDS).collect(),
    }
}

/// The pages as a script, since a script is what a page can load from a disk.
pub(super) fn script() -> Result<String> {
    let all: Vec<_> =
        entries().into_iter().map(|it| (it.address, it.title, it.names, it.words)).collect();
    Ok(format!("\"use strict\";\nself.plimsollSearch = {};\n", serde_json::to_string(&all)?))
}
