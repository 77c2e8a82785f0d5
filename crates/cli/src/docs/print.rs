//! The companion in a terminal.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use rules::RULES;

use super::topics::{Part, TOPICS, Topic, find};
use super::{html, links, search};
use crate::{explain, print};

/// Prints a page, or the list of all pages. A rule is a page too.
pub(super) fn topic(name: Option<&str>) -> Result<ExitCode> {
    let Some(name) = name else {
        print(&list())?;
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(topic) = find(name) {
        print(&plain(topic))?;
        return Ok(ExitCode::SUCCESS);
    }
    if RULES.iter().any(|it| it.is_named(name)) {
        return explain::explain(name);
    }
    let names = TOPICS.iter().map(|it| it.name).chain(RULES.iter().map(|it| it.id));
    let near = text::nearest(name, names).map(|it| format!("; did you mean {it}?"));
    bail!("there is no page {name}{}", near.unwrap_or_default());
}

/// Every page one after another, for those who want text: people with a pager, and programs that read.
pub(super) fn bundle() -> Result<ExitCode> {
    let topics = TOPICS.iter().map(plain);
    let rules = RULES.iter().map(|it| explain::one(it));
    let pages: Vec<String> =
        std::iter::once(super::edition() + "\n").chain(topics).chain(rules).collect();
    print(&pages.join("\n\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// A page as Markdown that reads well as it is: what is generated is in it, and a link to another page
/// says what prints that page.
fn plain(topic: &Topic) -> String {
    let text = topic.text.replace(html::HADOLINT, &hadolint()).replace(html::EMBEDDED, "");
    let mut out = String::with_capacity(text.len());
    let mut rest = &text[..];
    while let Some((before, label, to, after)) = link(rest) {
        out.push_str(before);
        match links::page(to) {
            Some(name) => {
                let _ = write!(out, "{label} (`plimsoll docs {name}`)");
            }
            None => {
                let _ = write!(out, "[{label}]({to})");
            }
        }
        rest = after;
    }
    out + rest
}

/// The first link of a text: what stands before it, its label, where it leads, what stands behind it.
fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once("](")?;
    let (before, label) = before.rsplit_once('[')?;
    let (to, after) = rest.split_once(')')?;
    Some((before, label, to, after))
}

/// The names of hadolint's rules, a line each.
fn hadolint() -> String {
    let rows = html::hadolint_names();
    rows.iter().fold(String::new(), |out, (name, rule)| out + &format!("- {name}: {}\n", rule.id))
}

fn list() -> String {
    let mut out = String::new();
    let width = TOPICS.iter().map(|it| it.name.len()).max().unwrap_or_default();
    for part in Part::ALL {
        let _ = writeln!(out, "{}\n", part.heading());
        for it in TOPICS.iter().filter(|it| it.part == part) {
            let _ = writeln!(out, "  {:width$}  {}", it.name, it.title());
        }
        out.push('\n');
    }
    out.push_str(
        "Each rule is a page too: `plimsoll docs runs-as-root`; `plimsoll rules` lists them.\n",
    );
    out
}

/// Lists the pages in which every word occurs; 1 if there is none.
pub(super) fn search(words: &str) -> Result<ExitCode> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let mut out = String::new();
    for it in search::entries() {
        let names = it.names.join(" ").to_lowercase();
        let text = format!("{} {names} {}", it.title.to_lowercase(), it.words);
        if words.iter().all(|word| text.contains(&**word)) {
            let name = it.address.trim_end_matches("/index.html").trim_start_matches("rules/");
            let _ = writeln!(out, "{name}  {}", it.title);
        }
    }
    print(&out)?;
    Ok(if out.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
