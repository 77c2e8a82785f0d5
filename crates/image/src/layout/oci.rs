//! OCI image layouts: `index.json`, indexes, manifests, and blobs named by their digests.

use std::collections::BTreeSet;

use super::{Absent, Archive, Artifact, Blob, Image, Layer, Platform};
use crate::digest::digest_of;
use crate::gap::Trouble;
use crate::json::{Json, Shape, check};

/// What a descriptor says of what it names (OCI image specification, "Content Descriptors").
#[derive(Clone, Debug, Default)]
struct Descriptor {
    digest: Box<str>,
    media_type: Box<str>,
    size: Option<u64>,
    name: Option<Box<str>>,
    platform: Option<Platform>,
    /// The manifest of the image that an attestation is about (BuildKit, `attestation-storage.md`).
    about: Option<Box<str>>,
    /// Whether a layer is packed as zstd:chunked (containers/storage, `pkg/chunked`).
    is_chunked: bool,
}

impl Descriptor {
    fn read(it: Json<'_>) -> Option<Self> {
        let string = |it: Json<'_>| it.string().map(|it| it.as_str().into());
        let annotation = |name| it.get("annotations")?.get(name).and_then(string);
        let name = annotation("io.containerd.image.name")
            .or(annotation("org.opencontainers.image.ref.name"));
        Some(Self {
            digest: it.get("digest").and_then(string)?,
            media_type: it.get("mediaType").and_then(string).unwrap_or_default(),
            size: it.get("size").and_then(|it| it.raw().parse().ok()),
            name: name.filter(|it| !it.is_empty()),
            platform: it.get("platform").and_then(Platform::read),
            about: annotation("vnd.docker.reference.digest"),
            is_chunked: annotation("io.containers.zstd-chunked.manifest-checksum")
                .or(annotation("io.github.containers.zstd-chunked.manifest-checksum"))
                .is_some(),
        })
    }
}

/// Where the walk through indexes has been.
#[derive(Default)]
struct Walk {
    /// Indexes on the way from `index.json` to where the walk is.
    open: Vec<Box<str>>,
    done: BTreeSet<Box<str>>,
    n_visited: u64,
}

impl Archive<'_> {
    /// Finds the images of the layout. Says whether `index.json` is an index at all.
    pub(super) fn oci_images(&mut self) -> bool {
        const NAME: &str = "index.json";
        let Some(index) = self.text(NAME) else { return false };
        if let Err(it) = check(&index) {
            self.say(NAME, Trouble::BadJson(it.what.into()));
        }
        let Some(root) = Json::first(&index) else { return false };
        let n_before = self.images.len();
        let mut walk = Walk::default();
        self.index(root, &[], 1, &mut walk);
        self.merge_images(n_before);
        // Engine 25.0 writes `"manifests": null`.
        if self.images.is_empty() && root.get("manifests").is_none() {
            self.say(NAME, Trouble::EmptyManifest);
        }
        root.shape() == Shape::Object
    }

    fn index(&mut self, index: Json<'_>, names: &[Box<str>], depth: u32, walk: &mut Walk) {
        let manifests = index.get("manifests").into_iter().flat_map(Json::items);
        for it in manifests {
            let Some(descriptor) = Descriptor::read(it) else { continue };
            walk.n_visited += 1;
            if walk.n_visited > self.limits.manifests {
                if walk.n_visited == self.limits.manifests + 1 {
                    self.say("index.json", Trouble::TooManyManifests(self.limits.manifests));
                }
                return;
            }
            self.described(descriptor, names, depth, walk);
        }
    }

    fn described(&mut self, it: Descriptor, names: &[Box<str>], depth: u32, walk: &mut Walk) {
        let names: Vec<Box<str>> = match it.name.clone() {
            Some(name) => vec![name],
            None => names.to_vec(),
        };
        let Some((file, blob)) = self.blob_of(&it.digest) else {
            self.absent.push(Absent { digest: it.digest, platform: it.platform });
            return;
        };
        if walk.open.contains(&it.digest) {
            self.say(&file, Trouble::IndexCycle(it.digest));
            return;
        }
        let Some(text) = self.text_of(&file, blob) else { return };
        let digest = digest_of(text.as_bytes());
        if it.digest.starts_with("sha256:") && *it.digest != *digest {
            self.say(&file, Trouble::DigestDiffers(it.digest.clone(), digest));
        }
        let Some(root) = Json::first(&text).filter(|it| it.shape() == Shape::Object) else {
            self.say(&file, Trouble::BadJson("neither an index nor a manifest".into()));
            return;
        };
        if root.get("manifests").is_some() {
            if depth >= self.limits.index_depth {
                self.say(&file, Trouble::IndexTooDeep);
                return;
            }
            walk.open.push(it.digest.clone());
            self.index(root, &names, depth + 1, walk);
            walk.open.pop();
        } else if self.is_attestation(root, &it) {
            if walk.done.insert(it.digest.clone()) {
                self.attestations(root, it.about.as_deref());
            }
        } else {
            self.oci_manifest(&text, &it.digest, &names, it.platform);
        }
    }

    /// Reads a manifest: an image, or something else that is kept like one.
    pub(super) fn oci_manifest(
        &mut self,
        text: &str,
        digest: &str,
        names: &[Box<str>],
        platform: Option<Platform>,
    ) {
        let Some(root) = Json::first(text) else { return };
        let config = root.get("config").and_then(Descriptor::read);
        let is_image = config.as_ref().is_some_and(|it| {
            matches!(
                &*it.media_type,
                "application/vnd.oci.image.config.v1+json"
                    | "application/vnd.docker.container.image.v1+json"
                    | ""
            )
        });
        let Some(config) = config.filter(|_| is_image) else {
            self.artifact(root, digest);
            return;
        };
        let most = usize::try_from(self.limits.layers).unwrap_or(usize::MAX);
        let described = root.get("layers").into_iter().flat_map(Json::items);
        let mut described: Vec<Descriptor> =
            described.filter_map(Descriptor::read).take(most.saturating_add(1)).collect();
        if described.len() > most {
            self.say(digest, Trouble::TooManyLayers(self.limits.layers));
            described.truncate(most);
        }
        let mut image = Image {
            names: names.to_vec(),
            manifest: Some(digest.into()),
            platform,
            layers: described.into_iter().map(|it| self.oci_layer(it)).collect(),
            ..Image::default()
        };
        match self.blob_of(&config.digest) {
            Some((file, blob)) => {
                self.add_config_blob(&mut image, &file, blob, Some(&config.digest));
            }
            None => self.say(digest, Trouble::Absent(config.digest)),
        }
        self.images.push(image);
    }

    fn oci_layer(&self, it: Descriptor) -> Layer {
        let found = self.blob_of(&it.digest);
        // Layers whose licenses forbid passing them on are named with their address instead.
        let is_foreign =
            ["foreign", "nondistributable"].iter().any(|kind| it.media_type.contains(kind));
        let trouble = match &found {
            _ if it.media_type.ends_with("+encrypted") => Some(Trouble::EncryptedLayer),
            Some(_) => None,
            None if is_foreign => Some(Trouble::ForeignLayer),
            None => Some(Trouble::Absent(it.digest.clone())),
        };
        let size = found.as_ref().map(|it| it.1.length).or(it.size);
        let blob = found.as_ref().map(|it| it.1).filter(|_| trouble.is_none());
        Layer {
            name: found.map_or(it.digest.clone(), |it| it.0),
            digest: Some(it.digest),
            media_type: (!it.media_type.is_empty()).then_some(it.media_type),
            size,
            is_chunked: it.is_chunked,
            trouble,
            blob,
            ..Layer::default()
        }
    }

    fn artifact(&mut self, manifest: Json<'_>, digest: &str) {
        let kind = manifest.get("artifactType").and_then(Json::string);
        let config = manifest.get("config").and_then(Descriptor::read);
        let kind = kind.map(|it| it.as_str().into()).or(config.map(|it| it.media_type));
        let kind = kind.filter(|it| !it.is_empty()).unwrap_or_else(|| "unknown".into());
        if self.artifacts.iter().all(|it| *it.manifest != *digest) {
            self.artifacts.push(Artifact { manifest: digest.into(), kind });
        }
    }

    /// Whether a manifest holds statements about an image. BuildKit marks them by an annotation
    /// and, since 0.21, by their type; the type of the content is the same in all.
    fn is_attestation(&self, manifest: Json<'_>, it: &Descriptor) -> bool {
        let kind = manifest.get("artifactType");
        let mut layers = manifest.get("layers").into_iter().flat_map(Json::items);
        it.about.is_some()
            || kind
                .is_some_and(|it| it.is_text("application/vnd.docker.attestation.manifest.v1+json"))
            || layers.any(|it| {
                it.get("mediaType").is_some_and(|it| it.is_text("application/vnd.in-toto+json"))
            })
    }

    /// The file of a digest: in an OCI layout, or beside the manifest as skopeo's `dir:` has it.
    pub(super) fn blob_of(&self, digest: &str) -> Option<(Box<str>, Blob)> {
        let (kind, hex) = digest.split_once(':')?;
        if kind.contains('/') || hex.contains('/') {
            return None;
        }
        let names = [format!("blobs/{kind}/{hex}"), hex.to_owned()];
        names.into_iter().find_map(|it| Some((it.as_str().into(), self.members.find(&it)?)))
    }

    /// One image may have several names, and may be in `manifest.json` and in the index. Images
    /// from `start` on that are there already give their names to the first.
    fn merge_images(&mut self, start: usize) {
        let found = self.images.split_off(start);
        for image in found {
            let same = self.images.iter_mut().find(|it| {
                let same_manifest = it.manifest.is_some() && it.manifest == image.manifest;
                let same_config = it.manifest.is_none() && it.config_digest.is_some();
                same_manifest || same_config && it.config_digest == image.config_digest
            });
            let Some(same) = same else {
                self.images.push(image);
                continue;
            };
            same.manifest = image.manifest;
            for (layer, other) in same.layers.iter_mut().zip(image.layers) {
                layer.media_type = layer.media_type.take().or(other.media_type);
            }
            // Docker writes a name in full in the index, in short in the manifest.
            for name in image.names {
                let is_known =
                    same.names.iter().any(|it| name.ends_with(&**it) || it.ends_with(&*name));
                if !is_known {
                    same.names.push(name);
                }
            }
        }
    }
}
