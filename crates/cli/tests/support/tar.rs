//! A tiny writer of saved images.

#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

/// An entry of a layer.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) mode: u32,
    pub(crate) kind: u8,
    pub(crate) link: &'a str,
    pub(crate) content: &'a [u8],
    /// A size that the header tells instead of that of the content.
    pub(crate) size: Option<u64>,
    /// PAX records that go before it.
    pub(crate) records: &'a [(&'a str, &'a [u8])],
}

pub(crate) fn file<'a>(name: &'a str, mode: u32, content: &'a [u8]) -> Entry<'a> {
    Entry { name, mode, kind: b'0', link: "", content, size: None, records: &[] }
}

pub(crate) fn link<'a>(name: &'a str, target: &'a str) -> Entry<'a> {
    Entry { kind: b'2', link: target, ..file(name, 0o777, b"") }
}

pub(crate) fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for it in entries {
        let records: Vec<u8> =
            it.records.iter().flat_map(|(key, value)| record(key, value)).collect();
        if !records.is_empty() {
            put(&mut out, &Entry { kind: b'x', ..file("pax", 0o644, &records) });
        }
        put(&mut out, it);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// The length of a record counts its own digits.
fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
    let length = (1..6)
        .map(|digits| rest.len() + digits)
        .find(|it| it.to_string().len() + rest.len() == *it);
    [length.unwrap().to_string().as_bytes(), &rest].concat()
}

fn put(out: &mut Vec<u8>, it: &Entry<'_>) {
    let mut block = vec![0_u8; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, it.name.as_bytes());
    put(100, format!("{:07o}", it.mode).as_bytes());
    put(108, b"0000000\x000000000");
    put(124, format!("{:011o}", it.size.unwrap_or(it.content.len() as u64)).as_bytes());
    put(136, b"00000000000\0        ");
    put(156, &[it.kind]);
    put(157, it.link.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend(block);
    out.extend(it.content);
    out.resize(out.len().next_multiple_of(512), 0);
}

/// An image as `docker save` wrote it up to version 24. `config`: the inner `config` object.
pub(crate) fn image(layers: &[Vec<u8>], config: &str) -> Vec<u8> {
    let steps: Vec<String> =
        (0..layers.len()).map(|it| format!("{{\"created_by\":\"COPY {it} /\"}}")).collect();
    let config = format!("{{\"config\":{config},\"history\":[{}]}}", steps.join(","));
    let names: Vec<String> = (0..layers.len()).map(|it| format!("{it}/layer.tar")).collect();
    let manifest =
        format!("[{{\"Config\":\"c.json\",\"RepoTags\":[\"test:1\"],\"Layers\":{names:?}}}]");
    let mut all: Vec<Entry<'_>> =
        names.iter().zip(layers).map(|(name, it)| file(name, 0o644, it)).collect();
    all.push(file("c.json", 0o644, config.as_bytes()));
    all.push(file("manifest.json", 0o644, manifest.as_bytes()));
    tar(&all)
}

/// A program that needs a dynamic linker and libraries: headers, two segments, and one that loads
/// everything at its own offset.
pub(crate) fn program(linker: &str, libraries: &[&str]) -> Vec<u8> {
    let word = |it: usize| (it as u64).to_le_bytes();
    let mut body = vec![0; 64 + 3 * 56];
    let interpreter = (body.len(), linker.len() + 1);
    body.extend([linker.as_bytes(), b"\0"].concat());
    let mut dynamic = [word(5), word(body.len())].concat();
    body.push(0);
    let mut at = 1;
    for it in libraries {
        dynamic.extend([word(1), word(at)].concat());
        body.extend([it.as_bytes(), b"\0"].concat());
        at += it.len() + 1;
    }
    dynamic.extend([0; 16]);
    let needs = (body.len(), dynamic.len());
    body.extend(dynamic);
    let all = (0, body.len());
    body[..20].copy_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
    body[32..40].copy_from_slice(&word(64));
    body[54..56].copy_from_slice(&56_u16.to_le_bytes());
    body[56..58].copy_from_slice(&3_u16.to_le_bytes());
    for (number, (kind, (offset, length))) in
        [(3, interpreter), (2, needs), (1, all)].into_iter().enumerate()
    {
        let header = &mut body[64 + number * 56..];
        header[0] = kind;
        header[8..16].copy_from_slice(&word(offset));
        header[16..24].copy_from_slice(&word(offset));
        header[32..40].copy_from_slice(&word(length));
    }
    body
}
