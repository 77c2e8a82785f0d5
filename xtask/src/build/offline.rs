//! What lets the site open without a network: the list that its service worker keeps; and what hosts and
//! visitors need beside it: headers, and the digests of all files.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};

use super::assets::{EXTRA, Site};
use super::single;
use crate::digest;

/// Its address is the same in every version: the browser looks there for a newer one.
const WORKER: &str = "service-worker.js";
/// What the build fills in.
const FILES: &str = "{/* plimsoll:files */}";
const VERSION: &str = "plimsoll:version";
const EXTRAS: &str = "{/* plimsoll:extra */}";

/// The digests, in the form that `sha384sum --check` reads.
const CHECKSUMS: &str = "checksums.txt";

/// The headers, as several hosts of static files read them.
const HEADERS: &str = "_headers";

/// Adds these, behind everything else. A build that changes all the time gets a worker that keeps
/// nothing, in place of one that a browser may have from another build.
pub(super) fn add(site: &mut Site, keeps: bool) -> Result<()> {
    let path = crate::root().join("web").join(WORKER);
    let source = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let worker = filled(&source, site, keeps)?;
    site.files.insert(WORKER.to_owned(), worker.into_bytes());
    let lines: String =
        crate::site::HEADERS.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
    site.files.insert(HEADERS.to_owned(), format!("/*\n{lines}").into_bytes());
    let mut sums = String::new();
    for (name, content) in &site.files {
        let _ = writeln!(sums, "{}  {name}", digest::sha384_hex(content));
    }
    site.files.insert(CHECKSUMS.to_owned(), sums.into_bytes());
    Ok(())
}

fn filled(source: &str, site: &Site, keeps: bool) -> Result<String> {
    for marker in [FILES, VERSION, EXTRAS] {
        ensure!(source.matches(marker).count() == 1, "{WORKER} must have {marker} exactly once");
    }
    let (mut files, mut extras) = (Map::new(), Map::new());
    let extra =
        |name: &str| EXTRA.iter().any(|it| site.assets.get(*it).is_some_and(|it| it.url == name));
    // The single file is the same once more.
    let listed = site.files.iter().filter(|(name, _)| keeps && **name != single::NAME);
    for (name, content) in listed {
        let list = if extra(name) { &mut extras } else { &mut files };
        list.insert(name.clone(), Value::String(digest::sha384(content)));
    }
    let list = serde_json::to_string_pretty(&files)?;
    let extras = serde_json::to_string(&extras)?;
    let version = digest::short(format!("{list}{extras}").as_bytes());
    let worker = source.replace(FILES, &list).replace(VERSION, &version);
    Ok(worker.replace(EXTRAS, &extras))
}

#[cfg(test)]
mod tests {
    use super::super::assets::Site;
    use super::{add, filled};

    fn site() -> Site {
        let mut site = Site::default();
        site.files.insert("docs/index.html".to_owned(), b"abc".to_vec());
        site.files.insert("plimsoll.html".to_owned(), b"x".to_vec());
        site.add_asset("web.js", b"x".to_vec());
        site
    }

    const SOURCE: &str = "const FILES = {/* plimsoll:files */};\nconst VERSION = \"plimsoll:version\";\nconst EXTRA = {/* plimsoll:extra */};";

    #[test]
    fn every_file_is_listed_with_its_digest() {
        let worker = filled(SOURCE, &site(), true).unwrap();
        let line = "  \"docs/index.html\": \"sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn\"";
        assert!(worker.contains(line), "{worker}");
        assert_eq!(worker.matches("sha384-").count(), 2);
        assert!(!worker.contains("plimsoll:"), "{worker}");
    }

    #[test]
    fn any_change_of_a_file_is_another_version() {
        let before = filled(SOURCE, &site(), true).unwrap();
        let mut site = site();
        assert_eq!(filled(SOURCE, &site, true).unwrap(), before);
        site.files.insert("docs/index.html".to_owned(), b"abd".to_vec());
        assert_ne!(filled(SOURCE, &site, true).unwrap(), before);
    }

    #[test]
    fn what_only_some_want_is_no_part_of_the_list() {
        let mut site = site();
        site.add_asset("shell.wasm", b"x".to_vec());
        let worker = filled(SOURCE, &site, true).unwrap();
        let (list, rest) = worker.split_once("const VERSION").unwrap();
        assert!(!list.contains("shell-") && rest.contains("EXTRA = {\"shell-"), "{worker}");
    }

    #[test]
    fn a_build_that_keeps_nothing_lists_nothing() {
        assert!(filled(SOURCE, &site(), false).unwrap().starts_with("const FILES = {};"));
    }

    #[test]
    fn a_worker_without_its_markers_is_refused() {
        assert!(filled("const FILES = {};", &site(), true).is_err());
    }

    #[test]
    fn the_worker_is_among_the_checksums_and_they_are_not_in_its_list() {
        let mut site = site();
        add(&mut site, true).unwrap();
        let text = |name: &str| String::from_utf8(site.files[name].clone()).unwrap();
        let sums = text("checksums.txt");
        assert!(sums.contains("  service-worker.js\n"), "{sums}");
        assert!(sums.contains(
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7  docs/index.html\n"
        ), "{sums}");
        assert!(!text("service-worker.js").contains("checksums"));
    }
}
