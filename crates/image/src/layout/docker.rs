//! `manifest.json`: a list of images with the names of their files, as `docker save` writes it
//! since 1.10; and skopeo's `dir:`, whose file of that name is a manifest.

use super::{Archive, Blob, Image, Layer, join_config};
use crate::digest::digest_of;
use crate::gap::Trouble;
use crate::json::{Json, Shape, check};

impl Archive<'_> {
    /// Reads the list of images.
    pub(super) fn docker_images(&mut self, manifest: &str) {
        const NAME: &str = "manifest.json";
        if let Err(it) = check(manifest) {
            self.say(NAME, Trouble::BadJson(it.what.into()));
        }
        let items = Json::first(manifest).into_iter().flat_map(Json::items);
        let images = items.filter(|it| it.get("Config").is_some() || it.get("Layers").is_some());
        for (number, item) in (0..).zip(images) {
            if number >= self.limits.manifests {
                self.say(NAME, Trouble::TooManyManifests(self.limits.manifests));
                break;
            }
            let image = self.docker_image(item);
            self.images.push(image);
        }
        if self.images.is_empty() {
            self.say(NAME, Trouble::EmptyManifest);
        }
    }

    fn docker_image(&mut self, item: Json<'_>) -> Image {
        let strings = |name| {
            let items = item.get(name).into_iter().flat_map(Json::items);
            items.filter_map(Json::string).map(|it| it.as_str().into())
        };
        let names: Vec<Box<str>> = strings("RepoTags").collect();
        let most = usize::try_from(self.limits.layers).unwrap_or(usize::MAX);
        let files: Vec<Box<str>> = strings("Layers").take(most.saturating_add(1)).collect();
        let config_name = item.get("Config").and_then(Json::string).unwrap_or_default();
        let config_name: Box<str> = config_name.as_str().into();
        if files.len() > most {
            self.say(&config_name, Trouble::TooManyLayers(self.limits.layers));
        }
        let layers = files.iter().take(most).map(|it| self.docker_layer(it)).collect();
        let mut image = Image { names, layers, ..Image::default() };
        self.add_config(&mut image, &config_name, None);
        // What the registry calls the layers: media types by the digest of the unpacked layer.
        if let Some(sources) = item.get("LayerSources") {
            for layer in &mut image.layers {
                let source = layer.diff_id.as_deref().and_then(|it| sources.get(it));
                let kind = source.and_then(|it| it.get("mediaType")).and_then(Json::string);
                layer.media_type = kind.map(|it| it.as_str().into());
            }
        }
        image
    }

    fn docker_layer(&mut self, name: &str) -> Layer {
        let blob = self.members.find(name);
        Layer {
            name: name.into(),
            digest: digest_in_name(name),
            size: blob.map(|it| it.length),
            trouble: blob.is_none().then(|| match self.members.has(name) {
                true => Trouble::BadLink(name.into()),
                false => Trouble::Absent(name.into()),
            }),
            blob,
            ..Layer::default()
        }
    }

    /// Reads the configuration of an image and joins it to the layers. Its digest is verified by
    /// its name, or by what is expected.
    pub(super) fn add_config(&mut self, image: &mut Image, name: &str, expected: Option<&str>) {
        let Some(blob) = self.members.find(name) else {
            self.say(name, Trouble::Absent(name.into()));
            return;
        };
        self.add_config_blob(image, name, blob, expected);
    }

    pub(super) fn add_config_blob(
        &mut self,
        image: &mut Image,
        name: &str,
        blob: Blob,
        expected: Option<&str>,
    ) {
        let Some(text) = self.text_of(name, blob) else { return };
        if let Err(it) = check(&text) {
            self.say(name, Trouble::BadJson(it.what.into()));
        }
        let digest = digest_of(text.as_bytes());
        let expected = expected.map(Into::into).or_else(|| digest_in_name(name));
        if let Some(it) = expected.filter(|it| *it != digest) {
            self.say(name, Trouble::DigestDiffers(it, digest.clone()));
        }
        image.config_name = name.into();
        image.config_digest = Some(digest);
        image.config = Some(text);
        if let Some(it) = join_config(image) {
            self.say(name, it);
        }
    }

    /// skopeo's `dir:`: a manifest, and blobs named by the digits of their digests.
    pub(super) fn directory_image(&mut self, manifest: &str) -> bool {
        let is_manifest = Json::first(manifest).is_some_and(|it| {
            it.get("layers").is_some()
                && it.get("config").is_some_and(|it| it.shape() == Shape::Object)
        });
        if !is_manifest {
            return false;
        }
        let digest = digest_of(manifest.as_bytes());
        self.oci_manifest(manifest, &digest, &[], None);
        true
    }
}

/// The digest that a file's name tells: `blobs/sha256/<hex>`, `sha256:<hex>`, `<hex>.json`, and
/// `<hex>.tar.gz` with ggcr, kaniko and crane. A `<hex>.tar` is named by its unpacked digest,
/// which the configuration tells too.
fn digest_in_name(name: &str) -> Option<Box<str>> {
    let name = name.trim_start_matches("./");
    let hex = name.strip_prefix("blobs/sha256/").or(name.strip_prefix("sha256:"));
    let hex = hex.or(name.strip_suffix(".json")).or(name.strip_suffix(".tar.gz"))?;
    let is_digest = hex.len() == 64 && hex.bytes().all(|it| it.is_ascii_hexdigit());
    is_digest.then(|| format!("sha256:{}", hex.to_ascii_lowercase()).into())
}
