//! What a document is, by its content.

use std::borrow::Cow;

use dockerfile::Keyword;
use image::json::{self, Json, Shape};
use report::{Kind, Locus, Problem, quote};
use text::{SourceId, Span};

use crate::Document;

/// Documents longer than this are not read as text: nobody writes a Dockerfile that long, and a
/// saved image is not text.
const LARGEST: usize = 64 * 1024 * 1024;

/// A recognized document.
#[derive(Debug)]
pub struct Recognized<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text; empty when it is not read.
    pub text: Cow<'a, str>,
    /// What keeps it, or part of it, from being read.
    pub problem: Option<Problem>,
}

/// Finds out what a document is.
pub fn recognize<'a>(document: &Document<'a>, source: SourceId) -> Recognized<'a> {
    let problem = |message: String, remedy: &str| {
        Some(Problem { source, place: None, message, remedy: remedy.to_owned() })
    };
    if document.bytes.len() > LARGEST {
        let megabytes = document.bytes.len() / (1024 * 1024);
        let message = format!("stopped at 64 MiB: the document has {megabytes} MiB");
        let remedy = "hand in the text of a Dockerfile or of `docker inspect`";
        return unread(problem(message, remedy));
    }
    let text = match decode(document.bytes) {
        Ok(text) => text,
        Err(at) => {
            let start = document.bytes.get(..64.min(document.bytes.len())).unwrap_or_default();
            let message = format!(
                "byte {at} is no part of UTF-8 text; the document starts with {}",
                quote(first_line(&String::from_utf8_lossy(start)))
            );
            let remedy = "hand in a Dockerfile, or the output of `docker inspect`, as UTF-8 text";
            return unread(problem(message, remedy));
        }
    };
    if let Some(kind) = document.taken_for {
        let problem = json_problem(kind, &text, source);
        return Recognized { kind, text, problem };
    }
    let kind = by_content(&text);
    let problem = match kind {
        Kind::Unrecognized if text.trim().is_empty() => problem(
            "the document is empty".to_owned(),
            "hand in a Dockerfile, or the output of `docker inspect`",
        ),
        Kind::Unrecognized if looks_like_json(&text) => json_problem(kind, &text, source)
            .or_else(|| problem(strange_json(&text).to_owned(), IMAGE_INSPECT)),
        Kind::Unrecognized => problem(
            format!(
                "this is neither a Dockerfile nor JSON; it starts with {}",
                quote(first_line(text.trim_start()))
            ),
            "hand in a Dockerfile, or the output of `docker inspect`",
        ),
        Kind::Dockerfile | Kind::ImageInspect | Kind::ContainerInspect | Kind::SavedImage => {
            json_problem(kind, &text, source)
        }
    };
    Recognized { kind, text, problem }
}

const IMAGE_INSPECT: &str = "hand in the output of `docker image inspect IMAGE`";

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// What is wrong with JSON that holds no image.
fn strange_json(text: &str) -> &'static str {
    match Json::first(text) {
        Some(it) if it.shape() == Shape::Array && it.items().next().is_none() => {
            "the list is empty, as for an image that does not exist"
        }
        _ => "this JSON is neither an image nor a container as `docker inspect` shows them",
    }
}

fn unread<'a>(problem: Option<Problem>) -> Recognized<'a> {
    Recognized { kind: Kind::Unrecognized, text: Cow::Borrowed(""), problem }
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

fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

fn by_content(text: &str) -> Kind {
    if looks_like_json(text) {
        return Json::first(text).map_or(Kind::Unrecognized, by_shape);
    }
    // Some editors put a byte order mark before the first word.
    let text = text.trim_start_matches('\u{feff}');
    let file = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let known = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        Keyword::named(word).is_some()
    };
    // A Dockerfile starts with an instruction. A file with a mistake in its first word is still
    // one if most of what follows is.
    let lines: Vec<bool> = file.take(50).map(known).collect();
    let hits = lines.iter().filter(|it| **it).count();
    if lines.first() == Some(&true) || hits * 2 > lines.len() || hits >= 3 {
        Kind::Dockerfile
    } else {
        Kind::Unrecognized
    }
}

fn by_shape(root: Json<'_>) -> Kind {
    let object = match root.shape() {
        Shape::Array => root.items().next(),
        _ => Some(root),
    };
    let Some(object) = object.filter(|it| it.shape() == Shape::Object) else {
        return Kind::Unrecognized;
    };
    let has = |name: &str| object.get(name).is_some();
    if has("HostConfig") || (has("State") && has("Config")) {
        return Kind::ContainerInspect;
    }
    let inspected = ["Id", "RootFS", "RepoTags", "Architecture"];
    let blob = ["rootfs", "architecture", "history"];
    let image = (has("Config") && inspected.into_iter().any(has))
        || (has("config") && blob.into_iter().any(has));
    if image { Kind::ImageInspect } else { Kind::Unrecognized }
}

/// Where a JSON text breaks. What stands before is read all the same.
fn json_problem(kind: Kind, text: &str, source: SourceId) -> Option<Problem> {
    if kind == Kind::Dockerfile {
        return None;
    }
    let broken = json::check(text).err()?;
    let at = broken.at;
    let next = text.get(at as usize..).and_then(|it| it.chars().next());
    let end = at + next.map_or(0, |it| Span::of(0..it.len_utf8()).len());
    let place = Locus::Text { source, span: Span::new(at, end) };
    Some(Problem {
        source,
        place: Some(place.into()),
        message: format!("the JSON breaks here: {}", broken.what),
        remedy: match kind {
            Kind::Unrecognized => IMAGE_INSPECT.to_owned(),
            _ => "hand in the whole output as the tool wrote it; what stands before was read"
                .to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        let document = Document { name: "x", bytes: text.as_bytes(), taken_for: None };
        recognize(&document, SourceId(0)).kind
    }

    #[test]
    fn documents_are_known_by_their_content() {
        assert_eq!(kind("# syntax=docker/dockerfile:1\nfrom debian\n"), Kind::Dockerfile);
        assert_eq!(kind("FORM debian\nRUN x\nCMD y\n"), Kind::Dockerfile);
        assert_eq!(kind("RUN x\n"), Kind::Dockerfile);
        assert_eq!(kind("\u{feff}FROM debian\nhello\n"), Kind::Dockerfile);
        assert_eq!(kind("[{\"Id\": \"sha256:1\", \"Config\": {}}]"), Kind::ImageInspect);
        assert_eq!(
            kind("{\"Id\": \"1\", \"State\": {}, \"HostConfig\": {}, \"Config\": {}}"),
            Kind::ContainerInspect
        );
        assert_eq!(kind("{\"architecture\": \"amd64\", \"config\": {}}"), Kind::ImageInspect);
        assert_eq!(kind("hello world\n"), Kind::Unrecognized);
        assert_eq!(kind("[1, 2]"), Kind::Unrecognized);
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_remedy() {
        let check = |bytes: &[u8]| {
            let document = Document { name: "x", bytes, taken_for: None };
            recognize(&document, SourceId(0)).problem.unwrap().message
        };
        assert!(check(b"\x1f\x8b\x08\x00").contains("no part of UTF-8 text"));
        assert!(check(b"FROM x\xff").contains("byte 6"));
        assert!(check(b"[{\"Id\": 1, \"Config\": {").contains("breaks here"));
        assert!(check(b" ").contains("empty"));
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("FROM x".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let document = Document { name: "x", bytes: &utf16, taken_for: None };
        assert_eq!(recognize(&document, SourceId(0)).kind, Kind::Dockerfile);
    }
}
