//! apk: `lib/apk/db/installed`, since apk-tools 3 also `usr/lib/apk/db/installed`.

use super::owned::apk_files;
use super::{Package, Read};
use crate::bytes::{after, lines, text, trim};

/// Reads the database: a letter, a colon and a value per line, an empty line behind each package
/// (Alpine wiki, "Apk spec", "Installed Database"). A package without a version is left out.
pub(crate) fn apk(file: &[u8]) -> Read {
    let mut packages = Vec::new();
    let mut package = Package::default();
    for line in lines(file).chain([&b""[..]]) {
        let value = || trim(after(line, 2));
        match line {
            [b'P', b':', ..] => package.name = text(value()),
            [b'V', b':', ..] => package.version = text(value()),
            [b'A', b':', ..] => package.arch = Some(text(value())),
            [b'L', b':', ..] => package.license = Some(text(value())),
            [b'o', b':', ..] => package.source = Some(text(value())),
            [] => {
                let whole = std::mem::take(&mut package);
                if !whole.name.is_empty() && !whole.version.is_empty() {
                    packages.push(whole);
                }
            }
            _ => {}
        }
    }
    Read { owned: apk_files(file), ..packages.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_with_their_origin() {
        let file = b"junk\n\nC:Q1x\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\nL:Apache-2.0\no:openssl\n\
            F:lib\nR:libcrypto.so.3\nZ:Q1y\n\nP:no-version\n\nP:last\nV:1-r0";
        let packages = apk(file).packages;
        let names: Vec<_> = packages.iter().map(|it| (&*it.name, &*it.version)).collect();
        assert_eq!(names, [("libcrypto3", "3.1.4-r5"), ("last", "1-r0")]);
        assert_eq!(packages[0].source.as_deref(), Some("openssl"));
    }
}
