//! The header of a package (rpm 4.20, `docs/manual/format_header.md`).

use crate::bytes::{text, u32_be, until_nul};
use crate::packages::Package;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const LICENSE: u32 = 1014;
const ARCH: u32 = 1022;
const SOURCE_RPM: u32 = 1044;

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

impl Header<'_> {
    /// Where the value of a tag starts, and of which type it is.
    fn find(&self, tag: u32) -> Option<(usize, u32)> {
        let rows = (0..self.n_tags as usize).map(|it| 8 + it * 16);
        let row = rows.into_iter().find(|it| u32_be(self.blob, *it) == Some(tag))?;
        let store = 8 + self.n_tags as usize * 16;
        let at = store.checked_add(u32_be(self.blob, row + 8)? as usize)?;
        Some((at, u32_be(self.blob, row + 4)?))
    }

    /// A text (type 6), or the first of several (8, 9).
    fn text(&self, tag: u32) -> Option<Box<str>> {
        let (at, kind) = self.find(tag)?;
        matches!(kind, 6 | 8 | 9).then(|| self.blob.get(at..).map(|it| text(until_nul(it))))?
    }

    /// A number of four bytes (type 4).
    fn number(&self, tag: u32) -> Option<u32> {
        let (at, kind) = self.find(tag)?;
        if kind == 4 { u32_be(self.blob, at) } else { None }
    }
}
