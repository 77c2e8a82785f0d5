//! What a text is that is not JSON: a table, a Dockerfile, a run line, YAML.

use std::ops::Range;

use dockerfile::Keyword;
use report::Kind;

use super::lacks::Lacks;
use super::parts::{Content, Part};
use super::paste::without_prompt;

/// What a stretch of text is, if it is something.
pub(super) fn part(text: &str, range: Range<usize>) -> Option<Part> {
    let stretch = text.get(range.clone())?;
    let part = |kind, content| Some(Part::new(kind, content, range.clone()));
    if image::history::is_table(stretch) {
        return part(Kind::History, Content::Table);
    }
    if is_dockerfile(stretch) {
        return part(Kind::Dockerfile, Content::Dockerfile);
    }
    if has_run_line(stretch) || crate::read::is_quadlet(stretch) {
        return part(Kind::RunLine, Content::RunLine);
    }
    if let Some((kind, content)) = yaml(stretch).or_else(|| report(stretch)) {
        return part(kind, content);
    }
    if is_ids(stretch) {
        return part(Kind::History, Content::Nothing(Lacks::Ids));
    }
    // A file with a mistake in its first word is still a Dockerfile if most of what follows is.
    if may_be_dockerfile(stretch) { part(Kind::Dockerfile, Content::Dockerfile) } else { None }
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.filter(|it| !it.is_empty() && !it.starts_with('#'))
}

fn is_instruction(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    Keyword::named(word).is_some()
}

/// A Dockerfile starts with an instruction.
fn is_dockerfile(text: &str) -> bool {
    code_lines(text).next().is_some_and(is_instruction)
}

fn may_be_dockerfile(text: &str) -> bool {
    let lines: Vec<bool> = code_lines(text).take(50).map(is_instruction).collect();
    let hits = lines.iter().filter(|it| **it).count();
    hits * 2 > lines.len() || hits >= 3
}

/// Whether a line starts a container: `docker run …`, with `sudo`, a prompt or an environment
/// before it, alone or in a script.
fn has_run_line(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().take(2000).any(is_run_line)
}

fn is_run_line(line: &str) -> bool {
    let (_, command) = without_prompt(line.trim());
    let is_assignment = |it: &&str| it.split_once('=').is_some_and(|(name, _)| is_name(name));
    let mut words = command.split_whitespace().skip_while(|it| {
        matches!(*it, "sudo" | "exec" | "time" | "command" | "-E") || is_assignment(it)
    });
    let Some(program) = words.next() else { return false };
    let name = program.rsplit('/').next().unwrap_or(program);
    if !["docker", "podman", "nerdctl", "docker.exe"].iter().any(|it| name.ends_with(it)) {
        return false;
    }
    let mut takes_value = false;
    for word in words {
        if std::mem::take(&mut takes_value) || word == "container" {
            continue;
        }
        if word.starts_with('-') {
            // Options of the engine itself that take a value.
            takes_value =
                matches!(word, "--context" | "-c" | "-H" | "--host" | "--namespace" | "-n");
            continue;
        }
        return matches!(word, "run" | "create");
    }
    false
}

fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|it| it.is_ascii_alphabetic() || it == b'_')
        && bytes.all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// YAML by its top-level keys.
fn yaml(text: &str) -> Option<(Kind, Content)> {
    let compose = (Kind::Compose, Content::Compose);
    let kubernetes = (Kind::Kubernetes, Content::Kubernetes);
    let mut has = (false, false);
    // The key that was last seen at the start of a line, and how deep the line below stands.
    let (mut key, mut depth) = ("", None);
    // A part of a file stands as deep as it stood there.
    let mut margin = None;
    for line in text.lines().take(5000) {
        let code = line.trim_start_matches('\u{feff}');
        let indent = code.len() - code.trim_start().len();
        let Some((name, rest)) = code.trim_start().split_once(':') else { continue };
        let is_name = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
        let is_key = !name.is_empty() && name.bytes().all(is_name);
        if !is_key || !(rest.is_empty() || rest.starts_with([' ', '\t', '\r'])) {
            continue;
        }
        if indent == *margin.get_or_insert(indent) {
            match name {
                "services" => return Some(compose),
                "apiVersion" => has.0 = true,
                "kind" => has.1 = true,
                _ => {}
            }
            if has == (true, true) {
                return Some(kubernetes);
            }
            (key, depth) = (if rest.trim().is_empty() { name } else { "" }, None);
            continue;
        }
        // Parts of files: the specification of a pod, or services without the line above them.
        let is_child = !key.is_empty() && *depth.get_or_insert(indent) == indent;
        match name {
            "containers" | "template" if is_child && key == "spec" => return Some(kubernetes),
            "image" | "build" if is_child && has == (false, false) => return Some(compose),
            _ => {}
        }
    }
    None
}

/// Reports and bills of materials that are no JSON.
fn report(text: &str) -> Option<(Kind, Content)> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = start.chars().take(4000).collect();
    let findings = (Kind::ScanReport, Content::Nothing(Lacks::Findings));
    let materials = (Kind::Sbom, Content::Nothing(Lacks::Materials));
    let first = start.lines().next().unwrap_or_default();
    let words: Vec<&str> = first.split_whitespace().collect();
    if start.starts_with("SPDXVersion:") {
        return Some(materials);
    }
    if start.starts_with('<') {
        return match () {
            () if head.contains("cyclonedx.org/schema/bom") => Some(materials),
            () if head.contains("<testsuite") => Some(findings),
            () if head.contains("Trivy Report") || head.contains("<html") => Some(findings),
            () => None,
        };
    }
    let is_syft =
        first.starts_with("[Image]") || first.starts_with("[Path:") || first.starts_with("[Image:");
    let nothing = |kind, lacks| Some((kind, Content::Nothing(lacks)));
    let of_image = first.starts_with("Name:") && head.contains("\nMediaType:");
    match &words[..] {
        ["CONTAINER", "ID", ..] | ["NAME", "IMAGE", "COMMAND", ..] => {
            nothing(Kind::ContainerInspect, Lacks::ContainerSummary)
        }
        ["REPOSITORY", "TAG", ..] | ["IMAGE", "ID", "DISK", ..] => {
            nothing(Kind::ImageInspect, Lacks::ImageSummary)
        }
        ["NAME", "READY", "STATUS", ..] => nothing(Kind::Kubernetes, Lacks::Described),
        _ if of_image => nothing(Kind::Manifest, Lacks::Index),
        ["Name:", ..] if head.contains("\nContainers:") => {
            nothing(Kind::Kubernetes, Lacks::Described)
        }
        ["NAME", "VERSION", "TYPE", ..] => Some(materials),
        ["NAME", "INSTALLED", ..] => Some(findings),
        _ if is_syft => Some(materials),
        _ => None,
    }
}

/// Lines of ids and nothing else.
fn is_ids(text: &str) -> bool {
    let mut any = false;
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let digits = line.strip_prefix("sha256:").unwrap_or(line);
        let is_id = digits.len() >= 12 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        if !is_id && line != "<missing>" {
            return false;
        }
        any = true;
    }
    any
}
