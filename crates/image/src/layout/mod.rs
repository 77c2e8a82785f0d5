//! What an archive is: which images it holds, and where their layers are.
//!
//! Facts about the layouts are those of Docker 1.10 to 29, containerd 2.0, BuildKit 0.26, podman
//! 5, skopeo 1.20, and of the OCI image specification 1.1.

mod attest;
mod docker;
mod index;
mod legacy;
mod members;
mod oci;

pub use attest::{Attestation, Provenance};
pub(crate) use members::{Blob, Members, pass};

use crate::compression::{MAGIC_LENGTH, Packing, packing};
use crate::digest::{Beside, MakeBeside};
use crate::gap::{Gap, Gaps, Place, Trouble};
use crate::json::Json;
use crate::limits::Limits;
use crate::source::{Section, Source};
use crate::turns::{self, Next};

/// How many first bytes tell whether something is an archive.
pub const HEAD: usize = MAGIC_LENGTH;

/// Whether bytes that start like this are to be opened as an archive: a tar archive, or something
/// packed or of a format for whole systems, of which opening says more.
pub fn is_archive(head: &[u8]) -> bool {
    match packing(head) {
        Ok(Packing::Plain) => head.first_chunk().is_some_and(crate::tar::is_header),
        Ok(_) | Err(_) => true,
    }
}

/// How an archive is laid out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Layout {
    /// `manifest.json`: `docker save`, `podman save`, kaniko, crane, bazel.
    Docker,
    /// `manifest.json` and an OCI layout: Docker since 25, `nerdctl save`.
    DockerAndOci,
    /// An OCI image layout: `buildx -o type=oci`, `skopeo copy … oci:`.
    Oci,
    /// A manifest with blobs beside it: skopeo's `dir:`.
    Directory,
    /// `repositories` only: before Docker 1.10.
    Legacy,
    /// A plain archive of files: `docker export`, or a single layer.
    Files,
    /// Nothing that is known.
    Unknown,
}

/// Operating system and processor that an image is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Platform {
    /// As in `linux`.
    pub os: Box<str>,
    /// As in `amd64`.
    pub architecture: Box<str>,
    /// As in `v8`; mostly empty.
    pub variant: Box<str>,
}

impl Platform {
    /// Reads it from a descriptor's platform or from a configuration.
    fn read(object: Json<'_>) -> Option<Self> {
        let member = |name| object.get(name).and_then(Json::string).unwrap_or_default();
        let (os, architecture) = (member("os"), member("architecture"));
        if os.is_empty() && architecture.is_empty() {
            return None;
        }
        let variant = member("variant");
        Some(Self {
            os: os.as_str().into(),
            architecture: architecture.as_str().into(),
            variant: variant.as_str().into(),
        })
    }
}

/// An image in an archive.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Image {
    /// Its names, as in `alpine:3.20`.
    pub names: Vec<Box<str>>,
    /// The digest of its manifest, if it has one.
    pub manifest: Option<Box<str>>,
    /// What it is for.
    pub platform: Option<Platform>,
    /// The text of its configuration, if it is there. The history is in it too.
    pub config: Option<Box<str>>,
    /// The name of the configuration in the archive.
    pub config_name: Box<str>,
    /// The digest of the configuration, which is Docker's image id.
    pub config_digest: Option<Box<str>>,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
}

/// A layer of an image.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layer {
    /// Its name in the archive, or its digest.
    pub name: Box<str>,
    /// The digest it should have as it is stored.
    pub digest: Option<Box<str>>,
    /// The digest it should have unpacked.
    pub diff_id: Option<Box<str>>,
    /// Its media type, if the archive says one.
    pub media_type: Option<Box<str>>,
    /// Its size as it is stored.
    pub size: Option<u64>,
    /// Whether it is packed for pulling in pieces, as zstd:chunked.
    pub is_chunked: bool,
    /// The entry of the history that made it, if the history fits the layers.
    pub history: Option<u32>,
    /// Why it is not there, if it is not.
    pub trouble: Option<Trouble>,
    pub(crate) blob: Option<Blob>,
}

/// Something in the archive that is no image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// The digest of its manifest.
    pub manifest: Box<str>,
    /// Its type, as in `application/vnd.cncf.helm.config.v1+json`.
    pub kind: Box<str>,
}

/// Something that is named and not there: another platform, mostly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Absent {
    /// Its digest.
    pub digest: Box<str>,
    /// What it would be for.
    pub platform: Option<Platform>,
}

/// An archive, a folder with an image layout, or a single layer.
pub struct Archive<'a> {
    pub(crate) members: Members<'a>,
    pub(crate) limits: Limits,
    pub(crate) beside: Option<Box<MakeBeside>>,
    gaps: Gaps,
    /// How it is laid out.
    pub layout: Layout,
    /// Its images. The caller chooses one; [`Archive::preferred`] proposes one.
    pub images: Vec<Image>,
    /// What was said about how the images were built.
    pub attestations: Vec<Attestation>,
    /// What else is in it.
    pub artifacts: Vec<Artifact>,
    /// What is named and not there.
    pub absent: Vec<Absent>,
}

impl<'a> Archive<'a> {
    /// Looks through an archive: finds its files and its images. No layer is read yet.
    pub fn open(source: Box<dyn Source + 'a>, limits: &Limits) -> Self {
        turns::finish(Self::open_in_turns(source, limits, &mut |_| Next::On))
    }

    /// The same, watched: an archive that is packed as a whole is unpacked to find what is in it.
    /// `watch` hears how many of its bytes were read.
    pub async fn open_in_turns(
        source: Box<dyn Source + 'a>,
        limits: &Limits,
        watch: &mut dyn FnMut(u64) -> Next,
    ) -> Self {
        let head = Section::new(&source, 0, source.size()).peek(MAGIC_LENGTH).map(<[u8]>::to_vec);
        let mut archive = Self::new(Members::default(), limits);
        let whole = Blob::file(0, 0, source.size());
        let packing = match head.map_err(Trouble::from).and_then(|it| packing(&it)) {
            Ok(it) => it,
            Err(it) => {
                archive.say("", it);
                return archive;
            }
        };
        archive.members = Members::of_archive(source, packing);
        let found = index::index(&mut archive.members, limits, &mut archive.gaps, watch).await;
        archive.resolve();
        // A file system may have a file `/index.json` too.
        let is_image = !archive.images.is_empty() || archive.layout != Layout::Unknown;
        if is_image && !(archive.images.is_empty() && found.has_root) {
            if archive.images.is_empty() {
                archive.say_what_else();
            }
            return archive;
        }
        if found.is_tar && !found.is_stopped {
            if found.has_root {
                archive.gaps = Gaps::new(limits.gaps);
            }
            archive.layout = Layout::Files;
            let name = "archive".into();
            let size = Some(whole.length);
            let layer = Layer { name, size, blob: Some(whole), ..Layer::default() };
            archive.images = vec![Image { layers: vec![layer], ..Image::default() }];
        } else {
            archive.say_what_else();
        }
        archive
    }

    /// Looks through a folder: names of its files, with `/` between, and their contents.
    pub fn open_files(files: Vec<(String, Box<dyn Source + 'a>)>, limits: &Limits) -> Self {
        let mut archive = Self::new(Members::of_files(files), limits);
        archive.resolve();
        if archive.images.is_empty() {
            archive.say_what_else();
        }
        archive
    }

    /// Says what is there in place of an image.
    fn say_what_else(&mut self) {
        let artifacts: Vec<Artifact> = self.artifacts.clone();
        for it in &artifacts {
            self.say(&it.manifest, Trouble::Artifact(it.kind.clone()));
        }
        if artifacts.is_empty() {
            self.say("", Trouble::NoImage);
        }
    }

    fn new(members: Members<'a>, limits: &Limits) -> Self {
        Self {
            members,
            limits: limits.clone(),
            beside: None,
            gaps: Gaps::new(limits.gaps),
            layout: Layout::Unknown,
            images: Vec::new(),
            attestations: Vec::new(),
            artifacts: Vec::new(),
            absent: Vec::new(),
        }
    }

    /// Has digests computed beside the reading from now on, as long as somebody is made who does it.
    pub fn digest_beside(&mut self, make: Box<dyn Fn() -> Option<Box<dyn Beside>>>) {
        self.beside = Some(make);
    }

    /// What was odd or missing about the archive itself.
    pub fn gaps(&self) -> &[Gap] {
        self.gaps.list()
    }

    /// The image that most people would mean: the first with a name for Linux on amd64, else the
    /// first for that, else the first.
    pub fn preferred(&self) -> Option<usize> {
        let is_common = |it: &Image| {
            let platform = it.platform.as_ref();
            platform.is_none_or(|it| &*it.os == "linux" && &*it.architecture == "amd64")
        };
        let named = |it: &Image| !it.names.is_empty() && is_common(it);
        let first = |test: &dyn Fn(&Image) -> bool| self.images.iter().position(test);
        first(&named).or(first(&is_common)).or((!self.images.is_empty()).then_some(0))
    }

    /// Finds the images. `manifest.json` is the anchor of a Docker archive: Engine 25.0 wrote an
    /// `index.json` without manifests, and the containerd store nests the real index.
    fn resolve(&mut self) {
        let manifest = self.text("manifest.json");
        let is_array = manifest.as_deref().is_some_and(|it| it.trim_start().starts_with('['));
        let is_null = manifest.as_deref().is_some_and(|it| it.trim() == "null");
        let has_index = self.members.has("index.json");
        match manifest {
            Some(text) if is_array => {
                let is_oci = has_index || self.members.has("oci-layout");
                self.layout = if is_oci { Layout::DockerAndOci } else { Layout::Docker };
                self.docker_images(&text);
                if is_oci {
                    self.oci_images();
                }
            }
            Some(_) if is_null => {
                self.layout = Layout::Docker;
                self.say("manifest.json", Trouble::EmptyManifest);
            }
            _ if has_index => {
                if self.oci_images() {
                    self.layout = Layout::Oci;
                }
            }
            Some(text) if self.directory_image(&text) => self.layout = Layout::Directory,
            _ => {
                if self.members.has("repositories") && self.legacy_images() {
                    self.layout = Layout::Legacy;
                }
            }
        }
    }

    /// The text of a JSON file of the archive, if there is such a file and it can be read.
    fn text(&mut self, name: &str) -> Option<Box<str>> {
        let blob = self.members.find(name)?;
        self.text_of(name, blob)
    }

    fn text_of(&mut self, name: &str, blob: Blob) -> Option<Box<str>> {
        match self.members.bytes(blob, &self.limits) {
            Ok(bytes) => Some(crate::bytes::text(&bytes)),
            Err(it) => {
                self.say(name, it);
                None
            }
        }
    }

    fn say(&mut self, member: &str, what: Trouble) {
        self.gaps.push(Place::member(member), what);
    }
}

/// Puts what the configuration says of the layers beside them: digests, and which entry of the
/// history made which.
fn join_config(image: &mut Image) -> Option<Trouble> {
    let root = image.config.as_deref().and_then(Json::first)?;
    image.platform = Platform::read(root).or(image.platform.take());
    let strings = |it: Json<'_>| it.string().map(|it| it.as_str().into());
    let diff_ids = root.get("rootfs").and_then(|it| it.get("diff_ids"));
    let diff_ids: Vec<Option<Box<str>>> =
        diff_ids.map(|it| it.items().map(strings).collect()).unwrap_or_default();
    let history = root.get("history").map(|it| {
        let empty = |it: Json<'_>| it.get("empty_layer").and_then(Json::boolean) == Some(true);
        let steps = (0..).zip(it.items());
        steps.filter(|(_, it)| !empty(*it)).map(|(at, _)| at).collect::<Vec<u32>>()
    });
    let history = history.unwrap_or_default();
    let n_layers = image.layers.len();
    if history.len() == n_layers {
        for (layer, at) in image.layers.iter_mut().zip(history) {
            layer.history = Some(at);
        }
    }
    if diff_ids.len() != n_layers {
        let (named, there) = (diff_ids.len() as u64, n_layers as u64);
        return (named > 0).then_some(Trouble::LayerCount(named, there));
    }
    for (layer, diff_id) in image.layers.iter_mut().zip(diff_ids) {
        layer.diff_id = diff_id;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_steps_of_the_history() {
        let config = r#"{"os": "linux", "architecture": "arm64", "variant": "v8",
            "rootfs": {"diff_ids": ["sha256:a", "sha256:b"]},
            "history": [{"created_by": "x"}, {"empty_layer": true}, {"empty_layer": false}]}"#;
        let layers = vec![Layer::default(), Layer::default()];
        let mut image = Image { config: Some(config.into()), layers, ..Image::default() };
        assert_eq!(join_config(&mut image), None);
        assert_eq!(image.layers[1].diff_id.as_deref(), Some("sha256:b"));
        assert_eq!((image.layers[0].history, image.layers[1].history), (Some(0), Some(2)));
        assert_eq!(&*image.platform.clone().unwrap().variant, "v8");
        image.layers.pop();
        image.layers[0].history = None;
        assert_eq!(join_config(&mut image), Some(Trouble::LayerCount(2, 1)));
        assert_eq!(image.layers[0].history, None);
    }
}
