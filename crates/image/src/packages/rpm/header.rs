//! The header of a package (rpm 4.20, `docs/manual/format_header.md`).

use crate::bytes::{text, u32_be, until_nul};
use crate::packages::owned::{MOST, can_run};
use crate::packages::{Owned, Package};

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const LICENSE: u32 = 1014;
const ARCH: u32 = 1022;
const SOURCE_RPM: u32 = 1044;
const DIR_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIR_NAMES: u32 = 1118;

/// Headers have a few hundred tags.
const MOST_TAGS: u32 = 0xffff;

/// Reads a header. Public keys are kept in the database like packages; for them there is nothing.
/// The outer nothing stands for a broken header.
pub(super) fn package(blob: &[u8]) -> Option<Option<Package>> {
    let header = Header { blob, n_tags: u32_be(blob, 0).filter(|it| *it <= MOST_TAGS)? };
    let name = header.text(NAME)?;
    if &*name == "gpg-pubkey" {
        return Some(None);
    }
    let version = evr(header.number(EPOCH), &header.text(VERSION)?, &header.text(RELEASE)?);
    let mut package = Package::new(&name, &version);
    package.arch = header.text(ARCH);
    package.license = header.text(LICENSE);
    set_source(&mut package, header.text(SOURCE_RPM).as_deref());
    Some(Some(package))
}

/// Adds the programs and libraries of a package: names of files, and for each the number of its
/// directory in a list of those.
pub(super) fn files(blob: &[u8], package: &str, owned: &mut Vec<Owned>) {
    let header = Header { blob, n_tags: u32_be(blob, 0).unwrap_or_default().min(MOST_TAGS) };
    let directories: Vec<&[u8]> = header.texts(DIR_NAMES).collect();
    let indexes = header.find(DIR_INDEXES).filter(|it| it.1 == 4);
    let Some((start, ..)) = indexes else { return };
    for (at, name) in header.texts(BASE_NAMES).enumerate() {
        if owned.len() >= MOST {
            return;
        }
        let index = start.checked_add(at * 4).and_then(|it| u32_be(blob, it));
        let Some(directory) = index.and_then(|it| directories.get(it as usize)) else { return };
        let path = [directory.strip_prefix(b"/").unwrap_or(directory), name].concat();
        if can_run(&path) {
            owned.push((package.into(), path.into()));
        }
    }
}

/// Notes the source package, as far as it has another name or version.
pub(super) fn set_source(package: &mut Package, file: Option<&str>) {
    let Some((source, version)) = file.and_then(source_package) else { return };
    package.source = (source != package.name).then_some(source);
    package.source_version = (*version != *without_epoch(&package.version)).then_some(version);
}

/// `[epoch:]version-release`
fn evr(epoch: Option<u32>, version: &str, release: &str) -> Box<str> {
    let epoch = epoch.map_or(String::new(), |it| format!("{it}:"));
    format!("{epoch}{version}-{release}").into()
}

fn without_epoch(version: &str) -> &str {
    version.split_once(':').map_or(version, |it| it.1)
}

/// `name-version-release.src.rpm`
fn source_package(file: &str) -> Option<(Box<str>, Box<str>)> {
    let stem = file.strip_suffix(".rpm")?;
    let stem = stem.strip_suffix(".src").or(stem.strip_suffix(".nosrc")).unwrap_or(stem);
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some((name.into(), format!("{version}-{release}").into()))
}

struct Header<'a> {
    blob: &'a [u8],
    n_tags: u32,
}

impl<'a> Header<'a> {
    /// Where the value of a tag starts, of which type it is, and of how many parts.
    fn find(&self, tag: u32) -> Option<(usize, u32, u32)> {
        let rows = (0..self.n_tags as usize).map(|it| 8 + it * 16);
        let row = rows.into_iter().find(|it| u32_be(self.blob, *it) == Some(tag))?;
        let store = 8 + self.n_tags as usize * 16;
        let at = store.checked_add(u32_be(self.blob, row + 8)? as usize)?;
        Some((at, u32_be(self.blob, row + 4)?, u32_be(self.blob, row + 12)?))
    }

    /// All texts of a tag (type 8).
    fn texts(&self, tag: u32) -> impl Iterator<Item = &'a [u8]> {
        let found = self.find(tag).filter(|it| it.1 == 8);
        let mut rest = found.and_then(|it| self.blob.get(it.0..)).unwrap_or_default();
        let most = found.map_or(0, |it| it.2);
        (0..most).map_while(move |_| {
            let text = until_nul(rest);
            rest = rest.get(text.len() + 1..)?;
            Some(text)
        })
    }

    /// A text (type 6), or the first of several (8, 9).
    fn text(&self, tag: u32) -> Option<Box<str>> {
        let (at, kind, _) = self.find(tag)?;
        matches!(kind, 6 | 8 | 9).then(|| self.blob.get(at..).map(|it| text(until_nul(it))))?
    }

    /// A number of four bytes (type 4).
    fn number(&self, tag: u32) -> Option<u32> {
        let (at, kind, _) = self.find(tag)?;
        if kind == 4 { u32_be(self.blob, at) } else { None }
    }
}
