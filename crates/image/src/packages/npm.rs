//! Node packages: `package.json` of a package under `node_modules`.

use super::{Package, Read};
use crate::json::{Json, Shape};

/// Reads a `package.json`. One without name and version is no package but a hint to the module
/// loader, and there are many.
pub(crate) fn npm(file: &[u8]) -> Read {
    let Ok(text) = std::str::from_utf8(file) else { return Read::broken("not UTF-8") };
    let text = text.trim_start_matches('\u{feff}');
    let Some(root) = Json::first(text).filter(|it| it.shape() == Shape::Object) else {
        return Read::broken("not a JSON object");
    };
    let (mut name, mut version, mut license) = (None, None, None);
    for (key, value) in root.members() {
        match key.string().as_ref().map(text::Cooked::as_str) {
            Some("name") => name = value.string(),
            Some("version") => version = value.string(),
            Some("license") => license = value.string(),
            _ => {}
        }
    }
    let (Some(name), Some(version)) = (name, version) else { return Read::default() };
    let package = Package::new(name.as_str(), version.as_str());
    vec![Package { license: license.map(|it| it.as_str().into()), ..package }].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_hints() {
        let file = br#"{"name": "@a/b", "version": "1.2.3", "license": {"type": "MIT"}, "scripts":
            {"name": "x"}}"#;
        assert_eq!(npm(file).packages, [Package::new("@a/b", "1.2.3")]);
        assert_eq!(npm(br#"{"type": "module"}"#), Read::default());
        assert_eq!(npm(b"[]").broken, Some("not a JSON object"));
    }
}
