//! pacman: `var/lib/pacman/local/*/desc`.

use super::{Package, Read};
use crate::bytes::{lines, text};

/// Reads the description of an installed package: values below `%NAME%` lines (libalpm 14,
/// `be_local.c`).
pub(crate) fn pacman(file: &[u8]) -> Read {
    let mut lines = lines(file);
    let mut package = Package::default();
    while let Some(line) = lines.next() {
        let mut value = || lines.next().map(text).filter(|it| !it.is_empty());
        match line {
            b"%NAME%" => package.name = value().unwrap_or_default(),
            b"%VERSION%" => package.version = value().unwrap_or_default(),
            b"%BASE%" => package.source = value(),
            b"%ARCH%" => package.arch = value(),
            b"%LICENSE%" => package.license = value(),
            _ => {}
        }
    }
    package.source = package.source.filter(|it| *it != package.name);
    let whole = !package.name.is_empty() && !package.version.is_empty();
    whole.then_some(package).into_iter().collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description() {
        let file = b"%NAME%\ngcc-libs\n\n%VERSION%\n14.1.1-1\n\n%BASE%\ngcc\n\n%ARCH%\nx86_64\n";
        let packages = pacman(file).packages;
        assert_eq!((&*packages[0].name, &*packages[0].version), ("gcc-libs", "14.1.1-1"));
        assert_eq!(packages[0].source.as_deref(), Some("gcc"));
        assert!(pacman(b"%NAME%\nx\n").packages.is_empty());
    }
}
