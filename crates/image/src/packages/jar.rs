//! Java libraries: what Maven and manifests left in jars, in jars within jars too.

use flate2::{Decompress, FlushDecompress, Status};

use super::stanza::stanzas;
use super::{Package, Read};
use crate::bytes::{lines, text, trim, u16_le, u32_le};

/// How deep jars are opened: a library in a web application in an enterprise archive.
const DEEPEST: u32 = 3;

/// Properties and manifests are small; more than this of one is not read.
const MOST_TEXT: usize = 1 << 20;

/// Reads a jar, war or ear. `most` bounds what is unpacked of jars within it.
pub(crate) fn jar(name: &str, file: &[u8], most: usize) -> Read {
    let mut packages = Vec::new();
    let mut budget = most;
    match open(name, file, DEEPEST, &mut budget, &mut packages) {
        Some(()) => packages.into(),
        None => Read { packages, broken: Some("not a zip archive, or cut off"), ..Read::default() },
    }
}

fn open(
    name: &str,
    file: &[u8],
    depth: u32,
    budget: &mut usize,
    out: &mut Vec<Package>,
) -> Option<()> {
    let n_before = out.len();
    let mut manifest = None;
    for member in members(file)? {
        let is_inner = member.name.ends_with(b".jar") || member.name.ends_with(b".war");
        if member.name.ends_with(b"/pom.properties") {
            let properties = member.content(file, MOST_TEXT);
            out.extend(properties.and_then(|it| artifact(&it)));
        } else if member.name == b"META-INF/MANIFEST.MF" {
            manifest = member.content(file, MOST_TEXT);
        } else if is_inner && depth > 1 {
            let most = *budget;
            if let Some(inner) = member.content(file, most) {
                *budget -= inner.len();
                let name = text(member.name);
                // What is no jar in spite of its name is passed over.
                let _ = open(&name, &inner, depth - 1, budget, out);
            }
        }
    }
    if out.len() == n_before {
        out.extend(by_manifest(name, &manifest.unwrap_or_default()));
    }
    Some(())
}

/// `META-INF/maven/<group>/<artifact>/pom.properties`, as the Maven archiver writes it.
fn artifact(properties: &[u8]) -> Option<Package> {
    let value = |key: &str| {
        let mut pairs = lines(properties).filter_map(|it| {
            let (name, value) = it.split_at_checked(memchr::memchr(b'=', it)?)?;
            Some((trim(name), trim(value.get(1..)?)))
        });
        pairs.find(|(name, _)| *name == key.as_bytes()).map(|(_, it)| text(it))
    };
    let (group, artifact) = (value("groupId")?, value("artifactId")?);
    Some(Package::new(&format!("{group}:{artifact}"), &value("version")?))
}

/// A jar that Maven did not make: by its manifest and its name.
fn by_manifest(path: &str, manifest: &[u8]) -> Option<Package> {
    const FIELDS: &[&str] = &[
        "Implementation-Title",
        "Implementation-Version",
        "Implementation-Vendor-Id",
        "Bundle-SymbolicName",
        "Bundle-Version",
    ];
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |it| it.0);
    // `guava-31.1-jre.jar`: the version starts with the first part that starts with a digit.
    let versioned = stem.match_indices('-').find_map(|(at, _)| {
        let (name, version) = (stem.get(..at)?, stem.get(at + 1..)?);
        version.starts_with(|it: char| it.is_ascii_digit()).then_some((name, version))
    });
    let main = stanzas(manifest, FIELDS).next().unwrap_or_default();
    let version = main.text("Implementation-Version").or(main.text("Bundle-Version"));
    let version = versioned.map(|it| it.1.into()).or(version)?;
    let name = versioned.map_or(stem, |it| it.0);
    let bundle = main.text("Bundle-SymbolicName");
    let group = main.text("Implementation-Vendor-Id").or_else(|| {
        let bundle = bundle.as_deref()?.split(';').next()?;
        bundle.strip_suffix(name)?.strip_suffix('.').map(Into::into)
    });
    let name = group.map_or(name.to_owned(), |it| format!("{it}:{name}"));
    Some(Package::new(&name, &version))
}

/// A file in a zip archive.
struct Member<'a> {
    name: &'a [u8],
    method: u16,
    packed: usize,
    /// Where its local header is.
    at: usize,
}

/// The central directory (APPNOTE.TXT 6.3.10, section 4.3.12). Archives of more than 65,535
/// files or four gigabytes are not read: they are larger than what is held in memory.
fn members(file: &[u8]) -> Option<Vec<Member<'_>>> {
    let tail = file.len().saturating_sub(22 + 65_535);
    let end = tail + memchr::memmem::rfind(file.get(tail..)?, b"PK\x05\x06")?;
    file.get(end..end + 22)?;
    let count = u16_le(file, end + 10)?;
    let (size, start) = (u32_le(file, end + 12)? as usize, u32_le(file, end + 16)? as usize);
    // A script may stand in front; offsets count from behind it.
    let directory = end.checked_sub(size)?;
    let shift = directory.checked_sub(start)?;
    let mut members = Vec::new();
    let mut at = directory;
    for _ in 0..count {
        if file.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let length = |offset: usize| u16_le(file, at + offset).map(usize::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        members.push(Member {
            name: file.get(at + 46..at + 46 + name)?,
            method: u16_le(file, at + 10)?,
            packed: u32_le(file, at + 20)? as usize,
            at: shift.checked_add(u32_le(file, at + 42)? as usize)?,
        });
        at += 46 + name + extra + comment;
    }
    Some(members)
}

impl Member<'_> {
    /// Its content, if that is not larger than `most`.
    fn content(&self, file: &[u8], most: usize) -> Option<Vec<u8>> {
        let header = file.get(self.at..)?;
        if !header.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start = 30 + usize::from(u16_le(header, 26)?) + usize::from(u16_le(header, 28)?);
        let packed = header.get(start..start.checked_add(self.packed)?)?;
        match self.method {
            0 if packed.len() <= most => Some(packed.to_vec()),
            8 => inflate(packed, most),
            _ => None,
        }
    }
}

fn inflate(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut inflate = Decompress::new(false);
    let mut out = Vec::new();
    loop {
        out.reserve(packed.len().clamp(1 << 12, 1 << 20));
        let before = (inflate.total_in(), out.len());
        let rest = packed.get(usize::try_from(before.0).ok()?..)?;
        let status = inflate.decompress_vec(rest, &mut out, FlushDecompress::Finish).ok()?;
        if status == Status::StreamEnd {
            return (out.len() <= most).then_some(out);
        }
        if out.len() > most || (inflate.total_in(), out.len()) == before {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A zip archive, every other file deflated.
    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (number, (name, content)) in files.iter().enumerate() {
            let method = if number % 2 == 0 { 8_u16 } else { 0 };
            let mut packer =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            packer.write_all(content).unwrap();
            let packed = if method == 8 { packer.finish().unwrap() } else { content.to_vec() };
            let at = out.len() as u32;
            let sizes = [packed.len() as u32, content.len() as u32].map(u32::to_le_bytes).concat();
            let common = [&method.to_le_bytes()[..], &[0; 8], &sizes].concat();
            let names = [name.len() as u16, 0].map(u16::to_le_bytes).concat();
            out.extend([b"PK\x03\x04\x14\0\0\0", &common[..], &names, name.as_bytes()].concat());
            out.extend(&packed);
            directory
                .extend([b"PK\x01\x02\x14\0\x14\0\0\0", &common[..], &names, &[0; 10]].concat());
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let count = (files.len() as u16).to_le_bytes();
        let start = out.len() as u32;
        out.extend(&directory);
        out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
        out.extend([directory.len() as u32, start].map(u32::to_le_bytes).concat());
        out.extend([0, 0]);
        out
    }

    const POM: &[u8] = b"#Generated\nversion=2.17.1\ngroupId=org.apache.logging.log4j\n\
        artifactId=log4j-core\n";

    #[test]
    fn jars_in_jars() {
        let inner = zip(&[("META-INF/maven/g/a/pom.properties", POM)]);
        let plain = zip(&[("META-INF/MANIFEST.MF", b"Bundle-SymbolicName: com.x.util;s=1\r\n")]);
        let outer = zip(&[
            ("BOOT-INF/lib/guava-31.1-jre.jar", &plain),
            ("BOOT-INF/lib/log4j-core.jar", &inner),
            ("BOOT-INF/lib/util-1.0.jar", &plain),
        ]);
        let script = [b"#!/bin/sh\nexec java -jar $0\n", &outer[..]].concat();
        for file in [outer, script] {
            let read = jar("app/app.jar", &file, 1 << 20);
            let names: Vec<_> =
                read.packages.iter().map(|it| format!("{} {}", it.name, it.version)).collect();
            let log4j = "org.apache.logging.log4j:log4j-core 2.17.1";
            assert_eq!(names, ["guava 31.1-jre", log4j, "com.x:util 1.0"]);
            assert_eq!(read.broken, None);
        }
    }

    #[test]
    fn broken_and_greedy_jars() {
        let file = zip(&[("META-INF/maven/g/a/pom.properties", POM), ("x.class", &[1; 100])]);
        for cut in 0..file.len() {
            assert!(jar("a.jar", &file[..cut], 1 << 20).broken.is_some(), "{cut}");
        }
        let bomb = zip(&[("lib/inner-1.jar", &vec![0; 1 << 22]), ("y", b"")]);
        assert_eq!(jar("a.jar", &bomb, 1 << 20), Read::default());
    }
}
