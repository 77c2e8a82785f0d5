//! The parts of a document: what there is to read in it, each with its place and its names.

use std::ops::Range;

use image::json::{Json, Shape};
use image::{Form, form};
use report::Kind;
use text::Span;

use super::lacks::Lacks;

/// More parts than this are not told apart.
const MOST: usize = 1000;

/// Something to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it was taken for.
    pub kind: Kind,
    /// What can be read from it.
    pub content: Content,
    /// Where it is.
    pub span: Span,
    /// By which names it can be chosen.
    pub names: Vec<String>,
    /// Names of the image it is about, in whatever form.
    pub image: Vec<String>,
    /// The stretch of text that it is one of several containers of.
    pub whole: Span,
    /// Which of them it is.
    pub index: usize,
    /// Whether it is a container that only prepares what others do.
    pub is_minor: bool,
}

/// What can be read from a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// A Dockerfile.
    Dockerfile,
    /// A history as a table.
    Table,
    /// A history as JSON objects.
    Records,
    /// The configuration of an image, perhaps with its history.
    Image,
    /// The same, kept in strings of an old manifest.
    SchemaOne,
    /// The same, kept in one string in base64.
    Encoded,
    /// The environment and the labels of an image, and nothing else of its configuration.
    Summary,
    /// A container, or what one is to be created with.
    Container,
    /// What a runtime starts: the `config.json` of an OCI bundle.
    Runtime,
    /// A command line that starts a container.
    RunLine,
    /// A Compose file.
    Compose,
    /// Kubernetes objects.
    Kubernetes,
    /// Nothing about how an image runs, and why not.
    Nothing(Lacks),
}

impl Part {
    pub(super) fn new(kind: Kind, content: Content, range: Range<usize>) -> Self {
        let span = Span::of(range);
        let (names, image) = (Vec::new(), Vec::new());
        Self { kind, content, span, names, image, whole: span, index: 0, is_minor: false }
    }
}

/// The parts of a JSON text: one for every object that is something, entries of a history that
/// follow each other together.
pub(super) fn of_json(text: &str, range: Range<usize>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let Some(text) = text.get(..range.end) else { return parts };
    let mut next = Json::at(text, range.start);
    while let Some(value) = next {
        match value.shape() {
            Shape::Array => {
                for item in value.items() {
                    add(item, value, &mut parts);
                }
            }
            _ => add(value, value, &mut parts),
        }
        if parts.len() >= MOST {
            break;
        }
        next = value.next();
    }
    parts
}

/// `list`: the array that holds the object, or the object.
fn add(object: Json<'_>, list: Json<'_>, parts: &mut Vec<Part>) {
    if object.shape() != Shape::Object || parts.len() >= MOST {
        return;
    }
    let form = form(object);
    if form == Form::HistoryEntry {
        // Entries are one history, whether a list holds them or they stand on lines of their own.
        let is_listed = list.span() != object.span();
        let span = if is_listed { list.span() } else { object.span() };
        match parts.last_mut().filter(|it| it.content == Content::Records) {
            Some(last) if !is_listed || last.span == span => last.span = last.span.to(span),
            _ => parts.push(Part::new(Kind::History, Content::Records, span.range())),
        }
        return;
    }
    parts.extend(of_object(form, object));
}

fn of_object(form: Form, object: Json<'_>) -> Vec<Part> {
    let part = |kind, content| Part::new(kind, content, object.span().range());
    let one = |kind, content| vec![part(kind, content)];
    let lacks = |kind, it| one(kind, Content::Nothing(it));
    match form {
        Form::Image => {
            let mut part = part(Kind::ImageInspect, Content::Image);
            part.names = strings(object, &["RepoTags", "RepoDigests", "Id"]);
            part.image = part.names.clone();
            vec![part]
        }
        Form::Config => one(Kind::ImageConfig, Content::Image),
        Form::Container => {
            let mut part = part(Kind::ContainerInspect, Content::Container);
            part.names = strings(object, &["Name", "Id"]);
            for name in &mut part.names {
                *name = name.trim_start_matches('/').to_owned();
            }
            part.image = strings(object, &["Image", "ImageName"]);
            if let Some(config) = object.get("Config") {
                part.image.extend(strings(config, &["Image"]));
            }
            vec![part]
        }
        Form::Runtime => {
            let mut part = part(Kind::ContainerInspect, Content::Runtime);
            part.names = strings(object, &["ID", "Name"]);
            part.image = strings(object, &["Image"]);
            if let Some(metadata) = object.get("status").and_then(|it| it.get("metadata")) {
                part.names.extend(strings(metadata, &["name"]));
            }
            vec![part]
        }
        Form::ContainerSettings | Form::HostSettings => {
            one(Kind::ContainerInspect, Content::Container)
        }
        Form::Manifest => lacks(Kind::Manifest, Lacks::Manifest),
        Form::Index => lacks(Kind::Manifest, Lacks::Index),
        Form::SavedManifest => lacks(Kind::Manifest, Lacks::SavedManifest),
        Form::SchemaOne => one(Kind::Manifest, Content::SchemaOne),
        Form::Summary => {
            let mut part = part(Kind::ImageInspect, Content::Summary);
            part.names = strings(object, &["Name", "Digest"]);
            part.image = part.names.clone();
            vec![part]
        }
        Form::ImageTools => {
            let Some(inside) = object.get("image") else { return Vec::new() };
            let mut parts = of_object(image::form(inside), inside);
            let names = strings(object, &["name"]);
            parts.iter_mut().for_each(|it| it.names.extend(names.iter().cloned()));
            parts
        }
        Form::Platforms => platforms(object),
        Form::Trivy => of_trivy(object),
        Form::Grype => of_grype(object),
        Form::Findings => lacks(Kind::ScanReport, Lacks::Findings),
        Form::Materials => lacks(Kind::Sbom, Lacks::Materials),
        Form::Attestation => lacks(Kind::Attestation, Lacks::Attestation),
        Form::ContainerSummary => lacks(Kind::ContainerInspect, Lacks::ContainerSummary),
        Form::ImageSummary => lacks(Kind::ImageInspect, Lacks::ImageSummary),
        Form::Statistics => lacks(Kind::ContainerInspect, Lacks::Statistics),
        Form::Service => lacks(Kind::ContainerInspect, Lacks::Service),
        Form::Network => lacks(Kind::ContainerInspect, Lacks::Network),
        Form::Volume => lacks(Kind::ContainerInspect, Lacks::Volume),
        Form::Pod => lacks(Kind::ContainerInspect, Lacks::Pod),
        Form::Compose => one(Kind::Compose, Content::Compose),
        Form::Kubernetes => one(Kind::Kubernetes, Content::Kubernetes),
        Form::HistoryEntry | Form::Other => Vec::new(),
    }
}

/// One configuration for each platform, named by it.
fn platforms(object: Json<'_>) -> Vec<Part> {
    let members = object.members().filter_map(|(name, value)| Some((name.string()?, value)));
    members
        .map(|(name, value)| {
            let range = value.span().range();
            let mut part = Part::new(Kind::ImageConfig, Content::Image, range);
            part.names.push(name.as_str().to_owned());
            part
        })
        .collect()
}

/// Trivy keeps the image's configuration in its report.
fn of_trivy(object: Json<'_>) -> Vec<Part> {
    let metadata = object.get("Metadata");
    let config = metadata.and_then(|it| it.get("ImageConfig"));
    let Some(config) = config.filter(|it| image::Config::read(*it).is_some()) else {
        let nothing = Content::Nothing(Lacks::Findings);
        return vec![Part::new(Kind::ScanReport, nothing, object.span().range())];
    };
    let mut part = Part::new(Kind::ScanReport, Content::Image, config.span().range());
    if let Some(metadata) = metadata {
        part.names = strings(metadata, &["RepoTags", "ImageID"]);
        part.image = part.names.clone();
    }
    part.names.extend(strings(object, &["ArtifactName"]));
    vec![part]
}

/// Grype keeps it encoded.
fn of_grype(object: Json<'_>) -> Vec<Part> {
    let target = object.get("source").and_then(|it| it.get("target"));
    let config = target.and_then(|it| it.get("config")).filter(|it| it.shape() == Shape::String);
    let (Some(target), Some(config)) = (target, config) else {
        let nothing = Content::Nothing(Lacks::Findings);
        return vec![Part::new(Kind::ScanReport, nothing, object.span().range())];
    };
    let mut part = Part::new(Kind::ScanReport, Content::Encoded, config.span().range());
    part.names = strings(target, &["userInput", "tags", "imageID"]);
    part.image = part.names.clone();
    vec![part]
}

/// The strings of members: each a string, or an array of strings.
fn strings(object: Json<'_>, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for value in names.iter().filter_map(|it| object.get(it)) {
        let own = value.string();
        let inside = value.items().take(20).filter_map(Json::string);
        for it in own.into_iter().chain(inside) {
            let text = it.as_str();
            if !text.is_empty() && text != "<none>:<none>" && text.len() < 500 {
                found.push(text.to_owned());
            }
        }
    }
    found
}
