//! A tiny writer of tar archives and image archives, for tests.
#![allow(dead_code, reason = "every test uses another part of it")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

use std::io::Write as _;

/// A tar archive under construction.
#[derive(Clone, Default)]
pub(crate) struct Tar {
    pub(crate) bytes: Vec<u8>,
}

/// An entry to write. `..Entry::default()` is a file of mode 0644.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: u8,
    pub(crate) mode: u32,
    pub(crate) uid: u64,
    pub(crate) gid: u64,
    pub(crate) mtime: u64,
    pub(crate) link: &'a str,
    pub(crate) device: (u32, u32),
    pub(crate) content: &'a [u8],
    /// PAX records that go before it.
    pub(crate) pax: &'a [(&'a str, &'a [u8])],
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self {
            name: "",
            kind: b'0',
            mode: 0o644,
            uid: 0,
            gid: 0,
            mtime: 0,
            link: "",
            device: (0, 0),
            content: b"",
            pax: &[],
        }
    }
}

impl Tar {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn file(self, name: &str, content: &[u8]) -> Self {
        self.add(&Entry { name, content, ..Entry::default() })
    }

    pub(crate) fn directory(self, name: &str) -> Self {
        self.add(&Entry { name, kind: b'5', mode: 0o755, ..Entry::default() })
    }

    pub(crate) fn symlink(self, name: &str, link: &str) -> Self {
        self.add(&Entry { name, kind: b'2', mode: 0o777, link, ..Entry::default() })
    }

    pub(crate) fn hard_link(self, name: &str, link: &str) -> Self {
        self.add(&Entry { name, kind: b'1', link, ..Entry::default() })
    }

    pub(crate) fn add(mut self, entry: &Entry<'_>) -> Self {
        if !entry.pax.is_empty() {
            let records = entry.pax.iter().flat_map(|(key, value)| record(key, value));
            let records: Vec<u8> = records.collect();
            self.block(
                &Entry { name: "pax", kind: b'x', ..Entry::default() },
                records.len() as u64,
            );
            self.data(&records);
        }
        if entry.name.len() > 100 {
            self.block(
                &Entry { name: "././@LongLink", kind: b'L', ..Entry::default() },
                entry.name.len() as u64 + 1,
            );
            self.data(&[entry.name.as_bytes(), b"\0"].concat());
        }
        if entry.link.len() > 100 {
            self.block(
                &Entry { name: "././@LongLink", kind: b'K', ..Entry::default() },
                entry.link.len() as u64 + 1,
            );
            self.data(&[entry.link.as_bytes(), b"\0"].concat());
        }
        self.block(entry, entry.content.len() as u64);
        self.data(entry.content);
        self
    }

    /// Writes a header block alone, with any size.
    pub(crate) fn block(&mut self, entry: &Entry<'_>, size: u64) {
        let mut block = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &entry.name.as_bytes()[..entry.name.len().min(100)]);
        put(100, format!("{:07o}", entry.mode).as_bytes());
        put(108, format!("{:07o}", entry.uid).as_bytes());
        put(116, format!("{:07o}", entry.gid).as_bytes());
        if size < 1 << 33 {
            put(124, format!("{size:011o}").as_bytes());
        } else {
            put(124, &[0x80, 0, 0, 0]);
            put(128, &size.to_be_bytes());
        }
        put(136, format!("{:011o}", entry.mtime).as_bytes());
        put(156, &[entry.kind]);
        put(157, &entry.link.as_bytes()[..entry.link.len().min(100)]);
        put(257, b"ustar\x0000");
        put(329, format!("{:07o}", entry.device.0).as_bytes());
        put(337, format!("{:07o}", entry.device.1).as_bytes());
        self.bytes.extend(seal(block));
    }

    /// Writes content with its padding.
    pub(crate) fn data(&mut self, content: &[u8]) {
        self.bytes.extend(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(512), 0);
    }

    /// The archive with its end mark.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len() + 1024, 0);
        self.bytes
    }
}

/// Puts the checksum into a header.
pub(crate) fn seal(mut block: [u8; 512]) -> [u8; 512] {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// A PAX record.
pub(crate) fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let digits = (1..).find(|it| (rest + it).to_string().len() == *it).unwrap();
    let mut out = format!("{} {key}=", rest + digits).into_bytes();
    out.extend(value);
    out.push(b'\n');
    out
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

/// An archive as `docker save` wrote it up to version 24.
pub(crate) fn docker(layers: &[Vec<u8>]) -> Vec<u8> {
    docker_with(layers, layers)
}

/// The same, with layers that are packed: what they are unpacked, and as they are stored.
pub(crate) fn docker_with(layers: &[Vec<u8>], stored: &[Vec<u8>]) -> Vec<u8> {
    let quoted = |it: String| format!("\"{it}\"");
    let diff_ids = layers.iter().map(|it| quoted(format!("sha256:{}", sha256(it))));
    let diff_ids = diff_ids.collect::<Vec<_>>().join(",");
    let steps =
        layers.iter().enumerate().map(|(at, _)| format!("{{\"created_by\":\"step {at}\"}}"));
    let steps = steps.collect::<Vec<_>>().join(",");
    let config = format!(
        "{{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{{\"User\":\"app\"}},\
         \"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[{diff_ids}]}},\"history\":[{steps}]}}"
    );
    let config_name = format!("{}.json", sha256(config.as_bytes()));
    let mut tar = Tar::new();
    let mut names = Vec::new();
    for (at, layer) in stored.iter().enumerate() {
        let name = format!("{at:064x}/layer.tar");
        tar = tar.file(&name, layer);
        names.push(quoted(name));
    }
    let manifest = format!(
        "[{{\"Config\":\"{config_name}\",\"RepoTags\":[\"test:latest\"],\"Layers\":[{}]}}]",
        names.join(",")
    );
    tar.file(&config_name, config.as_bytes()).file("manifest.json", manifest.as_bytes()).end()
}

/// An OCI image layout under construction: files by name.
#[derive(Clone, Default)]
pub(crate) struct Oci {
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Oci {
    pub(crate) fn new() -> Self {
        Self { files: vec![("oci-layout".into(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec())] }
    }

    /// Adds a blob and gives its descriptor, with more members if there are any.
    pub(crate) fn blob(&mut self, kind: &str, content: &[u8], more: &str) -> String {
        let hex = sha256(content);
        self.files.push((format!("blobs/sha256/{hex}"), content.to_vec()));
        let size = content.len();
        format!("{{\"mediaType\":\"{kind}\",\"digest\":\"sha256:{hex}\",\"size\":{size}{more}}}")
    }

    /// Adds an image and gives the descriptor of its manifest.
    pub(crate) fn image(&mut self, layers: &[(&str, &[u8], &[u8])], more: &str) -> String {
        let diff_ids = layers.iter().map(|it| format!("\"sha256:{}\"", sha256(it.1)));
        let diff_ids = diff_ids.collect::<Vec<_>>().join(",");
        let config = format!(
            "{{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{{\"diff_ids\":[{diff_ids}]}}}}"
        );
        let config = self.blob("application/vnd.oci.image.config.v1+json", config.as_bytes(), "");
        let layers = layers.iter().map(|(kind, _, stored)| self.blob(kind, stored, ""));
        let layers = layers.collect::<Vec<_>>().join(",");
        let manifest = format!("{{\"schemaVersion\":2,\"config\":{config},\"layers\":[{layers}]}}");
        self.blob("application/vnd.oci.image.manifest.v1+json", manifest.as_bytes(), more)
    }

    /// Adds an index and gives its descriptor.
    pub(crate) fn index(&mut self, manifests: &[String], more: &str) -> String {
        let index = index(manifests);
        self.blob("application/vnd.oci.image.index.v1+json", index.as_bytes(), more)
    }

    /// Writes `index.json`.
    pub(crate) fn end(mut self, manifests: &[String]) -> Self {
        self.files.push(("index.json".into(), index(manifests).into_bytes()));
        self
    }

    pub(crate) fn tar(&self) -> Vec<u8> {
        let files = self.files.iter();
        files.fold(Tar::new(), |tar, (name, content)| tar.file(name, content)).end()
    }
}

fn index(manifests: &[String]) -> String {
    format!("{{\"schemaVersion\":2,\"manifests\":[{}]}}", manifests.join(","))
}

/// An archive of many empty files that is made while it is read.
pub(crate) struct Generated {
    pub(crate) n_entries: u64,
}

impl image::Source for Generated {
    fn size(&self) -> u64 {
        (self.n_entries + 2) * 512
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = usize::try_from(self.size().saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = length.min(buffer.len());
        let mut at = 0;
        while at < length {
            let place = offset + at as u64;
            let (number, inside) = (place / 512, usize::try_from(place % 512).unwrap());
            let mut tar = Tar::new();
            if number < self.n_entries {
                let name = format!("usr/lib/package-{}/directory/file-{number}", number / 1000);
                tar.block(&Entry { name: &name, mtime: number, ..Entry::default() }, 0);
            }
            tar.bytes.resize(512, 0);
            let part = (512 - inside).min(length - at);
            buffer[at..at + part].copy_from_slice(&tar.bytes[inside..inside + part]);
            at += part;
        }
        Ok(length)
    }
}

pub(crate) mod records;
