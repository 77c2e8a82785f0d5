//! Where links of the Markdown lead. In the sources they name files, so that they work wherever the
//! sources are read; here they become addresses of the companion.

use rules::RULES;

use super::topics;

/// The address of what a link names, as seen from a page so many folders down; nothing if there is no
/// such page. Every address names a file, so that the companion can be read from a disk.
pub(super) fn resolve(to: &str, depth: usize) -> Option<String> {
    if to.starts_with("https://") {
        return Some(to.to_owned());
    }
    let (file, anchor) = to.split_once('#').map_or((to, None), |(file, it)| (file, Some(it)));
    if file.is_empty() {
        return anchor.map(|it| format!("#{it}"));
    }
    let up = "../".repeat(depth);
    let anchor = anchor.map(|it| format!("#{it}")).unwrap_or_default();
    let name = file.trim_end_matches('/').rsplit('/').next()?;
    if name == "rules" {
        return Some(format!("{up}rules/index.html{anchor}"));
    }
    let name = name.strip_suffix(".md").unwrap_or(name);
    if topics::find(name).is_some() {
        return Some(format!("{up}{name}/index.html{anchor}"));
    }
    let id = name.replace('_', "-");
    let rule = RULES.iter().find(|it| it.id == id)?;
    Some(format!("{up}rules/{}/index.html{anchor}", rule.id))
}

/// The name of the page that a link leads to, if it leads to one.
pub(super) fn page(to: &str) -> Option<String> {
    let name = to.strip_suffix(".md")?.rsplit('/').next()?;
    let id = name.replace('_', "-");
    let is_there = topics::find(name).is_some() || RULES.iter().any(|it| it.id == id);
    is_there.then_some(id)
}

/// The anchor of a heading.
pub(super) fn anchor(heading: &str) -> String {
    let mut out = String::new();
    for it in heading.chars() {
        if it.is_alphanumeric() {
            out.extend(it.to_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}
