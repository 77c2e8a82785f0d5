//! Which package a program or library belongs to: dpkg's lists of files, and what the databases of apk and
//! rpm say of them. Only files that can be run or loaded are kept; an image has a hundred times as many others.

use crate::bytes::{lines, text, trim};

/// A file of a package: the name of the package, and the path without a slash at its start.
pub type Owned = (Box<str>, Box<[u8]>);

/// Files of one record that are kept.
pub(super) const MOST: usize = 20_000;

/// `var/lib/dpkg/info/NAME.list` or `NAME:ARCH.list`: a path in each line (dpkg 1.22).
pub(crate) fn dpkg_list(name: &[u8], file: &[u8]) -> Vec<Owned> {
    let name = name.strip_suffix(b".list").unwrap_or(name);
    let package = text(name.split(|it| *it == b':').next().unwrap_or_default());
    let paths = lines(file).map(|it| trim(it).strip_prefix(b"/").unwrap_or_default());
    let paths = paths.filter(|it| can_run(it)).take(MOST);
    paths.map(|it| (package.clone(), it.into())).collect()
}

/// apk's database: `F:` names a directory, `R:` a file in it.
pub(super) fn apk_files(file: &[u8]) -> Vec<Owned> {
    let (mut package, mut directory) = (Box::<str>::default(), &b""[..]);
    let mut owned = Vec::new();
    for line in lines(file) {
        match line {
            [b'P', b':', name @ ..] => package = text(trim(name)),
            [b'F', b':', path @ ..] => directory = trim(path),
            [b'R', b':', name @ ..] if owned.len() < MOST => {
                let path = [directory, b"/", trim(name)].concat();
                if can_run(&path) {
                    owned.push((package.clone(), path.into()));
                }
            }
            _ => {}
        }
    }
    owned
}

/// Whether a path is that of a program or a library.
pub(super) fn can_run(path: &[u8]) -> bool {
    let mut names = path.rsplit(|it| *it == b'/');
    let name = names.next().unwrap_or_default();
    let is_program = names.next().is_some_and(|it| matches!(it, b"bin" | b"sbin"));
    is_program || memchr::memmem::find(name, b".so").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(owned: &[Owned]) -> Vec<(&str, &str)> {
        owned.iter().map(|it| (&*it.0, std::str::from_utf8(&it.1).unwrap())).collect()
    }

    #[test]
    fn programs_and_libraries_of_packages() {
        let list =
            b"/.\n/usr\n/usr/share/doc/zlib1g\n/usr/lib/x86_64-linux-gnu/libz.so.1\n/bin/z\n";
        let expected = [("zlib1g", "usr/lib/x86_64-linux-gnu/libz.so.1"), ("zlib1g", "bin/z")];
        assert_eq!(shown(&dpkg_list(b"zlib1g:amd64.list", list)), expected);
        let apk = b"P:musl\nV:1\nF:lib\nR:ld-musl-x86_64.so.1\nZ:Q1\nR:x.txt\n\nP:busybox\nF:bin\nR:busybox\n";
        let expected = [("musl", "lib/ld-musl-x86_64.so.1"), ("busybox", "bin/busybox")];
        assert_eq!(shown(&apk_files(apk)), expected);
    }
}
