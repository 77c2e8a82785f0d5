//! Package databases, each put where its manager keeps it in a layer of its own: names and versions
//! against what a second, plain reading of the same text gives. os-release files against their
//! expected parses.

use std::path::{Path, PathBuf};

use anyhow::Result;
use image::json::Json;
use image::{Archive, Limits, Options, OsRelease};
use tests::tar;

use super::{figure, files, shown};
use crate::Figure;

/// How many packages are in the binary databases, as the project that collected them has it.
const BINARY: [(&str, usize); 3] =
    [("cbl-mariner-2.0/rpmdb.sqlite", 129), ("libuuid/Packages", 1), ("sle15-bci/Packages.db", 35)];

/// Databases with stanzas that are broken on purpose, and how many packages are left in them.
const BROKEN: [(&str, usize); 3] = [
    ("dpkg/dpkg/nopackage", 2),
    ("alpine/corrupt/lib/apk/db/installed", 1),
    ("scalibr/rpm/invalid", 0),
];

pub(super) fn measure(samples: &Path) -> Result<Vec<Figure>> {
    Ok(vec![databases(samples)?, os_releases(samples)?])
}

fn databases(samples: &Path) -> Result<Figure> {
    let (mut right, mut all, mut reasons) = (0, 0, 0);
    for path in files(&samples.join("pkgdb"))? {
        let shown = shown(&path, samples);
        if shown.contains("expected-packages/") {
            println!("{shown}: the image it is about is not among the samples");
            continue;
        }
        let Some((place, fields)) = place(&shown) else { continue };
        let mut content = std::fs::read(&path)?;
        if shown.ends_with(".txtar") {
            content = txtar(&content, "var/lib/dpkg/status");
        }
        let ours = read(&place, &content);
        let counted =
            |list: &[(&str, usize)]| list.iter().find(|it| shown.ends_with(it.0)).map(|it| it.1);
        all += 1;
        let same = match (counted(&BINARY), counted(&BROKEN)) {
            (Some(expected), _) => ours.len() == expected,
            (None, Some(expected)) => {
                reasons += 1;
                ours.len() == expected
            }
            (None, None) => {
                let mut expected =
                    plain(&String::from_utf8_lossy(&content), fields, place.ends_with("/status"));
                expected.sort();
                expected == ours
            }
        };
        right += usize::from(same);
        if !same {
            println!("{shown}: {} packages found, which is not what is in it", ours.len());
        }
    }
    Ok(figure("package databases, names and versions", right, all, reasons))
}

/// Where a manager keeps a database, and the names of its fields for name, version and status.
fn place(shown: &str) -> Option<(String, [&'static str; 3])> {
    const DPKG: [&str; 3] = ["Package: ", "Version: ", "Status: "];
    const APK: [&str; 3] = ["P:", "V:", "?"];
    let name = shown.rsplit('/').next()?;
    let rpm = |name: &str| Some((format!("var/lib/rpm/{name}"), ["?"; 3]));
    match shown {
        it if it.contains("os-release") || it.contains("opyright") => None,
        it if it.contains("go-rpmdb/") => rpm(name),
        it if it.contains("scalibr/rpm") => rpm("Packages"),
        it if it.contains("/apk/") || it.contains("alpine/") => {
            Some(("lib/apk/db/installed".to_owned(), APK))
        }
        it if it.contains("opkg/") => Some(("usr/lib/opkg/status".to_owned(), DPKG)),
        // Sums and scripts lie beside the stanzas.
        it if it.contains("status.d/") => {
            let is_stanza =
                Path::new(name).extension().is_none_or(|it| it != "md5sums" && it != "preinst");
            is_stanza.then(|| (format!("var/lib/dpkg/status.d/{name}"), DPKG))
        }
        it if it.contains("dpkg") => Some(("var/lib/dpkg/status".to_owned(), DPKG)),
        _ => None,
    }
}

fn read(place: &str, content: &[u8]) -> Vec<(String, String)> {
    let layer = tar::archive(&[tar::file(place, content)]);
    let archive = Archive::open(Box::new(layer), &Limits::native());
    let contents = archive.read(0, &Options::default(), &mut ());
    let records = contents.map(|it| it.records).unwrap_or_default();
    let packages = records.iter().flat_map(|it| &it.packages);
    let mut all: Vec<(String, String)> =
        packages.map(|it| (it.name.to_string(), it.version.to_string())).collect();
    all.sort();
    all
}

/// The plainest reading of stanzas: lines that begin with a field's name.
fn plain(text: &str, [name, version, status]: [&str; 3], is_status: bool) -> Vec<(String, String)> {
    let text = text.replace("\r\n", "\n");
    let mut stanzas = vec![Vec::new()];
    for line in text.lines() {
        match (line.trim().is_empty(), stanzas.last_mut()) {
            (true, _) | (_, None) => stanzas.push(Vec::new()),
            (false, Some(last)) => last.push(line),
        }
    }
    let package = |lines: &Vec<&str>| {
        let field = |key: &str| lines.iter().find_map(|it| it.strip_prefix(key)).map(str::trim);
        // Where nothing can be removed, nothing says what state a package is in.
        let is_installed = field(status).map_or(!is_status, |it| it.ends_with(" installed"));
        let name = field(name).filter(|it| is_installed && !it.is_empty())?;
        Some((name.to_owned(), field(version)?.to_owned()))
    };
    stanzas.iter().filter_map(package).collect()
}

/// A file out of a text archive of Go's tests.
fn txtar(bytes: &[u8], name: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let start = text.split(&format!("-- {name} --\n")).nth(1).unwrap_or_default();
    start.split("\n-- ").next().unwrap_or_default().as_bytes().to_vec()
}

fn os_releases(samples: &Path) -> Result<Figure> {
    const NAMES: [(&str, &str); 9] = [
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
    let (mut right, mut all) = (0, 0);
    for path in files(&samples.join("pkgdb/container-inspector/distro/os-release"))? {
        let expected = PathBuf::from(format!("{}-distro-expected.json", path.display()));
        let Ok(expected) = std::fs::read_to_string(&expected) else { continue };
        let release = OsRelease::read(&String::from_utf8_lossy(&std::fs::read(&path)?));
        let root = Json::first(&expected);
        let same = NAMES.iter().all(|(key, name)| {
            let expected = root.and_then(|it| it.get(key)).and_then(|it| it.string());
            expected.unwrap_or_default().as_str() == release.get(name).unwrap_or_default()
        });
        all += 1;
        right += usize::from(same);
        if !same {
            println!("{}: read differently", shown(&path, samples));
        }
    }
    Ok(figure("os-release files", right, all, 0))
}
