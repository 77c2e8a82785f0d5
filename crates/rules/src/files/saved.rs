//! A saved image among the documents: which of its images is meant, and reading it.

use image::{Archive, Image, Next};
use report::{Kind, Problem};
use text::{Date, Source, SourceId};

use crate::case::Derived;
use crate::{Case, Document, Settings};

/// Images that get a name to choose them by. Real archives hold a handful.
const MOST_NAMED: usize = 200;
/// Images that are offered to choose from.
const MOST_CHOICES: usize = 50;

/// A saved image that was opened.
pub struct Saved<'a> {
    /// Its file name.
    pub name: &'a str,
    /// How many bytes it has.
    pub bytes: u64,
    /// The archive.
    pub archive: &'a Archive<'a>,
    /// Which of its images is meant.
    pub wanted: Wanted<'a>,
    /// How many of the documents were handed in before it.
    pub after: usize,
    /// Whether what its layers hold is to be kept with the case.
    pub keep: bool,
}

/// How far reading a saved image has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The layer that is being read, in words: its number and what it is called.
    pub layer: String,
    /// Bytes read of the archive as it is stored.
    pub done: u64,
    /// Bytes that will be read.
    pub total: u64,
    /// Files in which secrets were found so far.
    pub found: u32,
    /// The first of the secrets with their places, in words and masked.
    pub findings: Vec<String>,
}

/// Which image of several is meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// A name, or the start of a digest.
    pub image: Option<&'a str>,
    /// A platform, as in `linux/arm64`.
    pub platform: Option<&'a str>,
}

impl Saved<'_> {
    /// The number of the image that is meant.
    ///
    /// # Errors
    /// When it is not clear which of several is meant, or there is none.
    pub fn which(&self) -> Result<usize, Box<Problem>> {
        self.choose(SourceId::default(), &[])
    }

    /// The number of the image that is meant. `picks`: names that somebody chose, among them
    /// perhaps one of those that were offered.
    pub(crate) fn choose(&self, source: SourceId, picks: &[String]) -> Result<usize, Box<Problem>> {
        let images = &self.archive.images;
        if images.len() > 1
            && let Some(at) = self.choices().iter().position(|it| picks.contains(it))
        {
            return Ok(at);
        }
        let fits = |it: &Image| {
            self.wanted.image.is_none_or(|name| is_called(it, name))
                && self.wanted.platform.is_none_or(|platform| is_for(it, platform))
        };
        let fitting: Vec<usize> =
            (0..images.len()).filter(|at| images.get(*at).is_some_and(fits)).collect();
        match (&fitting[..], images.len()) {
            ([one], _) => Ok(*one),
            ([], 0) => Err(self.problem(
                source,
                self.nothing(),
                "hand in what `docker save IMAGE` or `skopeo copy` writes",
            )),
            ([], _) => Err(self.problem(
                source,
                format!("no image in the archive is the one asked for; there are {}", self.names()),
                "name one of them with `--image NAME` or `--platform OS/ARCH`",
            )),
            ([_, _, ..], _) => {
                let message = format!(
                    "there are {} images in the archive, and one case is about one image: {}",
                    fitting.len(),
                    self.names()
                );
                let remedy = "say which one is meant; on the command line with `--image NAME` or \
                              `--platform OS/ARCH`";
                let all = self.choices();
                let offered = fitting.iter().take(MOST_CHOICES).filter_map(|at| all.get(*at));
                let choices = offered.cloned().collect();
                Err(Box::new(Problem { choices, ..*self.problem(source, message, remedy) }))
            }
        }
    }

    /// The text of an image's configuration.
    pub(crate) fn config(&self, image: usize) -> Option<&str> {
        self.archive.images.get(image)?.config.as_deref()
    }

    /// A layer in words, by its number as findings have it, without what an instruction is given: that
    /// may hold a secret.
    fn layer_name(&self, image: usize, layer: u16) -> String {
        let layers = self.archive.images.get(image).map(|it| &it.layers[..]).unwrap_or_default();
        let blob =
            layers.get(usize::from(layer)).map(|it| it.digest.as_deref().unwrap_or(&it.name));
        let blob: String = blob.unwrap_or_default().chars().take(40).collect();
        let blob = text::visible(&blob);
        format!("layer {layer} ({} in all), {blob}", layers.len())
    }

    fn nothing(&self) -> String {
        let gaps = self.archive.gaps().iter().map(|it| it.what.to_string());
        let why: Vec<String> = gaps.take(3).collect();
        if why.is_empty() { "there is no image in the archive".to_owned() } else { why.join("; ") }
    }

    fn names(&self) -> String {
        let quoted = |it: &Image| {
            let (name, platform) = name(it);
            format!("{}{platform}", report::quote(&name))
        };
        let names: Vec<String> = self.archive.images.iter().take(20).map(quoted).collect();
        names.join(", ")
    }

    /// What the images can be called, no two of them alike.
    fn choices(&self) -> Vec<String> {
        let mut choices: Vec<String> = Vec::new();
        for it in self.archive.images.iter().take(MOST_NAMED) {
            let (name, platform) = name(it);
            let name = format!("{}{platform}", text::visible(&name));
            let numbered = (2_u32..).map(|n| format!("{name} ({n})"));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            choices.extend(names.find(|it| !choices.contains(it)));
        }
        choices
    }

    fn problem(&self, source: SourceId, message: String, remedy: &str) -> Box<Problem> {
        Box::new(Problem {
            source,
            place: None,
            message,
            remedy: remedy.to_owned(),
            choices: Vec::new(),
        })
    }
}

impl Case {
    /// Reads a saved image and the documents that belong to it as one case. The image's own
    /// configuration is one of them.
    pub fn of_saved(
        saved: &Saved<'_>,
        documents: &[Document<'_>],
        settings: Settings,
        today: Date,
    ) -> Self {
        let mut go_on = |_| Next::On;
        image::finish(Self::of_saved_in_turns(saved, documents, settings, today, &mut go_on))
    }

    /// The same, watched: `progress` is told of about every megabyte, and may pause the reading or
    /// end it, after which what was not read is a gap.
    pub async fn of_saved_in_turns(
        saved: &Saved<'_>,
        documents: &[Document<'_>],
        settings: Settings,
        today: Date,
        progress: &mut dyn FnMut(Reading) -> Next,
    ) -> Self {
        let mut case = Self::empty(settings, today);
        let mut parts = Vec::new();
        let (before, behind) = documents.split_at(saved.after.min(documents.len()));
        case.take_in(before, &mut parts);
        let source = case.next_source();
        case.sources.push(Source::new(saved.name, ""));
        case.kinds.push((Kind::SavedImage, saved.bytes));
        case.take_in(behind, &mut parts);
        let image = saved.choose(source, &case.settings.picks);
        let config = image.as_ref().ok().and_then(|it| saved.config(*it));
        let name = format!("{} (config)", saved.name);
        let config = config.map(|it| {
            let document = Document { name: &name, bytes: it.as_bytes(), taken_for: None };
            let config = case.next_source();
            case.take_in(&[document], &mut parts);
            case.derived.push(Derived { source: config, of: source, origin: None });
            config
        });
        case.read_parts(&parts);
        case.facts.settle();
        match image {
            Ok(image) => {
                let mut watch = |it: image::Progress, found, findings: &[String]| {
                    progress(Reading {
                        layer: saved.layer_name(image, it.layer),
                        done: it.done,
                        total: it.total,
                        found,
                        findings: findings.to_vec(),
                    })
                };
                super::read(&mut case, saved, image, source, config, &mut watch).await
            }
            Err(problem) => case.problems.push(*problem),
        }
        case.settled()
    }
}

fn is_called(image: &Image, name: &str) -> bool {
    let id = name.strip_prefix("sha256:").unwrap_or(name);
    let starts = |digest: &Option<Box<str>>| {
        let digest = digest.as_deref().unwrap_or_default();
        id.len() >= 4 && digest.strip_prefix("sha256:").is_some_and(|it| it.starts_with(id))
    };
    let same = |it: &str| {
        it == name
            || it.strip_suffix(":latest") == Some(name)
            || it.rsplit_once('/').is_some_and(|(_, it)| it == name)
    };
    image.names.iter().any(|it| same(it)) || starts(&image.manifest) || starts(&image.config_digest)
}

fn is_for(image: &Image, platform: &str) -> bool {
    let Some(it) = &image.platform else { return false };
    let plain = format!("{}/{}", it.os, it.architecture);
    plain == platform
        || format!("{plain}/{}", it.variant) == platform
        || *it.architecture == *platform
}

/// An image as people name it, and its platform if it has one, as an addition to the name.
fn name(image: &Image) -> (String, String) {
    let short = |it: &str| it.get(..19).unwrap_or(it).to_owned();
    let digest = image.manifest.as_deref().or(image.config_digest.as_deref()).map(short);
    let name = image.names.first().map(|it| it.to_string()).or(digest);
    let platform = image
        .platform
        .as_ref()
        .map(|it| format!(" for {}/{}", text::visible(&it.os), text::visible(&it.architecture)));
    (name.unwrap_or_else(|| "an image without a name".to_owned()), platform.unwrap_or_default())
}
