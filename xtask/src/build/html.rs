//! Finds and rewrites references in our own HTML.
//!
//! It understands the HTML that this repository writes: quoted attributes, no raw `<` in text. It
//! is no parser for pages of others.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Result, bail};

use super::assets::Asset;

/// A reference to a file that the browser loads along with the page.
struct Reference<'a> {
    value: &'a str,
    /// Where the value stands.
    range: Range<usize>,
    /// Where the tag may take one more attribute.
    tag_end: usize,
}

/// What a page refers to, as it stands there.
pub(super) fn references(html: &str) -> Vec<&str> {
    find(html).into_iter().map(|it| it.value).collect()
}

/// The name of a file that a page of the site refers to, seen from the top.
pub(super) fn named(path: &str, value: &str) -> Option<String> {
    let folder: Vec<&str> = path.split('/').rev().skip(1).collect();
    from_top(&folder, value)
}

/// Points the references of a page to the files' real names and states their digests.
pub(super) fn point_to(html: &str, path: &str, assets: &BTreeMap<String, Asset>) -> Result<String> {
    let folder: Vec<&str> = path.split('/').rev().skip(1).collect();
    let up = "../".repeat(folder.len());
    let mut out = String::with_capacity(html.len());
    let mut done = 0;
    for reference in find(html) {
        let name = from_top(&folder, reference.value);
        let Some(asset) = name.and_then(|it| assets.get(&it)) else {
            bail!("`{}` is not a file of the site", reference.value);
        };
        out.push_str(html.get(done..reference.range.start).unwrap_or_default());
        out.push_str(&up);
        out.push_str(&asset.url);
        out.push_str(html.get(reference.range.end..reference.tag_end).unwrap_or_default());
        out.push_str(&format!(" integrity=\"{}\"", asset.integrity));
        done = reference.tag_end;
    }
    out.push_str(html.get(done..).unwrap_or_default());
    Ok(out)
}

/// A relative address, seen from the top of the site; nothing if it leads out of it.
///
/// The folders of the page come innermost first.
fn from_top(folder: &[&str], value: &str) -> Option<String> {
    let mut folder = folder;
    let mut value = value;
    while let Some(rest) = value.strip_prefix("../") {
        (_, folder) = folder.split_first()?;
        value = rest;
    }
    let above: String = folder.iter().rev().map(|it| format!("{it}/")).collect();
    Some(format!("{above}{value}"))
}

/// Text as it stands in a quoted attribute.
pub(super) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

fn find(html: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = html.get(at..).and_then(|it| it.find('<')) {
        let start = at + open;
        let rest = html.get(start..).unwrap_or_default();
        let length = if rest.starts_with("<!--") {
            rest.find("-->").map(|it| it + 3)
        } else {
            tag_length(rest)
        };
        let Some(length) = length else { break };
        let tag = rest.get(..length).unwrap_or_default();
        found.extend(reference(tag, start));
        at = start + length;
    }
    found
}

/// The length of a tag with its closing bracket, which may not be one inside quotes.
fn tag_length(tag: &str) -> Option<usize> {
    let mut is_quoted = false;
    for (index, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return Some(index + 1),
            _ => {}
        }
    }
    None
}

fn reference(tag: &str, start: usize) -> Option<Reference<'_>> {
    let key = match tag.get(1..)?.split(|it: char| !it.is_ascii_alphanumeric()).next()? {
        "script" | "img" => " src=\"",
        "link" => " href=\"",
        _ => return None,
    };
    let from = tag.find(key)? + key.len();
    let value = tag.get(from..)?.split('"').next()?;
    // An icon may be written into the page itself.
    if value.starts_with("data:") {
        return None;
    }
    let range = start + from..start + from + value.len();
    let tag_end = start + tag.trim_end_matches(['>', '/', ' ']).len();
    Some(Reference { value, range, tag_end })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Asset, attribute, point_to, references};

    const PAGE: &str = r#"<!doctype html>
<!-- <link href="old.css"> -->
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<a href="https://example.org/" title="a > b">away</a>
<script src="boot.js" defer></script>"#;

    fn assets() -> BTreeMap<String, Asset> {
        let asset = |name: &str| {
            let asset = Asset { url: format!("x-{name}"), integrity: "sha384-y".to_owned() };
            (name.to_owned(), asset)
        };
        BTreeMap::from([asset("style.css"), asset("boot.js"), asset("rules/pages.css")])
    }

    #[test]
    fn only_what_is_loaded_is_a_reference() {
        assert_eq!(references(PAGE), ["style.css", "boot.js"]);
    }

    #[test]
    fn references_get_real_names_and_digests() {
        let page = point_to(PAGE, "index.html", &assets()).unwrap();
        let expected = PAGE
            .replace("\"style.css\"", "\"x-style.css\" integrity=\"sha384-y\"")
            .replace("\"boot.js\" defer", "\"x-boot.js\" defer integrity=\"sha384-y\"");
        assert_eq!(page, expected);
    }

    #[test]
    fn pages_further_down_refer_upwards() {
        let page = r#"<link rel="stylesheet" href="../../style.css"/>"#;
        let expected = r#"<link rel="stylesheet" href="../../x-style.css" integrity="sha384-y"/>"#;
        assert_eq!(point_to(page, "rules/a/index.html", &assets()).unwrap(), expected);
        assert!(point_to(page, "index.html", &assets()).is_err());
    }

    #[test]
    fn pages_refer_to_neighbors() {
        let page = r#"<link rel="stylesheet" href="../pages.css">"#;
        let expected =
            r#"<link rel="stylesheet" href="../../x-rules/pages.css" integrity="sha384-y">"#;
        assert_eq!(point_to(page, "rules/a/index.html", &assets()).unwrap(), expected);
        let page = page.replace("../", "");
        let expected = expected.replace("../../", "../");
        assert_eq!(point_to(&page, "rules/index.html", &assets()).unwrap(), expected);
    }

    #[test]
    fn what_is_not_of_the_site_is_refused() {
        for value in
            ["https://example.org/x.js", "//example.org/x.js", "/boot.js", "../boot.js", "none.js"]
        {
            let page = format!("<script src=\"{value}\"></script>");
            assert!(point_to(&page, "index.html", &assets()).is_err(), "{value}");
        }
    }

    #[test]
    fn attributes_are_escaped() {
        assert_eq!(attribute(r#"{"a<b":"&"}"#), "{&quot;a&lt;b&quot;:&quot;&amp;&quot;}");
    }
}
