//! The containers that a command line, a Compose file or Kubernetes objects describe: each is a
//! part of its own.

use report::Problem;
use text::{SourceId, Span};

use super::lacks::Lacks;
use super::parts::{Content, Part};
use super::{is_json, problem};
use crate::read::{listed, run_lines};

/// The containers of a part. Notes where YAML breaks.
pub(super) fn split(
    text: &str,
    part: Part,
    source: SourceId,
    problems: &mut Vec<Problem>,
) -> Vec<Part> {
    let parts = match part.content {
        Content::RunLine => of_lines(text, &part),
        Content::Compose | Content::Kubernetes => of_objects(text, &part, source, problems),
        _ => return vec![part],
    };
    // Of a file that breaks before its first container that is said.
    let is_broken = problems.iter().any(|it| it.place.is_some());
    if parts.is_empty() && is_broken {
        return Vec::new();
    }
    if parts.is_empty() {
        return vec![Part { content: Content::Nothing(Lacks::NoContainer), ..part }];
    }
    parts
}

fn of_lines(text: &str, part: &Part) -> Vec<Part> {
    let lines = run_lines(text, part.span.range());
    let lines = lines.iter().enumerate();
    lines
        .map(|(index, line)| Part {
            span: line.span(),
            whole: part.span,
            index,
            names: line.names(),
            image: line.image().into_iter().collect(),
            ..part.clone()
        })
        .collect()
}

fn of_objects(text: &str, part: &Part, source: SourceId, problems: &mut Vec<Problem>) -> Vec<Part> {
    let range = part.span.range();
    let Some(stretch) = text.get(range.clone()) else { return Vec::new() };
    let yaml = (!is_json(stretch)).then(|| image::yaml(text, range.clone()));
    if let Some((at, why)) = yaml.as_ref().and_then(|it| it.broken.as_ref()) {
        let remedy = "hand in the whole file; what stands before was read";
        let mut it = problem(source, format!("the YAML breaks here: {why}"), remedy);
        let next = text.get(*at as usize..).and_then(|it| it.chars().next());
        let end = at + next.map_or(0, |it| Span::of(0..it.len_utf8()).len());
        it.place = Some(report::Locus::Text { source, span: Span::new(*at, end) }.into());
        problems.push(it);
    }
    let (json, start) = match &yaml {
        Some(it) => (it.json.text.as_str(), 0),
        None => (text.get(..range.end).unwrap_or_default(), range.start),
    };
    let all = listed(part.content, json, start).into_iter().enumerate();
    all.map(|(index, it)| {
        let span = match &yaml {
            Some(yaml) => yaml.json.origin(it.span).unwrap_or(part.span),
            None => it.span,
        };
        let image = it.image.into_iter().collect();
        let (names, is_minor) = (it.names, it.is_minor);
        Part { span, whole: part.span, index, names, image, is_minor, ..part.clone() }
    })
    .collect()
}
