//! Package URLs (purl-spec, ECMA-427).

use crate::packages::{Package, System};

/// The package URL of a package. `distribution`: short name and version.
pub(super) fn purl(
    system: System,
    package: &Package,
    distribution: Option<&(String, String)>,
) -> String {
    let distro = distribution.map(|(id, version)| match version.is_empty() {
        true => id.clone(),
        false => format!("{id}-{version}"),
    });
    let vendor = |usual: &str| distribution.map_or_else(|| usual.to_owned(), |it| it.0.clone());
    let name = &*package.name;
    let (epoch, version) = match (system, package.version.split_once(':')) {
        (System::Rpm, Some((epoch, rest))) => (Some(epoch.to_owned()), rest),
        _ => (None, &*package.version),
    };
    let (kind, path) = match system {
        System::Dpkg => ("deb", format!("{}/{}", escaped(&vendor("debian")), escaped(name))),
        System::Opkg => ("opkg", format!("{}/{}", escaped(&vendor("openwrt")), escaped(name))),
        System::Apk => (
            "apk",
            format!("{}/{}", escaped(&vendor("alpine")), escaped(&name.to_ascii_lowercase())),
        ),
        System::Rpm => ("rpm", format!("{}/{}", escaped(&vendor("redhat")), escaped(name))),
        System::Pacman => ("alpm", format!("{}/{}", escaped(&vendor("arch")), escaped(name))),
        System::Python => ("pypi", escaped(&name.to_ascii_lowercase().replace(['_', '.'], "-"))),
        System::Npm => ("npm", segments(name, '/')),
        System::Gem => ("gem", escaped(name)),
        System::Go => ("golang", segments(name, '/')),
        System::Cargo => ("cargo", escaped(name)),
        System::Maven => ("maven", segments(name, ':')),
    };
    let mut out = format!("pkg:{kind}/{path}");
    if !version.is_empty() {
        out += &format!("@{}", escaped(version));
    }
    let of_system =
        matches!(system, System::Dpkg | System::Opkg | System::Apk | System::Rpm | System::Pacman);
    // In the order of their names.
    let arch = package.arch.as_deref().map(str::to_owned);
    let qualifiers = [
        ("arch", arch.filter(|_| of_system)),
        ("distro", distro.filter(|_| of_system)),
        ("epoch", epoch.filter(|it| it != "0")),
    ];
    let mut mark = '?';
    for (name, value) in qualifiers {
        if let Some(value) = value {
            out += &format!("{mark}{name}={}", escaped(&value));
            mark = '&';
        }
    }
    out
}

fn segments(name: &str, at: char) -> String {
    name.split(at).map(escaped).collect::<Vec<_>>().join("/")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_and_their_spelling() {
        let package = |name: &str, version: &str| Package {
            arch: Some("amd64".into()),
            ..Package::new(name, version)
        };
        let debian = ("debian".to_owned(), "12".to_owned());
        for (system, name, version, expected) in [
            (
                System::Dpkg,
                "libc++1",
                "1:14.0-1+b1",
                "pkg:deb/debian/libc%2B%2B1@1%3A14.0-1%2Bb1?arch=amd64&distro=debian-12",
            ),
            (
                System::Rpm,
                "bash",
                "1:5.1-6",
                "pkg:rpm/debian/bash@5.1-6?arch=amd64&distro=debian-12&epoch=1",
            ),
            (System::Npm, "@types/node", "1.0.0", "pkg:npm/%40types/node@1.0.0"),
            (System::Python, "Ruamel.yaml_x", "1", "pkg:pypi/ruamel-yaml-x@1"),
            (System::Maven, "org.a:b", "2", "pkg:maven/org.a/b@2"),
            (System::Go, "github.com/a/b", "v1.0.0", "pkg:golang/github.com/a/b@v1.0.0"),
        ] {
            assert_eq!(purl(system, &package(name, version), Some(&debian)), expected);
        }
    }
}
