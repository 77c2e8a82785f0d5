//! Saved images to measure on, made of what this machine has: programs, libraries, headers, texts. One
//! is made for each way of packing layers, with the same files in all of them.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::run;

/// Bytes of files in the layers together.
const LENGTH: u64 = 260 << 20;
/// Files that are longer are left out: images have many files, and one that fills a layer would
/// measure something else.
const LONGEST: u64 = 32 << 20;
/// Where files are taken from, and how many parts of the whole each gives.
const ROOTS: [(&str, u64); 4] =
    [("/usr/bin", 3), ("/usr/lib", 5), ("/usr/share", 3), ("/usr/include", 2)];
/// Layers of the image.
const LAYERS: usize = 4;

/// An image that was made.
pub(super) struct Made {
    /// The archive.
    pub(super) path: PathBuf,
    /// Bytes of its layers, unpacked.
    pub(super) unpacked: u64,
}

/// Makes the images, or takes those that were made before. What cannot be made is told in `out`.
pub(super) fn images(out: &mut String) -> Result<Vec<Made>> {
    let folder = crate::root().join("target/bench-archives");
    let layers: Vec<PathBuf> =
        (0..LAYERS).map(|it| folder.join(format!("layer-{it}.tar"))).collect();
    if !layers.iter().all(|it| it.is_file()) {
        fs::create_dir_all(&folder)?;
        write_layers(&layers)?;
    }
    let mut unpacked = 0;
    for it in &layers {
        unpacked += it.metadata()?.len();
    }
    let mut made = Vec::new();
    for (name, packer) in [("plain", None), ("gzip", Some("gzip")), ("zstd", Some("zstd"))] {
        let path = folder.join(format!("{name}.tar"));
        if !path.is_file() {
            if let Some(packer) = packer.filter(|it| run::find(it).is_none()) {
                out.push_str(&format!("{name}: left out, there is no `{packer}`\n"));
                continue;
            }
            // A file that is there is whole.
            let part = folder.join(format!("{name}.part"));
            write_image(&layers, packer, &part)?;
            fs::rename(&part, &path)?;
        }
        made.push(Made { path, unpacked });
    }
    Ok(made)
}

fn write_layers(layers: &[PathBuf]) -> Result<()> {
    let parts: u64 = ROOTS.iter().map(|it| it.1).sum();
    let mut files = Vec::new();
    for (root, part) in ROOTS {
        let mut left = LENGTH / parts * part;
        take(Path::new(root), &mut left, &mut files)?;
    }
    if files.is_empty() {
        bail!("there are no files to make an image of");
    }
    for (path, files) in layers.iter().zip(files.chunks(files.len().div_ceil(layers.len()))) {
        let part = path.with_extension("part");
        let mut archive = tar::Builder::new(BufWriter::new(File::create(&part)?));
        for it in files {
            // What cannot be read is left out.
            if let Ok(mut file) = File::open(it) {
                archive.append_file(it.strip_prefix("/").unwrap_or(it), &mut file)?;
            }
        }
        archive.into_inner()?.flush()?;
        fs::rename(&part, path)?;
    }
    Ok(())
}

/// Files below a path, in the order of their names, until there are enough.
fn take(path: &Path, left: &mut u64, out: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_symlink() || *left == 0 {
        return Ok(());
    }
    if path.is_file() {
        let length = path.metadata().map_or(0, |it| it.len());
        if length <= LONGEST {
            *left = left.saturating_sub(length);
            out.push(path.to_owned());
        }
        return Ok(());
    }
    let Ok(entries) = path.read_dir() else { return Ok(()) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    paths.sort();
    paths.iter().try_for_each(|it| take(it, left, out))
}

/// An image as `docker save` writes it, its layers packed or not.
fn write_image(layers: &[PathBuf], packer: Option<&str>, to: &Path) -> Result<()> {
    let mut archive = tar::Builder::new(BufWriter::new(File::create(to)?));
    let (mut diff_ids, mut names) = (Vec::new(), Vec::new());
    for (number, layer) in layers.iter().enumerate() {
        let bytes = fs::read(layer)?;
        diff_ids.push(format!("\"sha256:{}\"", hex(&Sha256::digest(&bytes))));
        let stored = match packer {
            Some(it) => packed(it, layer)?,
            None => bytes,
        };
        let name = format!("{number}/layer.tar");
        append(&mut archive, &name, &stored)?;
        names.push(format!("\"{name}\""));
    }
    let config = format!(
        "{{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{{\"User\":\"1000\",\"Cmd\":[\"/usr/bin/env\"]}},\
         \"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[{}]}},\"history\":[]}}",
        diff_ids.join(",")
    );
    append(&mut archive, "config.json", config.as_bytes())?;
    let manifest = format!(
        "[{{\"Config\":\"config.json\",\"RepoTags\":[\"measured:1\"],\"Layers\":[{}]}}]",
        names.join(",")
    );
    append(&mut archive, "manifest.json", manifest.as_bytes())?;
    archive.into_inner()?.flush()?;
    Ok(())
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, content: &[u8]) -> Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append_data(&mut header, name, content)?;
    Ok(())
}

fn packed(packer: &str, layer: &Path) -> Result<Vec<u8>> {
    let mut command = Command::new(packer);
    command.arg("-c").stdin(File::open(layer)?).stderr(Stdio::inherit());
    let output = command.output().with_context(|| format!("cannot start {packer}"))?;
    if !output.status.success() {
        bail!("{packer} ended with {}", output.status);
    }
    Ok(output.stdout)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
