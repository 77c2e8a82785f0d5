//! dpkg and opkg: `var/lib/dpkg/status`, `status.d/*`, `usr/lib/opkg/status`.

use super::stanza::{Stanza, stanzas};
use super::{Package, Read};
use crate::bytes::text;

const FIELDS: &[&str] =
    &["Package", "Version", "Status", "Architecture", "Source", "Essential", "License"];

/// The status file of dpkg (dpkg 1.22, `dpkg-query(1)`): packages whose state is `installed`.
/// Removed ones whose configuration was left, and half installed ones, are in the file too.
pub(crate) fn dpkg(file: &[u8]) -> Read {
    read(file, |it| it.get("Status").is_some_and(is_installed))
}

/// A file in `status.d`, as bazel's rules write them for distroless images: one package, and
/// mostly no state since nothing can be removed.
pub(crate) fn dpkg_one(file: &[u8]) -> Read {
    read(file, |it| it.get("Status").is_none_or(is_installed))
}

/// The status file of opkg.
pub(crate) fn opkg(file: &[u8]) -> Read {
    dpkg(file)
}

/// The third word of the state.
fn is_installed(state: &[u8]) -> bool {
    let mut words = state.split(u8::is_ascii_whitespace).filter(|it| !it.is_empty());
    words.nth(2) == Some(b"installed")
}

fn read(file: &[u8], is_installed: impl Fn(&Stanza<'_>) -> bool) -> Read {
    let installed = stanzas(file, FIELDS).filter(|it| is_installed(it));
    installed.filter_map(|it| package(&it)).collect::<Vec<_>>().into()
}

fn package(stanza: &Stanza<'_>) -> Option<Package> {
    let version = stanza.text("Version")?;
    // `Source: name (version)`; the version only where it differs.
    let source = stanza.text("Source");
    let (source, source_version) = match source.as_deref().map(|it| it.split_once('(')) {
        Some(Some((name, version))) => {
            (Some(name.trim().into()), Some(version.trim_end_matches(')').trim().into()))
        }
        _ => (source, None),
    };
    Some(Package {
        name: text(stanza.get("Package")?),
        version,
        arch: stanza.text("Architecture"),
        source,
        source_version,
        license: stanza.text("License"),
        essential: stanza.get("Essential") == Some(b"yes"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &[u8] = b"Package: libgcc1\nStatus: install ok installed\nArchitecture: amd64\n\
        Source: gcc-5 (5.1.1-12)\nVersion: 1:5.1.1-12\nDescription: support\n Version: 9\n\n\n\
        Package: gone\nStatus: deinstall ok config-files\nVersion: 1.0\n\n\
        Package: half\nStatus: install reinstreq half-installed\nVersion: 1.0\n\n\
        Package: no-version\nStatus: install ok installed\n\n\
        Package: dash\r\nEssential: yes\r\nStatus: install ok installed\r\nVersion: 0.5\r\n";

    #[test]
    fn installed_packages_only() {
        let packages = dpkg(STATUS).packages;
        let names: Vec<_> = packages.iter().map(|it| (&*it.name, &*it.version)).collect();
        assert_eq!(names, [("libgcc1", "1:5.1.1-12"), ("dash", "0.5")]);
        assert_eq!(packages[0].source.as_deref(), Some("gcc-5"));
        assert_eq!(packages[0].source_version.as_deref(), Some("5.1.1-12"));
        assert_eq!((packages[0].essential, packages[1].essential), (false, true));
    }

    #[test]
    fn one_package_per_file() {
        let one = dpkg_one(b"Package: base-files\nVersion: 12.4\nArchitecture: amd64\n");
        assert_eq!(&*one.packages[0].name, "base-files");
        assert!(dpkg_one(b"not a control file").packages.is_empty());
    }
}
