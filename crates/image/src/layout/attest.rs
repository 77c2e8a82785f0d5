//! Attestations: what a builder says of an image, kept beside it. Provenance in full mode holds
//! what the history lost: the Dockerfile itself, build arguments, ids of secrets.

use super::{Archive, Blob};
use crate::bytes::{base64, text};
use crate::gap::Trouble;
use crate::json::Json;

/// A statement about an image (in-toto attestation framework 1.0).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attestation {
    /// The digest of the manifest of the image that it is about.
    pub about: Option<Box<str>>,
    /// What kind of statement it is, as in `https://slsa.dev/provenance/v1`.
    pub predicate: Box<str>,
    /// Its digest.
    pub digest: Box<str>,
    /// Its name in the archive.
    pub name: Box<str>,
    /// Where it starts in the archive, or in the unpacked archive if that is packed as a whole.
    pub start: u64,
    /// How many bytes it has.
    pub length: u64,
    pub(crate) blob: Blob,
}

impl Attestation {
    /// Whether it is a list of what is in the image.
    pub fn is_sbom(&self) -> bool {
        self.predicate.starts_with("https://spdx.dev/Document")
            || self.predicate.starts_with("https://cyclonedx.org/")
    }

    /// Whether it says how the image was built.
    pub fn is_provenance(&self) -> bool {
        self.predicate.starts_with("https://slsa.dev/provenance/")
    }
}

/// How an image was built (SLSA provenance 0.2 and 1, as BuildKit 0.26 writes it).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Provenance {
    /// What read the Dockerfile, as in `dockerfile.v0`.
    pub frontend: Option<Box<str>>,
    /// Values of `--build-arg`, by name. Whoever has the image can read them.
    pub build_args: Vec<(Box<str>, Box<str>)>,
    /// Labels that were given on the command line.
    pub labels: Vec<(Box<str>, Box<str>)>,
    /// The stage that was built.
    pub target: Option<Box<str>>,
    /// Ids of secrets that were mounted. Their values are nowhere.
    pub secrets: Vec<Box<str>>,
    /// Base images and sources: address and digest.
    pub materials: Vec<(Box<str>, Option<Box<str>>)>,
    /// Dockerfiles: name and text.
    pub dockerfiles: Vec<(Box<str>, Box<str>)>,
}

impl Provenance {
    /// Reads a statement. In BuildKit's minimal mode most of it is left out.
    pub fn read(statement: &str) -> Option<Self> {
        let predicate = Json::first(statement)?.get("predicate")?;
        let path = |names: &[&str]| names.iter().try_fold(predicate, |it, name| it.get(name));
        let request = path(&["buildDefinition", "externalParameters", "request"])
            .or_else(|| path(&["invocation", "parameters"]));
        let materials =
            path(&["buildDefinition", "resolvedDependencies"]).or_else(|| path(&["materials"]));
        let source =
            path(&["runDetails", "metadata", "buildkit_metadata", "source"]).or_else(|| {
                path(&["metadata", "https://mobyproject.org/buildkit@v1#metadata", "source"])
            });
        let mut provenance = Self::default();
        if let Some(it) = request {
            provenance.request(it);
        }
        for it in materials.into_iter().flat_map(Json::items) {
            let digest = it.get("digest").and_then(|it| it.members().next());
            let digest = digest
                .and_then(|(kind, hex)| Some(format!("{}:{}", string(kind)?, string(hex)?).into()));
            provenance.materials.extend(it.get("uri").and_then(string).map(|it| (it, digest)));
        }
        for it in source.and_then(|it| it.get("infos")).into_iter().flat_map(Json::items) {
            let name = it.get("filename").and_then(string).unwrap_or_default();
            let data = it.get("data").and_then(string);
            let data = data.map(|it| text(&base64(it.as_bytes())));
            provenance.dockerfiles.extend(data.map(|it| (name, it)));
        }
        Some(provenance)
    }

    fn request(&mut self, request: Json<'_>) {
        self.frontend = request.get("frontend").and_then(string);
        for (name, value) in request.get("args").into_iter().flat_map(Json::members) {
            let (Some(name), Some(value)) = (string(name), string(value)) else { continue };
            match name.split_once(':') {
                Some(("build-arg", name)) => self.build_args.push((name.into(), value)),
                Some(("label", name)) => self.labels.push((name.into(), value)),
                _ if &*name == "target" => self.target = Some(value),
                _ => {}
            }
        }
        let secrets = request.get("secrets").into_iter().flat_map(Json::items);
        self.secrets = secrets.filter_map(|it| it.get("id").and_then(string)).collect();
    }
}

fn string(it: Json<'_>) -> Option<Box<str>> {
    it.string().map(|it| it.as_str().into())
}

impl Archive<'_> {
    /// Finds the statements that a manifest of attestations lists.
    pub(super) fn attestations(&mut self, manifest: Json<'_>, about: Option<&str>) {
        let subject = manifest.get("subject").and_then(|it| it.get("digest")).and_then(string);
        let about = about.map(Into::into).or(subject);
        for it in manifest.get("layers").into_iter().flat_map(Json::items) {
            let predicate =
                it.get("annotations").and_then(|it| it.get("in-toto.io/predicate-type"));
            let (Some(predicate), Some(digest)) =
                (predicate.and_then(string), it.get("digest").and_then(string))
            else {
                continue;
            };
            let Some((name, blob)) = self.blob_of(&digest) else {
                self.say(&digest, Trouble::Absent(digest.clone()));
                continue;
            };
            let (about, start, length) = (about.clone(), blob.start, blob.length);
            let found = Attestation { about, predicate, digest, name, start, length, blob };
            self.attestations.push(found);
        }
    }

    /// The text of an attestation.
    ///
    /// # Errors
    /// When it is too large, or the archive cannot be read any more.
    pub fn attestation(&self, attestation: &Attestation) -> Result<Box<str>, Trouble> {
        self.members.bytes(attestation.blob, &self.limits).map(|it| text(&it))
    }
}
