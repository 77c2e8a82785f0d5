//! Python distributions: `METADATA`, `PKG-INFO` and `.egg-info` files.

use super::stanza::stanzas;
use super::{Package, Read};
use crate::bytes::text;

/// Reads the head of a metadata file (Python packaging guide, "Core metadata specifications").
/// The description behind the first empty line may hold anything.
pub(crate) fn python(file: &[u8]) -> Read {
    let mut stanzas = stanzas(file, &["Name", "Version", "License", "License-Expression"]);
    let package = stanzas.next().and_then(|it| {
        let license = it.text("License-Expression").or(it.text("License"));
        let license = license.filter(|it| &**it != "UNKNOWN");
        let version = text(it.get("Version")?);
        Some(Package { name: text(it.get("Name")?), version, license, ..Package::default() })
    });
    package.into_iter().collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_only() {
        let file = b"Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\nLicense: UNKNOWN\n\n\
            Name: other\nVersion: 0\n";
        let packages = python(file).packages;
        assert_eq!(packages, [Package::new("requests", "2.31.0")]);
        assert!(python(b"Name: x\n").packages.is_empty());
    }
}
