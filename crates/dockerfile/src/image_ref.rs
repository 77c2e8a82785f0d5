//! Names of images.

use std::fmt;

/// A reference to an image: `[registry/]repository[:tag][@digest]`.
///
/// Grammar: distribution/reference. The reader is lenient; [`ImageRef::is_valid`] is not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ImageRef {
    /// The registry's host, with its port, when one is named.
    pub registry: Option<String>,
    /// The repository, as written.
    pub repository: String,
    /// The tag, when there is one.
    pub tag: Option<String>,
    /// The digest, when there is one, as in `sha256:…`.
    pub digest: Option<String>,
}

impl ImageRef {
    /// Reads a reference. Any text gives one.
    pub fn parse(text: &str) -> Self {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (text, None),
        };
        let path = name.rfind('/').map_or(0, |it| it + 1);
        let (name, tag) = match name.get(path..).and_then(|last| last.split_once(':')) {
            Some((last, tag)) => {
                (name.get(..path + last.len()).unwrap_or(name), Some(tag.to_owned()))
            }
            None => (name, None),
        };
        // The first part is a host if it could not be part of a repository's name otherwise.
        let is_host = |it: &str| {
            let upper = it.bytes().any(|it| it.is_ascii_uppercase());
            it.contains(['.', ':']) || it == "localhost" || upper
        };
        match name.split_once('/') {
            Some((host, rest)) if is_host(host) => {
                Self { registry: Some(host.to_owned()), repository: rest.to_owned(), tag, digest }
            }
            _ => Self { registry: None, repository: name.to_owned(), tag, digest },
        }
    }

    /// The repository by the name people know it under: `node` for
    /// `docker.io/library/node`, `gcr.io/distroless/static` with its registry.
    pub fn familiar(&self) -> String {
        match self.registry.as_deref() {
            None | Some("docker.io" | "index.docker.io" | "registry-1.docker.io") => {
                let name = &self.repository;
                name.strip_prefix("library/").unwrap_or(name).to_owned()
            }
            Some(registry) => format!("{registry}/{}", self.repository),
        }
    }

    /// Whether it comes from a registry, or from below a place in one: `ghcr.io`,
    /// `ghcr.io/example`, `*.example.com`; without a registry, from below a place in Docker Hub.
    pub fn is_from(&self, place: &str) -> bool {
        const HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];
        let of = Self::parse(place.trim().trim_end_matches('/'));
        // A host alone is no path.
        let (host, path) = match of.registry {
            Some(host) => (host, of.repository),
            None if place.contains(['.', ':']) || of.repository == "localhost" => {
                (place.trim().trim_end_matches('/').to_owned(), String::new())
            }
            None => ("docker.io".to_owned(), of.repository),
        };
        let is_hub = |it: &str| HUB.contains(&it);
        let own = self.registry.as_deref().unwrap_or("docker.io");
        let same_host = own.eq_ignore_ascii_case(&host)
            || (is_hub(own) && is_hub(&host))
            || host.strip_prefix('*').is_some_and(|it| it.starts_with('.') && own.ends_with(it));
        let official = is_hub(own) && !self.repository.contains('/');
        let full =
            if official { format!("library/{}", self.repository) } else { self.repository.clone() };
        let inside = |it: &str| {
            let rest = it.strip_prefix(path.trim_end_matches("/*"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        same_host && (path.is_empty() || inside(&full) || inside(&self.repository))
    }

    /// Whether BuildKit would take it for a reference.
    pub fn is_valid(&self) -> bool {
        let tag = |it: &str| {
            let word = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
            it.len() <= 128
                && it.bytes().next().is_some_and(word)
                && it.bytes().all(|it| word(it) || matches!(it, b'.' | b'-'))
        };
        let digest = |it: &str| match it.split_once(':') {
            Some((algorithm, hex)) => {
                let known = match algorithm {
                    "sha256" => hex.len() == 64,
                    "sha512" => hex.len() == 128,
                    _ => hex.len() >= 32,
                };
                known && hex.bytes().all(|it| it.is_ascii_hexdigit())
            }
            None => false,
        };
        let host = |it: &str| {
            let (name, port) = it.split_once(':').unwrap_or((it, "0"));
            let label = |it: &str| {
                let inner = it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
                inner && !it.is_empty() && !it.starts_with('-') && !it.ends_with('-')
            };
            name.split('.').all(label)
                && !port.is_empty()
                && port.bytes().all(|it| it.is_ascii_digit())
        };
        self.repository.split('/').all(is_component)
            && self.tag.as_deref().is_none_or(tag)
            && self.digest.as_deref().is_none_or(digest)
            && self.registry.as_deref().is_none_or(host)
    }
}

/// Lower-case words joined by one dot, one or two underscores, or any number of dashes.
fn is_component(text: &str) -> bool {
    let is_word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let mut separators = text.split(is_word).filter(|it| !it.is_empty());
    let joined = |it: &str| matches!(it, "." | "_" | "__") || it.bytes().all(|it| it == b'-');
    text.starts_with(is_word) && text.ends_with(is_word) && separators.all(joined)
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_apart_and_together() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (text, familiar, tag) in [
            ("node", "node", None),
            ("node:22", "node", Some("22")),
            ("docker.io/library/node:22", "node", Some("22")),
            ("localhost:5000/a/b", "localhost:5000/a/b", None),
            ("gcr.io/distroless/static:nonroot", "gcr.io/distroless/static", Some("nonroot")),
            ("bitnami/redis", "bitnami/redis", None),
            (&format!("a/b:1@{digest}"), "a/b", Some("1")),
        ] {
            let it = ImageRef::parse(text);
            assert_eq!((it.familiar(), it.tag.as_deref()), (familiar.to_owned(), tag), "{text}");
            assert!(it.is_valid(), "{text}");
            assert_eq!(it.to_string(), text);
        }
    }

    #[test]
    fn places_that_images_come_from() {
        for (image, place, expected) in [
            ("node:22", "docker.io", true),
            ("node:22", "docker.io/library", true),
            ("node:22", "library", true),
            ("node:22", "node", true),
            ("node:22", "example", false),
            ("example/app", "example", true),
            ("examples/app", "example", false),
            ("docker.io/example/app", "example/*", true),
            ("ghcr.io/example/app:1", "ghcr.io", true),
            ("ghcr.io/example/app:1", "ghcr.io/example", true),
            ("ghcr.io/example/app:1", "ghcr.io/other", false),
            ("ghcr.io/example/app:1", "docker.io", false),
            ("a.example.com/app", "*.example.com", true),
            ("localhost:5000/app", "localhost:5000", true),
        ] {
            assert_eq!(ImageRef::parse(image).is_from(place), expected, "{image} {place}");
        }
    }

    #[test]
    fn malformed_references_are_known_as_such() {
        for text in ["", "A", "a:", "a:b:c", "a//b", "a@sha256:12", "-a", "a:-b", "a b", "<name>"] {
            assert!(!ImageRef::parse(text).is_valid(), "{text}");
        }
    }
}
