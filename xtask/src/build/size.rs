//! What a visitor has to download, and how much of it is allowed.

use std::io::Write;

use anyhow::{Context, Result, bail};

use super::assets::{EXTRA, LOGICAL, Site};

/// What the compressed bytes of some files of the site should come to.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// What the files are good for.
    pub name: &'static str,
    /// In bytes. The table says by how much it is missed.
    pub goal: usize,
    /// A build with more bytes than that fails, so that a goal which is missed already is not
    /// missed by more and more.
    pub limit: Option<usize>,
    covers: fn(&str) -> bool,
}

/// The budgets. Files are named as the page names them.
pub const BUDGETS: [Budget; 5] = [
    Budget {
        name: "before the input field works",
        goal: 15_000,
        limit: Some(15_000),
        covers: |name| !LOGICAL.contains(&name) && !EXTRA.contains(&name),
    },
    Budget {
        name: "the page without the engine",
        goal: 150_000,
        // 154.4 kB before inputs were tabs: those, fixes and acceptance took 8.7 kB; histories,
        // advice, choices, filters, exports, sessions and links 23.5 kB; palette and themes 4 kB; the
        // copy for the time without a network, and being shown inside other pages, 1.4 kB; locked
        // links 1.3 kB; previews that show no secret 0.7 kB; layers and their files 12.5 kB, and those
        // as areas 2.5 kB; shorter links 4.2 kB. Leaving documents and doubts to the worker saved 7 kB.
        limit: Some(212_000),
        covers: |name| {
            (!LOGICAL.contains(&name) && !EXTRA.contains(&name)) || name.starts_with("web.")
        },
    },
    Budget {
        name: "the engine",
        goal: 520_000,
        // 690 kB before saved images; they are 110 kB of it. Comparing two versions is 5 kB, showing
        // layers and their files 25 kB, decoders made for speed 3 kB, instructions for vectors 3 kB,
        // reading in turns and areas 11 kB, digests by a second worker 7 kB; settings files, patches
        // and changed lines 31 kB; the rules of the pack for shell scripts and what else came with them
        // 9 kB.
        limit: Some(925_000),
        covers: |name| name.starts_with("worker."),
    },
    Budget {
        name: "the first visit",
        goal: 350_000,
        limit: None,
        covers: |name| !EXTRA.contains(&name),
    },
    Budget {
        name: "the pack for shell scripts",
        goal: 900_000,
        // Loaded by nobody who does not ask for it; another version of what is inside may grow.
        limit: Some(1_000_000),
        covers: |name| EXTRA.contains(&name),
    },
];

/// Prints a table of sizes; fails when a budget is exceeded.
pub(super) fn weigh(site: &Site) -> Result<()> {
    let mut rows = Vec::new();
    for (name, url) in loaded(site) {
        let content = site.files.get(url).map(Vec::as_slice).unwrap_or_default();
        rows.push((name, content.len(), compressed(content)?));
    }
    println!("\n{:<32} {:>10} {:>10}", "file", "bytes", "brotli");
    for (name, raw, packed) in &rows {
        println!("{name:<32} {raw:>10} {packed:>10}");
    }
    println!();
    let mut exceeded = Vec::new();
    for budget in &BUDGETS {
        let covered = || rows.iter().filter(|(name, ..)| (budget.covers)(name));
        let raw: usize = covered().map(|(_, raw, _)| raw).sum();
        let packed: usize = covered().map(|(.., packed)| packed).sum();
        let Budget { name, goal, limit, covers: _ } = *budget;
        let over = match packed.checked_sub(goal) {
            Some(over) if over > 0 => format!(", {over} over the goal"),
            _ => String::new(),
        };
        println!("{name:<32} {raw:>10} {packed:>10} of {goal}{over}");
        if let Some(limit) = limit.filter(|it| packed > *it) {
            exceeded.push(format!("{name}: {packed} of {limit} bytes"));
        }
    }
    if !exceeded.is_empty() {
        bail!("too big: {}", exceeded.join("; "));
    }
    Ok(())
}

/// What each budget comes to: its name, compressed bytes, the goal.
pub(super) fn figures(site: &Site) -> Result<Vec<(&'static str, usize, usize)>> {
    let mut figures = Vec::new();
    for Budget { name, goal, covers, .. } in BUDGETS {
        let mut packed = 0;
        for (file, url) in loaded(site).filter(|it| covers(it.0)) {
            let content = site.files.get(url).with_context(|| format!("{file} was not built"))?;
            packed += compressed(content)?;
        }
        figures.push((name, packed, goal));
    }
    Ok(figures)
}

/// What a first visit loads, by the page's name for it and by its real one.
fn loaded(site: &Site) -> impl Iterator<Item = (&str, &str)> {
    // What lies in a folder belongs to the rule pages.
    let assets = site.assets.iter().filter(|(name, _)| !name.contains('/'));
    let assets = assets.map(|(name, asset)| (name.as_str(), asset.url.as_str()));
    std::iter::once(("index.html", "index.html")).chain(assets)
}

/// The length after the strongest brotli, which hosts of static files apply beforehand.
pub(crate) fn compressed(content: &[u8]) -> Result<usize> {
    Ok(compress(content)?.len())
}

/// The same as bytes.
pub(crate) fn compress(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 64 * 1024, 11, 22);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::{Site, compressed, weigh};

    #[test]
    fn a_budget_that_is_exceeded_fails() {
        let mut site = Site::default();
        site.add_asset("web.wasm", vec![7; 1_000_000]);
        assert!(weigh(&site).is_ok(), "repeated bytes take no room");

        let mut state = 1_u32;
        let noise = std::iter::repeat_with(move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        site.add_asset("web.wasm", noise.take(220_000).collect());
        let error = weigh(&site).unwrap_err().to_string();
        assert!(error.starts_with("too big: the page without the engine: "), "{error}");

        let mut site = Site::default();
        site.add_asset("worker.wasm", noise.take(600_000).collect());
        assert!(weigh(&site).is_ok(), "only a goal is missed");
        site.add_asset("worker.wasm", noise.take(1_000_000).collect());
        let error = weigh(&site).unwrap_err().to_string();
        assert!(error.starts_with("too big: the engine: "), "{error}");
    }

    #[test]
    fn compression_is_counted() {
        assert!(compressed(&[b'a'; 10_000]).unwrap() < 100);
    }
}
