//! Which parts of the documents are read: those about one image.
//!
//! Several parts that tell the same thing about different images are never mixed. Unless somebody
//! says which one is meant, none of them is read, and the report asks.

use image::json::Json;
use report::{Input, Kind, Problem};
use text::{Source, SourceId};

use crate::Settings;
use crate::recognize::{Content, Part};

/// A part of a document, and which document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Chosen {
    pub(crate) source: SourceId,
    pub(crate) part: Part,
}

/// The parts that are read, one of each input at most.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) run: Option<Chosen>,
    /// What later Compose files say of the same service, in order.
    pub(crate) over: Vec<Chosen>,
    pub(crate) config: Option<Chosen>,
    /// A history that stands alone.
    pub(crate) history: Option<Chosen>,
    pub(crate) dockerfile: Option<Chosen>,
    /// What asks which one is meant.
    pub(crate) problems: Vec<Problem>,
}

/// The input that a part is.
pub(crate) fn input(content: Content) -> Option<Input> {
    match content {
        Content::Dockerfile => Some(Input::Dockerfile),
        Content::Table | Content::Records => Some(Input::History),
        Content::Image | Content::SchemaOne | Content::Encoded | Content::Summary => {
            Some(Input::Config)
        }
        Content::Container
        | Content::Runtime
        | Content::RunLine
        | Content::Compose
        | Content::Kubernetes => Some(Input::Run),
        Content::Nothing(_) => None,
    }
}

/// Chooses the parts that are read.
pub(crate) fn choose(sources: &[Source], parts: &[Chosen], settings: &Settings) -> Choice {
    let mut out = Choice::default();
    let in_order = in_order(sources, parts);
    let mut of = |wanted: Input| {
        let all = parts.iter().filter(|it| input(it.part.content) == Some(wanted));
        let all: Vec<&Chosen> = match &in_order {
            Some(files) if wanted == Input::Run => once(files),
            _ => all.collect(),
        };
        match one(sources, &all, settings) {
            Ok(chosen) => chosen.cloned(),
            Err(problem) => {
                out.problems.push(*problem);
                None
            }
        }
    };
    let (run, config) = (of(Input::Run), of(Input::Config));
    let (history, dockerfile) = (of(Input::History), of(Input::Dockerfile));
    let over = match (&run, in_order) {
        (Some(run), Some(files)) => {
            let later = files.into_iter().filter(|it| it.source != run.source);
            later.filter(|it| it.part.names.first() == run.part.names.first()).cloned().collect()
        }
        _ => Vec::new(),
    };
    Choice { run, over, config, history, dockerfile, ..out }
}

/// The services of several Compose files, in the order in which Compose puts the files together:
/// as they were handed in, files that are named as overrides last. Nothing if there is only one
/// file, or something else that tells how a container runs.
fn in_order<'a>(sources: &[Source], parts: &'a [Chosen]) -> Option<Vec<&'a Chosen>> {
    let mut all: Vec<&Chosen> =
        parts.iter().filter(|it| input(it.part.content) == Some(Input::Run)).collect();
    let first = all.first()?.source;
    let is_compose = all.iter().all(|it| it.part.content == Content::Compose);
    if !is_compose || all.iter().all(|it| it.source == first) {
        return None;
    }
    text::order::sort_by_key(&mut all, |it| document(sources, it).contains(".override."));
    Some(all)
}

/// Each service as the first file has it that names it.
fn once<'a>(files: &[&'a Chosen]) -> Vec<&'a Chosen> {
    let mut out: Vec<&Chosen> = Vec::new();
    for it in files {
        let is_same = |one: &&Chosen| {
            one.source != it.source && one.part.names.first() == it.part.names.first()
        };
        if !out.iter().any(|one| is_same(&one)) {
            out.push(it);
        }
    }
    out
}

/// The one that is meant.
fn one<'a>(
    sources: &[Source],
    all: &[&'a Chosen],
    settings: &Settings,
) -> Result<Option<&'a Chosen>, Box<Problem>> {
    let [first, second, ..] = all else { return Ok(all.first().copied()) };
    let named: Vec<&&Chosen> = all.iter().filter(|it| is_named(sources, it, settings)).collect();
    if let [one] = &named[..] {
        return Ok(Some(one));
    }
    // What names the same image may be read once.
    if all.iter().all(|it| is_same(sources, first, it)) {
        return Ok(Some(first));
    }
    let majors: Vec<&&Chosen> = all.iter().filter(|it| !it.part.is_minor).collect();
    if let [one] = &majors[..] {
        return Ok(Some(one));
    }
    let message = match all.iter().find(|it| it.part.kind != first.part.kind) {
        None => format!(
            "there are {} {} here, and one case is about one image",
            all.len(),
            several(first)
        ),
        Some(other) => format!(
            "a {} and a {} tell the same things, and they may be about different images",
            first.part.kind.name(),
            other.part.kind.name()
        ),
    };
    Err(Box::new(Problem {
        source: second.source,
        place: None,
        message,
        remedy: "say which one is meant; until then none of them is read".to_owned(),
        choices: choices(sources, all),
    }))
}

/// What several of a kind are called.
fn several(it: &Chosen) -> &'static str {
    match it.part.kind {
        Kind::Dockerfile => "Dockerfiles",
        Kind::History => "histories",
        Kind::ImageInspect | Kind::ImageConfig | Kind::Manifest | Kind::ScanReport => "images",
        Kind::ContainerInspect | Kind::RunLine => "containers",
        Kind::Compose => "services",
        Kind::Kubernetes => "pods",
        Kind::SavedImage | Kind::Sbom | Kind::Attestation | Kind::Unrecognized => "documents",
    }
}

/// What the parts can be called, each name once.
fn choices(sources: &[Source], all: &[&Chosen]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for it in all.iter().take(50) {
        let document = document(sources, it);
        let own = it.part.names.first().cloned().unwrap_or_else(|| document.to_owned());
        let name = if names.contains(&own) { format!("{document}:{own}") } else { own };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn document<'a>(sources: &'a [Source], it: &Chosen) -> &'a str {
    sources.get(usize::from(it.source.0)).map(|it| &*it.name).unwrap_or_default()
}

/// Whether the settings name a part: by one of its names, the start of its id, or its document.
fn is_named(sources: &[Source], it: &Chosen, settings: &Settings) -> bool {
    let document = document(sources, it);
    settings.picks.iter().any(|pick| {
        let is_id = |name: &str| {
            let digits = name.strip_prefix("sha256:").unwrap_or(name);
            let pick = pick.strip_prefix("sha256:").unwrap_or(pick);
            pick.len() >= 4 && digits.len() >= 12 && digits.starts_with(pick)
        };
        let fits = |name: &String| name == pick || is_id(name);
        let with_document = |name: &String| {
            pick.strip_prefix(document).and_then(|it| it.strip_prefix(':')) == Some(name)
        };
        it.part.names.iter().any(|name| fits(name) || with_document(name)) || document == *pick
    })
}

/// Whether two parts are about the same image for sure: they name it alike, or it has the same
/// layers.
fn is_same(sources: &[Source], a: &Chosen, b: &Chosen) -> bool {
    // Two containers of one image are two containers.
    if input(a.part.content) == Some(Input::Run) {
        return a == b || a.part.names.iter().any(|it| it.len() == 64 && b.part.names.contains(it));
    }
    if a == b || a.part.image.iter().any(|it| b.part.image.contains(it)) {
        return true;
    }
    let layers = |it: &Chosen| {
        let source = sources.get(usize::from(it.source.0))?;
        let text = source.text().get(..it.part.span.range().end)?;
        let object = Json::at(text, it.part.span.range().start)?;
        let root = object.get("RootFS").or_else(|| object.get("rootfs"))?;
        let list = root.get("Layers").or_else(|| root.get("diff_ids"))?;
        let ids: Vec<String> =
            list.items().filter_map(Json::string).map(|it| it.as_str().to_owned()).collect();
        (!ids.is_empty()).then_some(ids)
    };
    layers(a).is_some() && layers(a) == layers(b)
}
