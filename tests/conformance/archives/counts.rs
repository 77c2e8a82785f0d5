//! Archives against the counts that an independent reader found in them: a table with one archive a
//! row, as in `docker-archive  NAMES  12h/8empty  USER  2L[415e,hl392 1e]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use image::json::Json;
use image::{Config, Contents, Efficiency, Image, Kind, Layout, Options, Squashed};

use super::{figure, open, reason};
use crate::Figure;

/// Counts of one layer, by the short names of the table.
type Counts = BTreeMap<&'static str, usize>;

/// What is counted: entries, whiteouts, opaque directories, hard and symbolic links, set-user-id.
const COUNTED: [&str; 6] = ["e", "wh", "opq", "hl", "sl", "suid"];

pub(super) fn measure(samples: &Path) -> Result<Figure> {
    let oracle = samples.join("ORACLE.tsv");
    let oracle = std::fs::read_to_string(&oracle).context("no table of counts")?;
    let (mut right, mut all, mut reasons) = (0, 0, 0);
    for row in oracle.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let expected = Expected {
            layout: field(1),
            names: field(2),
            history: field(3),
            user: field(4),
            layers: field(5),
        };
        let found = Found::read(&samples.join("archives").join(field(0)))?;
        let differences = expected.differences(&found);
        all += 1;
        match reason(field(0)) {
            _ if differences.is_empty() => right += 1,
            Some(reason) if !found.gaps.is_empty() => {
                (right, reasons) = (right + 1, reasons + 1);
                println!("{}: {reason}", field(0));
            }
            _ => differences.iter().for_each(|it| println!("{}: {it}", field(0))),
        }
    }
    Ok(figure("counts as an independent reader has them", right, all, reasons))
}

/// A row of the table.
struct Expected<'a> {
    layout: &'a str,
    names: &'a str,
    history: &'a str,
    user: &'a str,
    layers: &'a str,
}

/// What is read of an archive.
struct Found {
    layout: Layout,
    names: Vec<String>,
    history: Vec<String>,
    users: Vec<String>,
    layers: Vec<Vec<Counts>>,
    gaps: BTreeSet<String>,
}

impl Found {
    fn read(path: &Path) -> Result<Self> {
        let archive = open(path)?;
        let mut it = Self {
            layout: archive.layout,
            names: Vec::new(),
            history: Vec::new(),
            users: Vec::new(),
            layers: Vec::new(),
            gaps: archive.gaps().iter().map(|it| it.what.to_string()).collect(),
        };
        for (number, image) in archive.images.iter().enumerate() {
            it.names.push(image.names.join(","));
            let root = image.config.as_deref().and_then(Json::first);
            let history = root.and_then(|it| it.get("history"));
            let steps: Vec<Json<'_>> = history.iter().flat_map(|it| it.items()).collect();
            let is_empty =
                |it: &&Json<'_>| it.get("empty_layer").and_then(|it| it.boolean()) == Some(true);
            let n_empty = steps.iter().filter(is_empty).count();
            it.history.push(format!("{}h/{n_empty}empty", steps.len()));
            let user = root.and_then(Config::read).and_then(|it| it.user);
            it.users.push(user.map_or(String::new(), |it| it.text.as_str().to_owned()));
            let contents = archive.read(number, &Options::default(), &mut ());
            let contents = contents.context("an image that is not there")?;
            it.gaps.extend(contents.gaps.iter().map(|it| it.what.to_string()));
            it.layers.push(counts(image, &contents));
            come_to_an_end(&contents);
        }
        Ok(it)
    }
}

/// Nothing is compared with these.
fn come_to_an_end(contents: &Contents) {
    let squashed = Squashed::new(&contents.table);
    Efficiency::new(&contents.table);
    for (_, entry) in contents.table.iter() {
        let path = contents.table.paths.full(entry.path);
        let _found = squashed.resolve(&contents.table, &path);
    }
}

fn counts(image: &Image, contents: &Contents) -> Vec<Counts> {
    let count = |number: u16| {
        let mut counts = Counts::new();
        let entries = contents.table.layer(number).map(|it| it.1);
        for it in entries.filter(|it| !it.is_after_end()) {
            let is = |name| match name {
                "e" => true,
                "wh" => it.kind == Kind::Whiteout,
                "opq" => it.kind == Kind::Opaque,
                "hl" => it.kind == Kind::HardLink,
                "sl" => it.kind == Kind::Symlink,
                _ => it.mode & 0o6000 != 0 && it.kind == Kind::File,
            };
            for name in COUNTED {
                *counts.entry(name).or_default() += usize::from(is(name));
            }
        }
        counts
    };
    (0..).take(image.layers.len()).map(count).collect()
}

impl Expected<'_> {
    fn differences(&self, found: &Found) -> Vec<String> {
        let mut out = Vec::new();
        let mut check = |what: &str, expected: &str, found: &str| {
            if expected != found {
                out.push(format!("{what}: {expected} expected, {found} found"));
            }
        };
        check("layout", self.layout, name(found.layout));
        if matches!(found.layout, Layout::Docker | Layout::DockerAndOci | Layout::Oci) {
            let is_oci = found.layout == Layout::Oci;
            check("names", self.names, &names(found));
            // Of these the table has no empty steps and no users.
            let history = found.history.join("; ");
            let short = history.replace("/0empty", " ").replace("/1empty", " ");
            check("history", self.history, if is_oci { &short } else { &history });
            let users = found.users.iter().map(|it| if it.is_empty() { "-" } else { it });
            let users = users.collect::<Vec<_>>().join("; ");
            check("user", self.user, if is_oci { "" } else { &users });
        }
        let wanted = self.layers.split(';').map(str::trim).filter(|it| !it.is_empty());
        for (image, wanted) in wanted.enumerate() {
            let found = found.layers.get(image).map(Vec::as_slice).unwrap_or_default();
            compare_layers(wanted, found, &mut out);
        }
        out
    }
}

fn name(layout: Layout) -> &'static str {
    match layout {
        Layout::Docker => "docker-archive",
        Layout::DockerAndOci => "docker-archive+oci",
        Layout::Oci => "oci-archive",
        Layout::Directory => "dir",
        Layout::Legacy => "pre-1.10 archive (repositories only)",
        Layout::Files => "rootfs/plain tar",
        Layout::Unknown => "unknown",
    }
}

fn names(found: &Found) -> String {
    if found.names.is_empty() {
        return "0 (null/empty manifest)".to_owned();
    }
    let unnamed = if found.layout == Layout::Oci { "<unnamed>" } else { "<untagged>" };
    let names = found.names.iter().map(|it| if it.is_empty() { unnamed } else { it });
    names.collect::<Vec<_>>().join("; ")
}

/// `2L[415e,hl392 1e]`, for plain archives `4e,wh2`.
fn compare_layers(wanted: &str, found: &[Counts], out: &mut Vec<String>) {
    let (count, list) = match wanted.split_once('[') {
        Some((count, list)) => {
            (count.trim_end_matches('L').parse().ok(), list.trim_end_matches(']'))
        }
        None => (None, wanted),
    };
    if let Some(count) = count.filter(|it: &usize| *it != found.len()) {
        out.push(format!("layers: {count} expected, {} found", found.len()));
    }
    let list = list.replace("ERR ReadError", "ERR");
    for (number, it) in list.split_whitespace().enumerate() {
        let parts = it.rsplit(':').next().unwrap_or_default().split(',');
        let expected: BTreeMap<String, usize> =
            parts.filter(|it| *it != "ERR").filter_map(part).collect();
        for name in COUNTED {
            let wanted = expected.get(name).copied().unwrap_or_default();
            let ours = found.get(number).and_then(|it| it.get(name)).copied().unwrap_or_default();
            // Only some rows count these.
            if wanted != ours && !(name == "suid" && wanted == 0) {
                out.push(format!("layer {number}: {wanted} {name} expected, {ours} found"));
            }
        }
    }
}

/// `hl392` or `415e`.
fn part(text: &str) -> Option<(String, usize)> {
    let (digits, name): (String, String) = text.chars().partition(char::is_ascii_digit);
    Some((name, digits.parse().ok()?))
}
