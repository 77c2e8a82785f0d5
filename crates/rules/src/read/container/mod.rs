//! Reads how a container is run, in any of the notations that say so.

mod compose;
mod inspect;
mod kubernetes;
mod quadlet;
mod run_line;
mod runtime;
mod values;

use std::sync::Arc;

use image::json::Json;
use image::{Config, Text};
use report::{Input, Locus, Problem, Why};
use text::{Cooked, SourceId, Span};

pub(crate) use quadlet::is_quadlet;
pub(crate) use run_line::run_lines;

use super::{config, written};
use crate::Case;
use crate::documents::Chosen;
use crate::facts::{Container, Placed, Reach, Seen, User};
use crate::recognize::Content;

/// What an input tells of a container.
struct Told {
    container: Container,
    /// What it sets on top of the image's configuration.
    config: Config,
    /// The text that this stands in, if not the one where the container does.
    config_in: Option<SourceId>,
    /// What earlier files set and the last does not.
    under: Vec<(SourceId, Config)>,
    /// Where it says that the process must not run as root, if it says so.
    not_root: Option<Locus>,
    /// What it refers to and does not hold.
    unread: Vec<Placed<String>>,
}

impl Told {
    fn new(container: Container) -> Self {
        Self {
            container,
            config: Config::default(),
            config_in: None,
            under: Vec::new(),
            not_root: None,
            unread: Vec::new(),
        }
    }
}

/// One of several containers that a document describes.
pub(crate) struct Listed {
    /// What it can be called.
    pub(crate) names: Vec<String>,
    /// Its image.
    pub(crate) image: Option<String>,
    /// Where it stands in the JSON text.
    pub(crate) span: Span,
    /// Whether it only prepares what others do.
    pub(crate) is_minor: bool,
}

/// The containers that a Compose file or Kubernetes objects describe. `text`: their JSON.
pub(crate) fn listed(content: Content, text: &str, start: usize) -> Vec<Listed> {
    let objects = Json::objects(text, start);
    match content {
        Content::Compose => compose::services(&objects).into_iter().map(|it| it.listed()).collect(),
        Content::Kubernetes => {
            kubernetes::containers(&objects).into_iter().map(|it| it.listed()).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads how a container is run. `over`: what later Compose files say of the same service.
pub(super) fn read(case: &mut Case, it: &Chosen, over: &[Chosen]) {
    let text = case.text(it.source).to_owned();
    let Some(told) = (match it.part.content {
        Content::Container => {
            let end = it.part.span.range().end;
            let object = text.get(..end).and_then(|it_| Json::at(it_, it.part.span.range().start));
            let container = object.map(|object| inspect::read(it.source, object));
            case.facts.container = container.map(Box::new);
            return config::container(case, it);
        }
        Content::Runtime => {
            written::read(case, it.source, it.part.span, Input::Run);
            let range = it.part.span.range();
            let object = text.get(..range.end).and_then(|text| Json::at(text, range.start));
            object.map(|object| runtime::read(it.source, object))
        }
        Content::RunLine => {
            written::read(case, it.source, it.part.span, Input::Run);
            let lines = run_lines(&text, it.part.whole.range());
            lines.get(it.part.index).map(|line| run_line::read(it.source, line))
        }
        Content::Compose => service(case, it, over),
        Content::Kubernetes => {
            let Some(file) = as_json(case, it) else { return };
            let objects = Json::objects(&file.text, file.start);
            let containers = kubernetes::containers(&objects);
            let told = containers.get(it.part.index).map(|it| kubernetes::read(file.source, it));
            told.map(|it| file.doubted(it))
        }
        _ => None,
    }) else {
        return;
    };
    take(case, it, told);
}

/// A Compose file or Kubernetes objects as JSON.
struct AsJson {
    source: SourceId,
    text: String,
    /// Where it starts in the text.
    start: usize,
    is_broken: bool,
}

impl AsJson {
    /// What is missing from a text that breaks may stand behind the break.
    fn doubted(&self, mut told: Told) -> Told {
        if self.is_broken {
            told.container.doubt_unset();
        }
        told
    }
}

/// The JSON of objects that are written in JSON or in YAML.
fn as_json(case: &mut Case, it: &Chosen) -> Option<AsJson> {
    written::read(case, it.source, it.part.whole, Input::Run);
    let text = case.text(it.source).to_owned();
    let range = it.part.whole.range();
    let stretch = text.get(range.clone())?;
    if crate::recognize::is_json(stretch) {
        let text = text.get(..range.end)?.to_owned();
        return Some(AsJson { source: it.source, text, start: range.start, is_broken: false });
    }
    let yaml = image::yaml(&text, range);
    let is_broken = yaml.broken.is_some();
    let json = yaml.json;
    let name = case.sources.get(usize::from(it.source.0))?.name.to_string();
    let text = json.text.clone();
    let name = format!("{name} (as JSON)");
    let source = case.derive(it.source, &name, &text, Some(Arc::new(json)));
    Some(AsJson { source, text, start: 0, is_broken })
}

/// Reads a service of one Compose file, or of several that are put together.
fn service(case: &mut Case, it: &Chosen, over: &[Chosen]) -> Option<Told> {
    let chosen: Vec<&Chosen> = std::iter::once(it).chain(over).collect();
    let files: Vec<AsJson> = chosen.iter().filter_map(|it| as_json(case, it)).collect();
    let objects: Vec<Vec<Json<'_>>> =
        files.iter().map(|it| Json::objects(&it.text, it.start)).collect();
    let services: Vec<Vec<compose::Service<'_>>> =
        objects.iter().map(|it| compose::services(it)).collect();
    let layers = files.iter().zip(&services).zip(&chosen);
    let layers: Vec<(SourceId, &compose::Service<'_>)> = layers
        .filter_map(|((file, all), it)| Some((file.source, all.get(it.part.index)?)))
        .collect();
    let mut told = compose::read(&layers)?;
    for (file, it) in files.iter().zip(&chosen) {
        told = file.doubted(told);
        let span = it.part.span;
        let text = case.text(it.source).get(span.range()).unwrap_or_default();
        if let Some(at) = text.find("!reset").or_else(|| text.find("!override")) {
            let value =
                "this takes back what an earlier file says, which was not applied".to_owned();
            let start = span.start() as usize + at;
            let at = Locus::Text { source: it.source, span: Span::of(start..start + 6) };
            told.unread.push(Placed { value, at });
        }
    }
    let name = |it: &Chosen| case.sources.get(usize::from(it.source.0)).map(|it| &*it.name);
    let names: Vec<&str> = chosen.iter().filter_map(|it| name(it)).collect();
    let others = services.first().map(Vec::as_slice).unwrap_or_default();
    let said = compose::remarks(&layers, &names, others);
    case.disagreements.extend(said);
    Some(told)
}

/// Takes what was told into the facts.
fn take(case: &mut Case, it: &Chosen, told: Told) {
    let Told { container, config, config_in, under, not_root, unread } = told;
    let source_of = |at: &Locus| match at {
        Locus::Text { source, .. } => *source,
        Locus::Layer { .. } => it.source,
    };
    let source = source_of(&container.at);
    for (source, config) in &under {
        config::options(case, *source, config);
    }
    config::options(case, config_in.unwrap_or(source), &config);
    config::without_command(case);
    if config.user.is_none() && under.iter().all(|(_, it)| it.user.is_none()) {
        let (value, at) = match not_root {
            // Which user it is, the image says; that it is not root is made sure of.
            Some(at) => (Ok(User::any_but_root()), at),
            None => (Err(Why::NotProvided(Input::Config)), container.at.clone()),
        };
        let (via, reach) = (Input::Run, Reach::Image);
        case.facts.user.seen.push(Seen { value, at, via, reach });
    }
    for it in unread {
        case.problems.push(Problem {
            source: source_of(&it.at),
            place: Some(it.at.into()),
            message: it.value,
            remedy: "hand in the output of `docker inspect CONTAINER` for what really holds"
                .to_owned(),
            choices: Vec::new(),
        });
    }
    case.facts.container = Some(Box::new(container));
    case.read.insert(Input::Run);
}

/// A JSON value as text: of strings what they say, of numbers and booleans what is written.
fn text_of(it: Json<'_>) -> Option<Cooked> {
    match it.shape() {
        image::json::Shape::String => it.string(),
        image::json::Shape::Number | image::json::Shape::Boolean => {
            Some(Cooked::plain(it.raw(), it.span().start()))
        }
        _ => None,
    }
}

/// A JSON value as text with its place.
fn placed_text(it: Json<'_>) -> Option<Text> {
    Some(Text { text: text_of(it)?, span: it.span() })
}

/// A member as text.
fn text_member(it: Json<'_>, name: &str) -> Option<String> {
    Some(text_of(it.get(name)?)?.as_str().to_owned())
}

/// A list of texts: of one that stands alone, or of each.
fn texts(it: Json<'_>) -> Vec<Json<'_>> {
    match it.shape() {
        image::json::Shape::Array => it.items().collect(),
        image::json::Shape::Null => Vec::new(),
        _ => vec![it],
    }
}

/// Where a value stands.
fn at(source: SourceId, it: Json<'_>) -> Locus {
    Locus::Text { source, span: it.span() }
}
