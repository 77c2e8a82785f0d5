//! Bills of materials: the packages of an image as CycloneDX and SPDX write them.
//!
//! Only what containers have is listed. The same image gives the same bytes: there is no clock and
//! nothing random in them, so the day of an SPDX document is the one the image says it was made on.

mod cyclonedx;
mod purl;
mod spdx;

use std::collections::BTreeMap;

use crate::config::created;
use crate::facts::OsRelease;
use crate::layers::Squashed;
use crate::layout::Image;
use crate::packages::Package;
use crate::read::Contents;

pub use cyclonedx::cyclonedx;
pub use spdx::spdx;

/// What an image is made of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bill {
    /// What the image is called.
    pub name: String,
    /// Its digest, as in `sha256:…`.
    pub digest: Option<String>,
    /// When it says it was made, as RFC 3339 writes it.
    pub created: Option<String>,
    /// Short name and version of the distribution.
    pub distribution: Option<(String, String)>,
    /// The packages by their package URL.
    pub parts: BTreeMap<String, Part>,
    /// What could not be read, so that the list may lack something.
    pub gaps: Vec<String>,
}

/// A package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The package.
    pub package: Package,
    /// The files that list it, each with its layer.
    pub places: Vec<(u16, String)>,
}

impl Bill {
    /// Lists the packages of an image that was read. `name`: what to call the image when it has
    /// no name itself.
    pub fn new(image: &Image, contents: &Contents, squashed: &Squashed, name: &str) -> Self {
        let table = &contents.table;
        let release = || {
            let paths = [&b"etc/os-release"[..], b"usr/lib/os-release"];
            let id = paths.iter().find_map(|it| squashed.find(table, it))?;
            let text = contents.texts.get(&table.origin(id))?;
            let it = OsRelease::read(&String::from_utf8_lossy(text));
            Some((it.id()?.to_owned(), it.version().unwrap_or_default().to_owned()))
        };
        let mut bill = Self {
            name: image.names.first().map_or_else(|| name.to_owned(), ToString::to_string),
            digest: image
                .manifest
                .as_ref()
                .or(image.config_digest.as_ref())
                .map(|it| it.to_string()),
            created: image.config.as_deref().and_then(created),
            distribution: release(),
            gaps: contents.gaps.iter().map(|it| it.what.to_string()).collect(),
            ..Self::default()
        };
        text::order::sort(&mut bill.gaps);
        bill.gaps.dedup();
        for record in contents.records.iter().filter(|it| contents.is_shipped(squashed, it)) {
            let Some(entry) = table.get(record.entry) else { continue };
            let path = format!("/{}", table.paths.visible(entry.path).trim_start_matches('/'));
            for it in &record.packages {
                let key = purl::purl(record.system, it, bill.distribution.as_ref());
                let layer = contents.since(record, it).unwrap_or(entry.layer);
                let new = || Part { package: it.clone(), places: Vec::new() };
                let part = bill.parts.entry(key).or_insert_with(new);
                part.places.push((layer, path.clone()));
            }
        }
        bill
    }
}

/// The version that wrote a document.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Adds a member to an object.
fn put(object: &mut serde_json::Value, name: &str, value: impl Into<serde_json::Value>) {
    if let Some(it) = object.as_object_mut() {
        it.insert(name.to_owned(), value.into());
    }
}
