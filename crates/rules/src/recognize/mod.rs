//! What a document is, by its content, and what there is to read in it.

mod lacks;
mod mended;
mod parts;
mod paste;
mod run_forms;
#[cfg(test)]
mod tests;
mod text_forms;

use std::borrow::Cow;
use std::ops::Range;

use image::json::{self, Json, Shape};
use report::{Kind, Locus, Problem, quote};
use text::{SourceId, Span};

pub use lacks::Lacks;
pub use parts::{Content, Part};
pub(crate) use paste::without_prompt;

use crate::Document;

/// Documents longer than this are not read as text: nobody writes a Dockerfile that long, and a
/// saved image is not text.
const LARGEST: usize = 64 * 1024 * 1024;

/// A recognized document.
#[derive(Debug)]
pub struct Recognized<'a> {
    /// What it is: what the first of its parts is.
    pub kind: Kind,
    /// Its text; empty when it is not read.
    pub text: Cow<'a, str>,
    /// What there is to read in it.
    pub parts: Vec<Part>,
    /// What keeps it, or parts of it, from being read.
    pub problems: Vec<Problem>,
}

/// Finds out what a document is.
pub fn recognize<'a>(document: &Document<'a>, source: SourceId) -> Recognized<'a> {
    if document.bytes.len() > LARGEST {
        let megabytes = document.bytes.len() / (1024 * 1024);
        let message = format!("stopped at 64 MiB: the document has {megabytes} MiB");
        let remedy = "hand in the text of a Dockerfile or of `docker inspect`";
        return unread(problem(source, message, remedy));
    }
    let text = match decode(document.bytes) {
        Ok(text) => text,
        Err(at) => {
            let start = document.bytes.get(..64.min(document.bytes.len())).unwrap_or_default();
            let message = format!(
                "byte {at} is no part of UTF-8 text; the document starts with {}",
                quote(first_line(&String::from_utf8_lossy(start)))
            );
            let remedy = "hand in a Dockerfile or the output of `docker inspect` as UTF-8 text, or what \
                          `docker save` writes";
            return unread(problem(source, message, remedy));
        }
    };
    let first = look(&text, document.taken_for, source);
    if first.read_until == u32::MAX {
        return finished(text, first, document, source);
    }
    // The text as it was pasted is what counts, unless more can be read without what pastes add.
    let Some(it) = mended::mended(&text) else { return finished(text, first, document, source) };
    let mut again = look(&it.text, document.taken_for, source);
    if again.read_until <= first.read_until {
        return finished(text, first, document, source);
    }
    again.problems.extend(it.left_out.map(|at| left_out(&it.text, at, source)));
    finished(Cow::Owned(it.text), again, document, source)
}

/// What a look at a text gave.
struct Look {
    parts: Vec<Part>,
    problems: Vec<Problem>,
    /// Where it breaks: 0 if there is nothing to read, the highest number if it does not.
    read_until: u32,
}

fn look(text: &str, kind: Option<Kind>, source: SourceId) -> Look {
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    let mut read_until = u32::MAX;
    for segment in paste::segments(text) {
        let is_json = is_json(text.get(segment.clone()).unwrap_or_default());
        if let Some(kind) = kind {
            parts.extend(taken_for(kind, text, segment.clone()));
        } else if is_json {
            parts.extend(parts::of_json(text, segment.clone()));
        } else {
            parts.extend(text_forms::part(text, segment.clone()));
        }
        if is_json && let Some((at, it)) = json_problem(!parts.is_empty(), text, segment, source) {
            read_until = read_until.min(at);
            problems.push(it);
        }
    }
    let parts: Vec<Part> = parts
        .into_iter()
        .flat_map(|it| run_forms::split(text, it, source, &mut problems))
        .collect();
    if parts.is_empty() {
        read_until = 0;
    }
    Look { parts, problems, read_until }
}

/// The document with what is to be said of its parts.
fn finished<'a>(
    text: Cow<'a, str>,
    look: Look,
    document: &Document<'_>,
    source: SourceId,
) -> Recognized<'a> {
    let Look { parts, mut problems, .. } = look;
    let kind = document.taken_for.or(parts.first().map(|it| it.kind));
    if parts.is_empty() && problems.is_empty() {
        problems.push(strange(&text, source, document.taken_for));
    }
    for part in &parts {
        if let Content::Nothing(lacks) = part.content {
            let (_, command) = lacks.would_tell();
            let remedy = format!("hand in the output of `{command}`");
            let mut it = problem(source, lacks.message().to_owned(), &remedy);
            it.place = Some(Locus::Text { source, span: first_of(&text, part.span) }.into());
            problems.push(it);
        }
    }
    Recognized { kind: kind.unwrap_or(Kind::Unrecognized), text, parts, problems }
}

/// What is said of dots and words that stand where a value was.
fn left_out(text: &str, at: usize, source: SourceId) -> Problem {
    let message = "something was left out here, and what it said is not known".to_owned();
    let remedy = "hand in the whole output; secrets in it are shown masked";
    let mut it = problem(source, message, remedy);
    let span = first_of(text, Span::of(at..text.len()));
    it.place = Some(Locus::Text { source, span }.into());
    it
}

fn problem(source: SourceId, message: String, remedy: &str) -> Problem {
    let remedy = remedy.to_owned();
    Problem { source, place: None, message, remedy, choices: Vec::new() }
}

/// The parts of a stretch of text as what a person says that it is.
fn taken_for(kind: Kind, text: &str, range: Range<usize>) -> Vec<Part> {
    let one = |content| vec![Part::new(kind, content, range.clone())];
    let stretch = text.get(range.clone()).unwrap_or_default();
    let of_json = || {
        let found = parts::of_json(text, range.clone());
        found.into_iter().filter(|it| it.kind == kind).collect::<Vec<_>>()
    };
    match kind {
        Kind::Dockerfile => one(Content::Dockerfile),
        Kind::History if is_json(stretch) => one(Content::Records),
        Kind::History => one(Content::Table),
        Kind::RunLine => one(Content::RunLine),
        Kind::Compose => one(Content::Compose),
        Kind::Kubernetes => one(Content::Kubernetes),
        Kind::ImageInspect | Kind::ImageConfig | Kind::ContainerInspect => {
            let found = of_json();
            if !found.is_empty() {
                return found;
            }
            // Somebody says so, so every object is one.
            let content = match kind {
                Kind::ContainerInspect => Content::Container,
                _ => Content::Image,
            };
            let objects = Json::objects(text.get(..range.end).unwrap_or_default(), range.start);
            let part = |it: Json<'_>| Part::new(kind, content, it.span().range());
            objects.into_iter().take(1).map(part).collect()
        }
        Kind::Manifest | Kind::ScanReport | Kind::Sbom | Kind::Attestation => of_json(),
        Kind::SavedImage | Kind::Unrecognized => Vec::new(),
    }
}

/// The first character of a stretch stands for it.
fn first_of(text: &str, span: Span) -> Span {
    let length = text.get(span.range()).and_then(|it| it.chars().next()).map_or(0, char::len_utf8);
    Span::new(span.start(), span.start() + Span::of(0..length).end())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

const REMEDY: &str = "hand in a Dockerfile, or the output of `docker history --no-trunc IMAGE` or \
                      `docker inspect`";

/// What is said of a document that is nothing we know.
fn strange(text: &str, source: SourceId, taken_for: Option<Kind>) -> Problem {
    if text.trim_matches('\u{feff}').trim().is_empty() {
        return problem(source, "the document is empty".to_owned(), REMEDY);
    }
    if let Some(kind) = taken_for {
        let message = format!("this cannot be read as a {}", kind.name());
        return problem(source, message, "leave it to be recognized by its content");
    }
    if is_json(text) {
        return problem(source, strange_json(text).to_owned(), REMEDY);
    }
    if let Some((message, remedy)) = strange_words(text) {
        return problem(source, message.to_owned(), remedy);
    }
    let start = quote(first_line(text.trim_start()));
    let message = format!("this is nothing that is known here; it starts with {start}");
    problem(source, message, REMEDY)
}

/// What is wrong with text that tools print where they have nothing to show.
fn strange_words(text: &str) -> Option<(&'static str, &'static str)> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let has = |words: &str| text.contains(words);
    let whole = "hand in the whole output, from its first bracket on";
    match () {
        () if has("No such object") || has("No such image") || has("No such container") => Some((
            "the engine says that it does not have this image or container",
            "look for its name with `docker images` or `docker ps --all`",
        )),
        () if has("Cannot connect to the Docker daemon") || has("permission denied while") => {
            Some((
                "the engine could not be reached",
                "run the command as somebody who may use the engine",
            ))
        }
        () if text.starts_with('"') && text.lines().next().is_some_and(|it| it.contains("\":")) => {
            Some(("this is the inside of a JSON text whose beginning is missing", whole))
        }
        () => None,
    }
}

/// What is wrong with JSON that holds no image.
fn strange_json(text: &str) -> &'static str {
    match Json::first(text) {
        Some(it) if it.shape() == Shape::Array && it.items().next().is_none() => {
            "the list is empty, as for an image that does not exist"
        }
        _ => "this JSON is neither an image nor a container nor a history, as tools show them",
    }
}

fn unread<'a>(problem: Problem) -> Recognized<'a> {
    let text = Cow::Borrowed("");
    Recognized { kind: Kind::Unrecognized, text, parts: Vec::new(), problems: vec![problem] }
}

/// UTF-8, or UTF-16 with a byte order mark as Windows shells write it. Gives the first byte that
/// fits neither; a zero byte is no text either.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = bytes.get(2..).unwrap_or_default().chunks_exact(2);
        let units = units
            .map(|it| read([it.first().copied().unwrap_or(0), it.get(1).copied().unwrap_or(0)]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.map(Cow::Owned).map_err(|_| 2)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => {
            let head = bytes.get(..8192).unwrap_or(bytes);
            if head.contains(&0) {
                return Err(head.iter().take_while(|it| **it != 0).count());
            }
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|it| it.valid_up_to())
        }
    }
}

pub(crate) fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // A fence or a heading in brackets, as in `[Image]`, is no JSON.
    text.starts_with('{')
        || text.strip_prefix('[').is_some_and(|it| {
            let next = it.trim_start().chars().next();
            next.is_none_or(|it| matches!(it, '{' | '[' | ']' | '"' | '-') || it.is_ascii_digit())
        })
}

/// Where a JSON text breaks. What stands before is read all the same.
fn json_problem(
    is_read: bool,
    text: &str,
    range: Range<usize>,
    source: SourceId,
) -> Option<(u32, Problem)> {
    let stretch = text.get(range.clone())?;
    let broken = json::check(stretch).err()?;
    if is_behind(stretch, broken.at as usize) {
        return None;
    }
    let at = Span::of(range.start..range.start).start() + broken.at;
    let next = text.get(at as usize..).and_then(|it| it.chars().next());
    let end = at + next.map_or(0, |it| Span::of(0..it.len_utf8()).len());
    let message = format!("the JSON breaks here: {}", broken.what);
    let remedy = match is_read {
        true => "hand in the whole output as the tool wrote it; what stands before was read",
        false => REMEDY,
    };
    let mut it = problem(source, message, remedy);
    it.place = Some(Locus::Text { source, span: Span::new(at, end) }.into());
    Some((at, it))
}

/// Whether what stands at a place are words on a line of their own behind whole documents: of the
/// engine, or of a person.
fn is_behind(text: &str, at: usize) -> bool {
    let (Some(before), Some(behind)) = (text.get(..at), text.get(at..)) else { return false };
    let is_closed = before.trim_end().ends_with(['}', ']']) && before.trim_end() != before;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_word = behind.starts_with(|it: char| it.is_alphabetic() || it == '-');
    is_closed && line.trim().is_empty() && is_word && json::check(before).is_ok()
}
