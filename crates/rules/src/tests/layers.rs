//! Saved images for tests, from a text of one entry a line:
//!
//! - `layer INSTRUCTION`: a new layer; entries before the first one are in a layer of their own;
//! - `empty INSTRUCTION`: a step of the history without a layer;
//! - `MODE UID:GID /path [cap_…] [= content | * bytes]`: a file, with `\n` and `\r` in its content;
//! - `dir MODE UID:GID /path`, `link /path -> target`.

use std::io::Write as _;

use image::{Archive, Limits};

use super::today;
use crate::{Case, Document, Saved, Settings, Wanted};

/// Opens the image and reads it with the documents.
pub(super) fn case(text: &str, documents: &[Document<'_>], settings: Settings) -> Case {
    let bytes = archive(text);
    let size = bytes.len() as u64;
    let archive = Archive::open(Box::new(bytes), &Limits::native());
    let wanted = Wanted::default();
    let name = "image.tar";
    let saved = Saved { name, bytes: size, archive: &archive, wanted, after: 0, keep: false };
    Case::of_saved(&saved, documents, settings, today())
}

/// The archive, as `docker save` wrote it up to version 24. It has no configuration of its own but
/// for its history: what a test says of that is a document.
pub(crate) fn archive(text: &str) -> Vec<u8> {
    let mut layers: Vec<Vec<u8>> = Vec::new();
    let mut history: Vec<String> = Vec::new();
    let step = |it: &str, empty: bool| {
        serde_json::json!({ "created_by": it, "empty_layer": empty }).to_string()
    };
    for line in text.lines().filter(|it| !it.is_empty()) {
        if let Some(it) = line.strip_prefix("layer ") {
            layers.push(Vec::new());
            history.push(step(it, false));
        } else if let Some(it) = line.strip_prefix("empty ") {
            history.push(step(it, true));
        } else {
            if layers.is_empty() {
                layers.push(Vec::new());
                history.push(step("COPY", false));
            }
            layers.last_mut().unwrap().extend(entry(line));
        }
    }
    let config = format!("{{\"history\":[{}]}}", history.join(","));
    let names: Vec<String> = (0..layers.len()).map(|it| format!("\"{it}/layer.tar\"")).collect();
    let manifest = format!(
        "[{{\"Config\":\"config.json\",\"RepoTags\":[\"test:1\"],\"Layers\":[{}]}}]",
        names.join(",")
    );
    let mut tar = Vec::new();
    for (number, mut layer) in layers.into_iter().enumerate() {
        layer.resize(layer.len() + 1024, 0);
        tar.extend(file(&format!("{number}/layer.tar"), "0644", (0, 0), b'0', "", &layer));
    }
    tar.extend(file("config.json", "0644", (0, 0), b'0', "", config.as_bytes()));
    tar.extend(file("manifest.json", "0644", (0, 0), b'0', "", manifest.as_bytes()));
    tar.resize(tar.len() + 1024, 0);
    tar
}

fn entry(line: &str) -> Vec<u8> {
    if let Some(it) = line.strip_prefix("link ") {
        let (path, target) = it.split_once(" -> ").unwrap();
        return file(path, "0777", (0, 0), b'2', target, b"");
    }
    let (line, kind) = match line.strip_prefix("dir ") {
        Some(it) => (it, b'5'),
        None => (line, b'0'),
    };
    let (head, content) = match (line.split_once(" = "), line.split_once(" * ")) {
        (Some((head, text)), _) => {
            (head, text.replace("\\n", "\n").replace("\\r", "\r").into_bytes())
        }
        (None, Some((head, bytes))) => (head, vec![b'z'; bytes.parse().unwrap()]),
        (None, None) => (line, Vec::new()),
    };
    let words: Vec<&str> = head.split(' ').collect();
    let (uid, gid) = words[1].split_once(':').unwrap();
    let owner = (uid.parse().unwrap(), gid.parse().unwrap());
    let mut out = Vec::new();
    if let Some(names) = words.get(3) {
        out.extend(file("pax", "0644", (0, 0), b'x', "", &capabilities(names)));
    }
    out.extend(file(words[2], words[0], owner, kind, "", &content));
    out
}

/// A PAX record with file capabilities.
fn capabilities(names: &str) -> Vec<u8> {
    let number = |name: &str| match name {
        "cap_net_bind_service" => 10,
        "cap_net_raw" => 13,
        "cap_sys_admin" => 21,
        _ => panic!("{name}"),
    };
    let bits = names.split(',').fold(0_u32, |it, name| it | 1 << number(name));
    let mut value = vec![1, 0, 0, 2];
    value.extend(bits.to_le_bytes());
    value.resize(20, 0);
    let key = "SCHILY.xattr.security.capability=";
    let length = key.len() + value.len() + 4;
    let mut record = Vec::new();
    write!(record, "{length} {key}").unwrap();
    record.extend(value);
    record.push(b'\n');
    assert_eq!(record.len(), length);
    record
}

fn file(
    path: &str,
    mode: &str,
    (uid, gid): (u32, u32),
    kind: u8,
    target: &str,
    content: &[u8],
) -> Vec<u8> {
    let mut block = vec![0_u8; 512];
    let path = path.trim_start_matches('/');
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, path.as_bytes());
    put(100, format!("{mode:0>7}").as_bytes());
    put(108, format!("{uid:07o}").as_bytes());
    put(116, format!("{gid:07o}").as_bytes());
    put(124, format!("{:011o}", content.len()).as_bytes());
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, &[kind]);
    put(157, target.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.extend(content);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}
