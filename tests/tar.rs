//! A tiny writer of tar archives and of saved images, for tests.

/// An entry of an archive.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its path.
    pub path: &'a str,
    /// Permission bits.
    pub mode: u32,
    /// Owner and group.
    pub owner: u32,
    /// `0` a file, `2` a symbolic link, `5` a directory.
    pub kind: u8,
    /// Where a link leads.
    pub target: &'a str,
    /// What is in it.
    pub content: &'a [u8],
}

/// A file that everybody may read.
pub fn file<'a>(path: &'a str, content: &'a [u8]) -> Entry<'a> {
    Entry { path, mode: 0o644, owner: 0, kind: b'0', target: "", content }
}

/// An archive with its end mark.
pub fn archive(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for it in entries {
        out.extend(header(it));
        out.extend(it.content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// An image as `docker save` wrote it up to version 24: its layers, each with the instruction that
/// made it, and the `config` of its configuration as JSON.
pub fn saved(layers: &[(&str, Vec<u8>)], config: &str) -> Vec<u8> {
    let steps: Vec<String> =
        layers.iter().map(|it| format!("{{\"created_by\":{:?}}}", it.0)).collect();
    let config = format!(
        "{{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{config},\"history\":[{}]}}",
        steps.join(",")
    );
    let names: Vec<String> = (0..layers.len()).map(|it| format!("{it}/layer.tar")).collect();
    let manifest =
        format!("[{{\"Config\":\"config.json\",\"RepoTags\":[\"test:1\"],\"Layers\":{names:?}}}]");
    let blobs = names.iter().zip(layers).map(|(name, it)| file(name, &it.1));
    let rest = [file("config.json", config.as_bytes()), file("manifest.json", manifest.as_bytes())];
    archive(&blobs.chain(rest).collect::<Vec<_>>())
}

fn header(it: &Entry<'_>) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, text: &[u8]| {
        if let Some(room) = block.get_mut(at..at + text.len()) {
            room.copy_from_slice(text);
        }
    };
    put(0, it.path.trim_start_matches('/').as_bytes());
    put(100, format!("{:07o}", it.mode).as_bytes());
    put(108, format!("{:07o}", it.owner).as_bytes());
    put(116, format!("{:07o}", it.owner).as_bytes());
    put(124, format!("{:011o}", it.content.len()).as_bytes());
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, &[it.kind]);
    put(157, it.target.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    if let Some(room) = block.get_mut(148..156) {
        room.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    block
}
