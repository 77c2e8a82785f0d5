//! Literate cases: documents that belong together and the reports that people read about them.
//!
//! A case file is prose and fences. Under each `##` heading stand the documents of one case, then
//! the reports on it. `UPDATE=1` rewrites the reports. Grammar of the line that opens a fence:
//!
//! - `dockerfile`, `history`, `config`, `run`: a document that has to be recognized as that, in
//!   one of its forms; `file`: one that is recognized as nothing. Words behind it: `crlf` for line ends as on Windows, `cut` to leave
//!   out the last line end, and at the end `name=…` for a name other than the usual one.
//! - `report`: what the terminal shows; `report markdown` and `report json`: the other formats.
//!
//! In documents `{{prefix:length}}` stands for a made-up secret, `{{U+202E}}` for a character and
//! `{{0xFF}}` for a byte that cannot stand in this file itself.

mod locked;

use std::path::Path;

use report::{Kind, Style};
use rules::{Case, Document};

/// A fence: the line that opens it, and where its lines are in the file.
struct Fence<'a> {
    info: &'a str,
    /// Index of the first line inside, and of the line that closes.
    lines: std::ops::Range<usize>,
}

/// A document as it is handed in.
struct Given {
    name: String,
    bytes: Vec<u8>,
    kinds: &'static [Kind],
}

#[test]
fn reports_are_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.retain(|it| it.extension().is_some_and(|it| it == "md"));
    assert!(paths.len() >= 20, "the case files are gone");
    let mut differences = Vec::new();
    for path in paths {
        let file = std::fs::read_to_string(&path).unwrap();
        let should_be = rewritten(&file).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
        differences.extend(locked::check(&path, &file, &should_be));
    }
    locked::report(&differences);
}

/// The file with every report as the engine gives it today.
fn rewritten(file: &str) -> Result<String, String> {
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let mut out = String::new();
    let mut done = 0;
    let mut given: Vec<Given> = Vec::new();
    let mut n_reports = 0;
    let mut section = "";
    for it in parts(&lines)? {
        match it {
            Part::Heading(line) => {
                if n_reports == 0 && !given.is_empty() {
                    return Err(format!("{section} has no report"));
                }
                (section, n_reports) = (line.trim(), 0);
                given.clear();
            }
            Part::Fence(fence) => match fence.info.strip_prefix("report") {
                Some(format) => {
                    n_reports += 1;
                    out.extend(lines.iter().take(fence.lines.start).skip(done).copied());
                    out += &rendered(&given, format.trim())?;
                    done = fence.lines.end;
                }
                None => given.push(document(&fence, &lines)?),
            },
        }
    }
    if n_reports == 0 {
        return Err(format!("{section} has no report"));
    }
    out.extend(lines.iter().skip(done).copied());
    Ok(out)
}

enum Part<'a> {
    Heading(&'a str),
    Fence(Fence<'a>),
}

fn parts<'a>(lines: &[&'a str]) -> Result<Vec<Part<'a>>, String> {
    let mut parts = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    for (index, line) in lines.iter().enumerate() {
        match open {
            Some((info, start)) if line.trim_end() == "```" => {
                parts.push(Part::Fence(Fence { info, lines: start..index }));
                open = None;
            }
            Some(_) => {}
            None if line.starts_with("## ") => parts.push(Part::Heading(line)),
            None => open = line.strip_prefix("```").map(|it| (it.trim(), index + 1)),
        }
    }
    match open {
        Some((info, _)) => Err(format!("the fence `{info}` is not closed")),
        None => Ok(parts),
    }
}

fn document(fence: &Fence<'_>, lines: &[&str]) -> Result<Given, String> {
    let (info, name) = match fence.info.split_once("name=") {
        Some((info, name)) => (info, Some(name)),
        None => (fence.info, None),
    };
    let mut words = info.split_whitespace();
    let (usual, kinds): (_, &[Kind]) = match words.next() {
        Some("dockerfile") => ("Dockerfile", &[Kind::Dockerfile]),
        Some("history") => ("history.txt", &[Kind::History]),
        Some("config") => ("image.json", &[Kind::ImageInspect, Kind::ImageConfig, Kind::Manifest]),
        Some("run") => (
            "container.json",
            &[Kind::ContainerInspect, Kind::RunLine, Kind::Compose, Kind::Kubernetes],
        ),
        Some("file") => ("file", &[Kind::Unrecognized]),
        word => return Err(format!("{word:?} is no kind of document")),
    };
    let body: String =
        lines.iter().take(fence.lines.end).skip(fence.lines.start).copied().collect();
    let mut bytes = expanded(&body)?;
    for word in words {
        match word {
            "crlf" => bytes = with_carriage_returns(&bytes),
            "cut" => bytes.truncate(bytes.len().saturating_sub(1)),
            _ => return Err(format!("{word:?} says nothing about a document")),
        }
    }
    let name = String::from_utf8(expanded(name.unwrap_or(usual))?).map_err(|it| it.to_string())?;
    Ok(Given { name, bytes, kinds })
}

fn with_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let line_end = |it: &u8| if *it == b'\n' { vec![b'\r', b'\n'] } else { vec![*it] };
    bytes.iter().flat_map(line_end).collect()
}

/// The bytes that a document's notation stands for.
fn expanded(notation: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let filled = rules::page::filled(notation);
    let mut rest = filled.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        out.extend_from_slice(before.as_bytes());
        let (inside, behind) = after.split_once("}}").ok_or("`{{` without `}}`")?;
        let number = |digits: &str| u32::from_str_radix(digits, 16).map_err(|it| it.to_string());
        if let Some(digits) = inside.strip_prefix("U+") {
            let it = char::from_u32(number(digits)?).ok_or("no such character")?;
            out.extend_from_slice(it.encode_utf8(&mut [0; 4]).as_bytes());
        } else if let Some(digits) = inside.strip_prefix("0x") {
            out.push(u8::try_from(number(digits)?).map_err(|it| it.to_string())?);
        } else {
            return Err(format!("{inside:?} stands for nothing"));
        }
        rest = behind;
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

fn rendered(given: &[Given], format: &str) -> Result<String, String> {
    let document = |it: &'_ Given| -> Result<(), String> {
        let document = Document { name: &it.name, bytes: &it.bytes, taken_for: None };
        let kind = rules::recognize(&document, Default::default()).kind;
        if it.kinds.contains(&kind) {
            Ok(())
        } else {
            Err(format!("{} was taken for {kind:?}", it.name))
        }
    };
    given.iter().try_for_each(document)?;
    let documents: Vec<Document<'_>> = given
        .iter()
        .map(|it| Document { name: &it.name, bytes: &it.bytes, taken_for: None })
        .collect();
    let report = rules::check(&Case::new(&documents, locked::today()));
    match format {
        "" => Ok(report::plain(&report, Style::Plain)),
        "markdown" => Ok(report::markdown(&report)),
        "json" => Ok(report::json(&report)),
        _ => Err(format!("{format:?} is no format")),
    }
}
