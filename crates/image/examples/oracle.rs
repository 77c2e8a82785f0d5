//! Measures the reader against a collection of samples given by path: archives against what an
//! independent reader says of them, then layouts, odd tar files and package databases.
//!
//! `cargo run -p plimsoll-image --example oracle --release -- ../shared/samples`
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    unreachable_pub,
    missing_docs,
    reason = "a program for the terminal, run by hand"
)]

#[path = "../tests/support/mod.rs"]
mod support;

/// Writes a line.
macro_rules! say {
    ($($text:tt)*) => {
        writeln!(std::io::stdout().lock(), $($text)*).unwrap()
    };
}

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use image::json::Json;
use image::{
    Archive, Config, Contents, Efficiency, Image, Kind, Layout, Limits, Options, OsRelease,
    Seeking, Source, Squashed,
};

fn main() {
    let samples = std::env::args().nth(1).unwrap_or_else(|| "../shared/samples".to_owned());
    let samples = Path::new(&samples);
    std::panic::set_hook(Box::new(|it| say!("PANIC {it}")));
    archives(samples);
    dive(samples);
    layouts(samples);
    odd_tars(samples);
    os_releases(samples);
    packages(samples);
    if std::env::args().any(|it| it == "--cuts") {
        cuts(samples);
    }
}

/// Cuts every sample off at every block. What is lost has to be told of.
fn cuts(samples: &Path) {
    say!("\n# samples cut off at every block");
    let (mut total, mut silent) = (0, 0);
    for path in files(&samples.join("archives")).into_iter().chain(files(&samples.join("tar-edge")))
    {
        let whole = fs::read(&path).unwrap();
        if whole.len() > 300_000 || !path.to_str().unwrap().contains(".tar") {
            continue;
        }
        let told = |bytes: &[u8]| {
            let archive = Archive::open(Box::new(bytes), &Limits::native());
            let contents = archive.read(0, &Options::default(), &mut ());
            let entries = contents.as_ref().map_or(0, |it| it.table.len());
            let gaps = contents.map_or(0, |it| it.gaps.len()) + archive.gaps().len();
            (entries, gaps, archive.images.len())
        };
        let (entries, gaps, images) = told(&whole);
        for cut in (512..whole.len()).step_by(512) {
            total += 1;
            let here = told(&whole[..cut]);
            // Nothing may be lost without a word: fewer entries or images need one more gap.
            if (here.0 < entries || here.2 < images) && here.1 == 0 && gaps == 0 {
                silent += 1;
                say!("MISS {} at {cut}: {here:?}", path.strip_prefix(samples).unwrap().display());
            }
        }
    }
    say!("{total} cuts, {silent} without a word");
}

fn open(path: &Path) -> Archive<'static> {
    let file = Seeking::new(fs::File::open(path).unwrap()).unwrap();
    Archive::open(Box::new(file), &Limits::native())
}

fn archives(samples: &Path) {
    say!("# archives: fields that differ from ORACLE.tsv");
    let oracle = fs::read_to_string(samples.join("ORACLE.tsv")).unwrap();
    let (mut same, mut total) = (0, 0);
    for row in oracle.lines().skip(1) {
        let mut fields: Vec<&str> = row.split('\t').collect();
        fields.resize(6, "");
        total += 1;
        let ours = describe(&samples.join("archives").join(fields[0]));
        let differences = compare(&fields, &ours);
        if differences.is_empty() {
            same += 1;
            say!("ok    {}{}", fields[0], ours.notes());
        } else {
            say!("MISS  {}{}", fields[0], ours.notes());
            for it in differences {
                say!("        {it}");
            }
        }
    }
    say!("archives: {same} of {total} as ORACLE.tsv\n");
}

struct Described {
    layout: Layout,
    names: Vec<String>,
    history: Vec<String>,
    users: Vec<String>,
    layers: Vec<Vec<BTreeMap<&'static str, usize>>>,
    gaps: BTreeSet<String>,
}

impl Described {
    fn notes(&self) -> String {
        let gaps: Vec<&str> = self.gaps.iter().map(String::as_str).collect();
        if gaps.is_empty() { String::new() } else { format!("  [{}]", gaps.join("; ")) }
    }
}

fn describe(path: &Path) -> Described {
    let archive = open(path);
    let mut it = Described {
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
        let steps: Vec<Json<'_>> = root
            .and_then(|it| it.get("history"))
            .map(|it| it.items().collect())
            .unwrap_or_default();
        let empty =
            |it: &&Json<'_>| it.get("empty_layer").and_then(|it| it.boolean()) == Some(true);
        it.history.push(format!("{}h/{}empty", steps.len(), steps.iter().filter(empty).count()));
        let user = root.and_then(Config::read).and_then(|it| it.user);
        it.users.push(user.map_or(String::new(), |it| it.text.as_str().to_owned()));
        let contents = archive.read(number, &Options::default(), &mut ()).unwrap();
        it.gaps.extend(contents.gaps.iter().map(|it| it.what.to_string()));
        it.layers.push(counts(image, &contents));
        // Nothing is compared with these; they must come to an end.
        let squashed = Squashed::new(&contents.table);
        Efficiency::new(&contents.table);
        for (_, entry) in contents.table.iter() {
            let path = contents.table.paths.full(entry.path);
            let _ = squashed.resolve(&contents.table, &path);
        }
    }
    it
}

fn counts(image: &Image, contents: &Contents) -> Vec<BTreeMap<&'static str, usize>> {
    let count = |number: usize| {
        let mut counts = BTreeMap::new();
        let mut add = |name, it: bool| {
            *counts.entry(name).or_insert(0) += usize::from(it);
        };
        for (_, it) in contents.table.layer(number as u16).filter(|it| !it.1.is_after_end()) {
            add("e", true);
            add("wh", it.kind == Kind::Whiteout);
            add("opq", it.kind == Kind::Opaque);
            add("hl", it.kind == Kind::HardLink);
            add("sl", it.kind == Kind::Symlink);
            add("suid", it.mode & 0o6000 != 0 && it.kind == Kind::File);
            add("toc", it.is_meta());
        }
        counts
    };
    (0..image.layers.len()).map(count).collect()
}

fn compare(expected: &[&str], ours: &Described) -> Vec<String> {
    let mut out = Vec::new();
    let layout = match ours.layout {
        Layout::Docker => "docker-archive",
        Layout::DockerAndOci => "docker-archive+oci",
        Layout::Oci => "oci-archive",
        Layout::Directory => "dir",
        Layout::Legacy => "pre-1.10 archive (repositories only)",
        Layout::Files => "rootfs/plain tar",
        Layout::Unknown => "unknown",
    };
    if layout != expected[1] {
        out.push(format!("layout: {} expected, {layout} found", expected[1]));
    }
    if matches!(ours.layout, Layout::Docker | Layout::DockerAndOci | Layout::Oci) {
        let mut check = |what: &str, expected: &str, ours: String| {
            if expected != ours {
                out.push(format!("{what}: {expected} expected, {ours} found"));
            }
        };
        let unnamed = |it: &String| match ours.layout {
            _ if !it.is_empty() => it.clone(),
            Layout::Oci => "<unnamed>".to_owned(),
            _ => "<untagged>".to_owned(),
        };
        let names = match ours.names.is_empty() {
            true => "0 (null/empty manifest)".to_owned(),
            false => ours.names.iter().map(unnamed).collect::<Vec<_>>().join("; "),
        };
        check("names", expected[2], names);
        let history = match ours.layout {
            Layout::Oci => ours.history.join("; ").replace("/0empty", " ").replace("/1empty", " "),
            _ => ours.history.join("; "),
        };
        check("history", expected[3], history);
        let users = ours.users.iter().map(|it| if it.is_empty() { "-" } else { it });
        let users = users.collect::<Vec<_>>().join("; ");
        check("user", expected[4], if ours.layout == Layout::Oci { String::new() } else { users });
    }
    let wanted: Vec<&str> =
        expected[5].split(';').map(str::trim).filter(|it| !it.is_empty()).collect();
    for (image, wanted) in wanted.iter().enumerate() {
        let found = ours.layers.get(image).cloned().unwrap_or_default();
        layers(wanted, &found, &mut out);
    }
    out
}

/// `2L[415e,hl392 1e]`, for plain archives `4e,wh2`.
fn layers(wanted: &str, found: &[BTreeMap<&'static str, usize>], out: &mut Vec<String>) {
    let (count, list) = match wanted.split_once('[') {
        Some((count, list)) => {
            (count.trim_end_matches('L').parse().ok(), list.trim_end_matches(']'))
        }
        None => (None, wanted),
    };
    if count.is_some_and(|it: usize| it != found.len()) {
        out.push(format!("layers: {count:?} expected, {} found", found.len()));
    }
    let list = list.replace("ERR ReadError", "ERR");
    for (number, it) in list.split_whitespace().enumerate() {
        let it = it.rsplit(':').next().unwrap();
        let ours = found.get(number).cloned().unwrap_or_default();
        let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
        for part in it.split(',').filter(|it| *it != "ERR") {
            let digits: String = part.chars().filter(char::is_ascii_digit).collect();
            let name: String = part.chars().filter(|it| !it.is_ascii_digit()).collect();
            expected.insert(name.leak(), digits.parse().unwrap());
        }
        for name in ["e", "wh", "opq", "hl", "sl", "suid"] {
            let (wanted, ours) = (expected.get(name), ours.get(name));
            let (wanted, ours) = (wanted.copied().unwrap_or(0), ours.copied().unwrap_or(0));
            // Only some rows count these.
            let optional = name == "suid" && wanted == 0;
            if wanted != ours && !optional {
                out.push(format!("layer {number}: {wanted} {name} expected, {ours} found"));
            }
        }
    }
}

/// The figures that dive itself gives for its sample.
fn dive(samples: &Path) {
    say!("# dive's figures");
    let archive = open(&samples.join("archives/dive/test-docker-image.tar"));
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    let it = Efficiency::new(&contents.table);
    let ours =
        format!("{} {} {} {} {}", it.score, it.size, it.user_size, it.wasted, it.wasted_share);
    let theirs = "0.9844212134184309 1220598 66237 32025 0.4834911001404049";
    say!("{}  {ours}\n", if ours == theirs { "ok  " } else { "MISS" });
}

fn layouts(samples: &Path) {
    say!("# layouts in folders");
    let mut folders = BTreeSet::new();
    for path in files(&samples.join("oci-layout")) {
        if matches!(path.file_name().unwrap().to_str(), Some("index.json" | "manifest.json")) {
            folders.insert(path.parent().unwrap().to_path_buf());
        }
    }
    for folder in folders {
        let name = |it: &Path| it.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let sources = files(&folder).into_iter().map(|it| {
            let source: Box<dyn Source> =
                Box::new(Seeking::new(fs::File::open(&it).unwrap()).unwrap());
            (name(&it), source)
        });
        let archive = Archive::open_files(sources.collect(), &Limits::native());
        say!(
            "{}: {:?}, {} images, {} artifacts, {} attestations, {} absent",
            folder.strip_prefix(samples).unwrap().display(),
            archive.layout,
            archive.images.len(),
            archive.artifacts.len(),
            archive.attestations.len(),
            archive.absent.len(),
        );
        let mut gaps: BTreeSet<String> =
            archive.gaps().iter().map(|it| it.what.to_string()).collect();
        for number in 0..archive.images.len() {
            let image = &archive.images[number];
            let contents = archive.read(number, &Options::default(), &mut ()).unwrap();
            let platform = image.platform.clone().unwrap_or_default();
            let read = contents.layers.iter().filter(|it| it.is_read).count();
            say!(
                "    {} {}/{}: {read} of {} layers read, {} entries, {} packages",
                image.names.join(","),
                platform.os,
                platform.architecture,
                image.layers.len(),
                contents.table.len(),
                contents.records.iter().map(|it| it.packages.len()).sum::<usize>(),
            );
            gaps.extend(contents.gaps.iter().map(|it| it.what.to_string()));
        }
        for it in gaps {
            say!("    gap: {it}");
        }
    }
    say!("");
}

fn odd_tars(samples: &Path) {
    say!("# odd tar files: entries read, and what was refused");
    for path in files(&samples.join("tar-edge")) {
        let archive = open(&path);
        let shown = path.strip_prefix(samples).unwrap().display();
        let contents = archive.read(0, &Options::default(), &mut ());
        let gaps = contents.as_ref().map(|it| it.gaps.clone()).unwrap_or_default();
        let gaps: BTreeSet<&str> =
            archive.gaps().iter().chain(&gaps).map(|it| it.what.name()).collect();
        let entries = contents.map_or(0, |it| it.table.len());
        say!("{shown}: {entries} entries {}", Vec::from_iter(gaps).join(" "));
    }
    say!("");
}

fn os_releases(samples: &Path) {
    say!("# os-release files against their expected parses");
    let (mut same, mut total) = (0, 0);
    for path in files(&samples.join("pkgdb/container-inspector/distro/os-release")) {
        let expected = PathBuf::from(format!("{}-distro-expected.json", path.display()));
        let Ok(expected) = fs::read_to_string(&expected) else { continue };
        total += 1;
        let release = OsRelease::read(&String::from_utf8_lossy(&fs::read(&path).unwrap()));
        let root = Json::first(&expected).unwrap();
        let pairs = [
            ("identifier", "ID"),
            ("name", "NAME"),
            ("version", "VERSION"),
            ("version_id", "VERSION_ID"),
            ("version_codename", "VERSION_CODENAME"),
            ("id_like", "ID_LIKE"),
            ("pretty_name", "PRETTY_NAME"),
            ("home_url", "HOME_URL"),
            ("variant_id", "VARIANT_ID"),
        ];
        let mut differences = Vec::new();
        for (key, name) in pairs {
            let expected = root.get(key).and_then(|it| it.string()).unwrap_or_default();
            let ours = release.get(name).unwrap_or_default();
            if expected.as_str() != ours {
                differences
                    .push(format!("{name}: {:?} expected, {ours:?} found", expected.as_str()));
            }
        }
        if differences.is_empty() {
            same += 1;
        } else {
            say!(
                "MISS {}: {}",
                path.strip_prefix(samples).unwrap().display(),
                differences.join(", ")
            );
        }
    }
    say!("os-release: {same} of {total}\n");
}

/// Puts every database where its manager keeps it, in a layer of its own, and prints what is read.
fn packages(samples: &Path) {
    say!("# package databases: packages read");
    for path in files(&samples.join("pkgdb")) {
        let shown = path.strip_prefix(samples).unwrap().to_str().unwrap().to_owned();
        let name = path.file_name().unwrap().to_str().unwrap();
        let content = fs::read(&path).unwrap();
        let place = match shown.as_str() {
            it if it.contains("os-release") => continue,
            it if it.contains("expected") => {
                say!("{it}: not compared, the image it is about is not among the samples");
                continue;
            }
            it if it.contains("rpmdb/") || it.contains("scalibr/rpm") => {
                format!("var/lib/rpm/{}", if name == "invalid" { "Packages" } else { name })
            }
            it if it.contains("/apk/") || it.contains("alpine/") => {
                "lib/apk/db/installed".to_owned()
            }
            it if it.contains("opkg/") => "usr/lib/opkg/status".to_owned(),
            it if it.contains("status.d/") => format!("var/lib/dpkg/status.d/{name}"),
            it if it.contains("dpkg") && !it.contains("opyright") => {
                "var/lib/dpkg/status".to_owned()
            }
            _ => continue,
        };
        let content = match name.ends_with(".txtar") {
            true => txtar(&content, "var/lib/dpkg/status"),
            false => content,
        };
        let layer = support::Tar::new().file(&place, &content).end();
        let archive = Archive::open(Box::new(layer), &Limits::native());
        let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
        let packages: Vec<_> = contents.records.iter().flat_map(|it| &it.packages).collect();
        let gaps: BTreeSet<String> = contents.gaps.iter().map(|it| it.what.to_string()).collect();
        say!("{shown}: {} {}", packages.len(), Vec::from_iter(gaps).join("; "));
        if std::env::args().any(|it| it == "--list") {
            for it in packages {
                let (arch, source) =
                    (it.arch.as_deref().unwrap_or("-"), it.source.as_deref().unwrap_or("-"));
                say!(
                    "\t{}\t{}\t{arch}\t{source}\t{}",
                    it.name,
                    it.version,
                    it.source_version.as_deref().unwrap_or("-")
                );
            }
        }
    }
}

/// A file out of a text archive of Go's tests.
fn txtar(bytes: &[u8], name: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let start = text.split(&format!("-- {name} --\n")).nth(1).unwrap_or_default();
    start.split("\n-- ").next().unwrap_or_default().as_bytes().to_vec()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(it) = folders.pop() {
        for entry in fs::read_dir(it).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { out.push(path) }
        }
    }
    out.sort();
    out
}
