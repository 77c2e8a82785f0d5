//! The files of the site: names that change with the content, and the page that refers to them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::html;
use super::tight::tight;
use crate::digest;

/// Where the page wants to learn the addresses of what it loads itself.
const MARKER: &str = "<!-- plimsoll:assets -->";

/// What the page loads itself, by the names it uses.
pub const LOGICAL: [&str; 5] = ["web.js", "web.wasm", "worker.js", "worker.wasm", "pages.txt"];

/// What it loads for those who ask for it: the pack for shell scripts, where that was built.
pub const EXTRA: [&str; 2] = ["shell.js", "shell.wasm"];

/// A file that is referred to by a name that changes with its content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset {
    /// Relative to the top of the site.
    pub url: String,
    /// The value of an `integrity` attribute.
    pub integrity: String,
}

/// A site in memory.
#[derive(Default, Debug)]
pub(super) struct Site {
    /// By path relative to the top.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// By logical name.
    pub(super) assets: BTreeMap<String, Asset>,
}

impl Site {
    /// Adds a file under a name that changes with its content.
    pub(super) fn add_asset(&mut self, name: &str, content: Vec<u8>) {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let url = format!("{stem}-{}.{extension}", digest::short(&content));
        let asset = Asset { url: url.clone(), integrity: digest::sha384(&content) };
        self.assets.insert(name.to_owned(), asset);
        self.files.insert(url, content);
    }

    /// Fails when a file mentions a folder of the machine it was built on.
    pub(super) fn refuse_local_paths(&self, folders: &[PathBuf]) -> Result<()> {
        for folder in folders {
            let needle = folder.to_string_lossy().into_owned().into_bytes();
            for (name, content) in &self.files {
                if content.windows(needle.len()).any(|it| it == needle) {
                    bail!(
                        "{name} mentions {}: another machine would build other bytes",
                        folder.display()
                    );
                }
            }
        }
        Ok(())
    }
}

/// Adds the pages that load parts themselves, by path and template, and what they refer to; points
/// every page to the files' real names.
pub(super) fn assemble(site: &mut Site, pages: &[(&str, String)]) -> Result<()> {
    for (path, template) in pages {
        for value in html::references(template) {
            let name = html::named(path, value)
                .with_context(|| format!("{path} refers to {value}, which is not of the site"))?;
            if !site.assets.contains_key(&name) {
                let content = source(&name).with_context(|| format!("{path} refers to {name}"))?;
                site.add_asset(&name, content);
            }
        }
        let page = with_assets_named(template, path, &site.assets)?;
        site.files.insert((*path).to_owned(), page.into_bytes());
    }
    let assets = &site.assets;
    for (path, content) in &mut site.files {
        if path.ends_with(".html") {
            let text = std::str::from_utf8(content).with_context(|| format!("in {path}"))?;
            let rewritten = html::point_to(text, path, assets);
            *content = rewritten.with_context(|| format!("in {path}"))?.into_bytes();
        }
    }
    Ok(())
}

/// The style of the page, put together in this order from the rooms of `web/style`.
const STYLE: (&str, [&str; 8]) =
    ("style.css", ["tokens", "ground", "answers", "editor", "findings", "layers", "frame", "wide"]);

/// What a page refers to, which is a script or a style, without what only readers of it need.
fn source(name: &str) -> Result<Vec<u8>> {
    let web = crate::root().join("web");
    let read = |path: PathBuf| {
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    if name != STYLE.0 {
        return Ok(tight(&read(web.join(name))?)?.into_bytes());
    }
    let mut style = String::new();
    for room in STYLE.1 {
        style += &read(web.join("style").join(format!("{room}.css")))?;
    }
    Ok(tight(&style)?.into_bytes())
}

fn with_assets_named(
    template: &str,
    path: &str,
    assets: &BTreeMap<String, Asset>,
) -> Result<String> {
    if template.matches(MARKER).count() != 1 {
        bail!("{path} must have the marker {MARKER} exactly once");
    }
    let up = "../".repeat(path.matches('/').count());
    let mut named = Map::new();
    let extra = EXTRA.into_iter().filter(|it| assets.contains_key(*it));
    for name in LOGICAL.into_iter().chain(extra) {
        let asset = assets.get(name).with_context(|| format!("{name} was not built"))?;
        named.insert(
            name.to_owned(),
            json!({"url": format!("{up}{}", asset.url), "integrity": asset.integrity}),
        );
    }
    let json = html::attribute(&Value::Object(named).to_string());
    let meta = format!("<meta name=\"plimsoll-assets\" content=\"{json}\">");
    Ok(template.replace(MARKER, &meta))
}

#[cfg(test)]
mod tests {
    use super::{LOGICAL, Site, with_assets_named};

    fn site() -> Site {
        let mut site = Site::default();
        for name in LOGICAL {
            site.add_asset(name, name.as_bytes().to_vec());
        }
        site
    }

    #[test]
    fn names_change_with_the_content() {
        let mut site = site();
        let before = site.assets["web.js"].clone();
        site.add_asset("web.js", b"other".to_vec());
        assert_ne!(site.assets["web.js"], before);
        assert!(before.url.starts_with("web-") && before.url.ends_with(".js"), "{before:?}");
    }

    #[test]
    fn the_marker_becomes_the_list_of_assets() {
        let page = with_assets_named(
            "<head><!-- plimsoll:assets --></head>",
            "a/index.html",
            &site().assets,
        );
        let page = page.unwrap();
        assert!(page.contains("&quot;worker.wasm&quot;:{&quot;integrity&quot;:&quot;sha384-"));
        assert!(!page.contains("<!--"));
        assert!(page.contains("&quot;url&quot;:&quot;../worker-"), "as seen from the page: {page}");
    }

    #[test]
    fn what_only_some_ask_for_is_named_where_it_was_built() {
        let template = "<head><!-- plimsoll:assets --></head>";
        let mut site = site();
        let page = |site: &Site| with_assets_named(template, "index.html", &site.assets).unwrap();
        assert!(!page(&site).contains("shell.wasm"));
        site.add_asset("shell.wasm", b"x".to_vec());
        assert!(page(&site).contains("&quot;shell.wasm&quot;:{&quot;integrity&quot;:"));
    }

    #[test]
    fn a_page_without_the_marker_is_refused() {
        assert!(with_assets_named("<head></head>", "index.html", &site().assets).is_err());
    }

    #[test]
    fn a_folder_of_this_machine_is_found() {
        let mut site = site();
        assert!(site.refuse_local_paths(&["/home/someone".into()]).is_ok());
        site.add_asset("web.wasm", b"\0/home/someone/x.rs\0".to_vec());
        assert!(site.refuse_local_paths(&["/home/someone".into()]).is_err());
    }
}
