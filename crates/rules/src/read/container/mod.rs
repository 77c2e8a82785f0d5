//! Reads how a container is run, in any of the notations that say so.

mod compose;
mod inspect;
mod kubernetes;
mod run_line;
mod runtime;
mod values;

use std::sync::Arc;

use image::json::Json;
use image::{Config, Text};
use report::{Input, Locus, Problem, Why};
use text::{Cooked, SourceId, Span};

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
    /// Where it says that the process must not run as root, if it says so.
    not_root: Option<Locus>,
    /// What it refers to and does not hold.
    unread: Vec<Placed<String>>,
}

impl Told {
    fn new(container: Container) -> Self {
        Self { container, config: Config::default(), not_root: None, unread: Vec::new() }
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

/// Reads how a container is run.
pub(super) fn read(case: &mut Case, it: &Chosen) {
    let text = case.text(it.source).to_owned();
    let whole = it.part.whole;
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
            let lines = run_lines(&text, whole.range());
            lines.get(it.part.index).map(|line| run_line::read(it.source, line))
        }
        Content::Compose | Content::Kubernetes => {
            written::read(case, it.source, whole, Input::Run);
            objects(case, it, &text)
        }
        _ => None,
    }) else {
        return;
    };
    take(case, it, told);
}

/// Reads a Compose file or Kubernetes objects, in JSON or in YAML.
fn objects(case: &mut Case, it: &Chosen, text: &str) -> Option<Told> {
    let range = it.part.whole.range();
    let stretch = text.get(range.clone())?;
    let mut is_broken = false;
    let (source, text, start) = if crate::recognize::is_json(stretch) {
        (it.source, text.get(..range.end)?.to_owned(), range.start)
    } else {
        let yaml = image::yaml(text, range);
        is_broken = yaml.broken.is_some();
        let json = yaml.json;
        let name = case.sources.get(usize::from(it.source.0))?.name.to_string();
        let text = json.text.clone();
        let name = format!("{name} (as JSON)");
        (case.derive(it.source, &name, &text, Some(Arc::new(json))), text, 0)
    };
    let objects = Json::objects(&text, start);
    let mut told = match it.part.content {
        Content::Compose => {
            let services = compose::services(&objects);
            compose::read(source, services.get(it.part.index)?)
        }
        _ => {
            let containers = kubernetes::containers(&objects);
            kubernetes::read(source, containers.get(it.part.index)?)
        }
    };
    if is_broken {
        told.container.doubt_unset();
    }
    Some(told)
}

/// Takes what was told into the facts.
fn take(case: &mut Case, it: &Chosen, told: Told) {
    let Told { container, config, not_root, unread } = told;
    let source = match &container.at {
        Locus::Text { source, .. } => *source,
        Locus::Layer { .. } => it.source,
    };
    config::options(case, source, &config);
    if config.user.is_none() {
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
            source,
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
