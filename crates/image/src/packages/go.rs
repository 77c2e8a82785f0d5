//! Go modules: the build information that the linker puts into every program since Go 1.12.

use super::{Package, Read};
use crate::bytes::text;
use crate::facts::elf::Elf;

/// What build information starts with.
pub(crate) const MAGIC: &[u8] = b"\xff Go buildinf:";

/// A list of modules has 16 bytes before and after it that mark it (`cmd/go`, `modload/build.go`).
const MARK: usize = 16;

/// Reads the modules of a program (Go 1.24, `debug/buildinfo`).
pub(crate) fn go(elf: &Elf<'_>) -> Option<Read> {
    let section = elf.section(".go.buildinfo").or_else(|| elf.data())?;
    // Other programs have no such section, and of theirs only the start of the data is looked at.
    let start = memchr::memmem::find(section.get(..section.len().min(1 << 16))?, MAGIC)?;
    let info = section.get(start..)?;
    let (version, modules) = inline(info).or_else(|| by_pointer(elf, info))?;
    Some(packages(&text(version), &String::from_utf8_lossy(modules)).into())
}

/// Reads the modules of a program of which only the part from the magic on is at hand.
pub(crate) fn go_part(info: &[u8]) -> Option<Read> {
    let (version, modules) = inline(info)?;
    Some(packages(&text(version), &String::from_utf8_lossy(modules)).into())
}

/// Since Go 1.18: two texts with their lengths, 32 bytes behind the magic.
fn inline(info: &[u8]) -> Option<(&[u8], &[u8])> {
    if info.get(15)? & 2 == 0 {
        return None;
    }
    let (version, rest) = counted(info.get(32..)?)?;
    let (modules, _) = counted(rest)?;
    Some((version, unmarked(modules)))
}

fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut used) = (0_usize, 0);
    for it in bytes.iter().take(5) {
        length |= usize::from(it & 0x7f).checked_shl(7 * used)?;
        used += 1;
        if it & 0x80 == 0 {
            return bytes.get(used as usize..)?.split_at_checked(length);
        }
    }
    None
}

/// Before Go 1.18: addresses of two texts, each an address and a length.
fn by_pointer<'a>(elf: &Elf<'a>, info: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let size = u64::from(*info.get(14)?);
    if !matches!(size, 4 | 8) {
        return None;
    }
    let text_at = |at: u64| {
        let slot = pointer(info.get(usize::try_from(at).ok()?..)?, size)?;
        let header = elf.at_address(slot)?;
        let length = pointer(header.get(usize::try_from(size).ok()?..)?, size)?;
        elf.at_address(pointer(header, size)?)?.get(..usize::try_from(length).ok()?)
    };
    Some((text_at(16)?, unmarked(text_at(16 + size).unwrap_or_default())))
}

/// Programs of both byte orders are told apart by the flags, but no image has big-endian ones of
/// that age; they are read as little-endian and then hold nothing.
fn pointer(bytes: &[u8], size: u64) -> Option<u64> {
    match size {
        8 => Some(u64::from_le_bytes(*bytes.first_chunk()?)),
        _ => Some(u64::from(u32::from_le_bytes(*bytes.first_chunk()?))),
    }
}

fn unmarked(modules: &[u8]) -> &[u8] {
    let end = modules.len().saturating_sub(MARK);
    modules.get(MARK..end).unwrap_or_default()
}

/// The lines of the module list: `mod` is the program's own module, `dep` one it is built with,
/// `=>` what took the place of the one before.
fn packages(version: &str, modules: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    if let Some(it) = version.strip_prefix("go") {
        let number = it.split(' ').next().unwrap_or(it);
        packages.push(Package::new("stdlib", number));
    }
    for line in modules.lines() {
        let mut words = line.split('\t');
        let kind = words.next();
        let (Some(name), version) = (words.next(), words.next().unwrap_or_default()) else {
            continue;
        };
        match kind {
            Some("mod" | "dep") => packages.push(Package::new(name, version)),
            Some("=>") => {
                packages.pop();
                packages.push(Package::new(name, version));
            }
            _ => {}
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_in_line() {
        let modules = "path\tx/cmd\nmod\tx\tv1.0.0\th1:a=\ndep\ty\tv1.2.3\th1:b=\ndep\tz\tv0.1.0\n\
            =>\tfork/z\tv0.2.0\th1:c=\nbuild\tCGO_ENABLED=0\n";
        let marked = [&[1; 16][..], modules.as_bytes(), &[2; 16]].concat();
        let mut info = [MAGIC, &[8, 2], &[0; 16]].concat();
        info.extend([8]);
        info.extend(b"go1.22.3");
        info.extend([marked.len() as u8 | 0x80, (marked.len() >> 7) as u8]);
        info.extend(&marked);
        let names = |read: Read| -> Vec<String> {
            read.packages.iter().map(|it| format!("{} {}", it.name, it.version)).collect()
        };
        let expected = ["stdlib 1.22.3", "x v1.0.0", "y v1.2.3", "fork/z v0.2.0"];
        assert_eq!(names(go_part(&info).unwrap()), expected);
        for cut in 0..info.len() {
            assert!(go_part(&info[..cut]).is_none(), "{cut}");
        }
    }
}
