//! Saved images that others made: what is read of them against what an independent reader says,
//! dive's figures, layouts in folders, odd tar files, package databases, and all of them cut off.

mod counts;
mod packages;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use image::{Archive, Efficiency, Limits, Options, Seeking, Source};

use crate::Figure;

/// Why something is not as the independent reader has it.
const REASONS: &[(&str, &str)] =
    &[(".xz", "xz is refused by name; no image tool writes it, only old ones read it")];

/// What dive says of its own sample: efficiency, size, size of the image's own layers, wasted
/// bytes, and their share.
const DIVE: &str = "0.9844212134184309 1220598 66237 32025 0.4834911001404049";

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let samples = shared.join("samples");
    let mut figures = vec![counts::measure(&samples)?, dive(&samples)?, layouts(&samples)?];
    figures.push(odd(&samples)?);
    figures.push(cuts(&samples)?);
    figures.extend(packages::measure(&samples)?);
    Ok(figures)
}

fn figure(name: &str, right: usize, all: usize, reasons: usize) -> Figure {
    let reasons = match reasons {
        0 => String::new(),
        n => format!(", {n} with a reason"),
    };
    Figure {
        name: format!("archives: {name}"),
        value: format!("{right} of {all}{reasons}"),
        reached: right == all && all > 0,
        binding: true,
    }
}

fn reason(path: &str) -> Option<&'static str> {
    REASONS.iter().find(|it| path.ends_with(it.0)).map(|it| it.1)
}

fn open(path: &Path) -> Result<Archive<'static>> {
    Ok(Archive::open(source(path)?, &Limits::native()))
}

fn source(path: &Path) -> Result<Box<dyn Source>> {
    let file = File::open(path).with_context(|| format!("no {}", path.display()))?;
    Ok(Box::new(Seeking::new(file)?))
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut out, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(it) = folders.pop() {
        for entry in it.read_dir().with_context(|| format!("no {}", it.display()))? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { out.push(path) }
        }
    }
    out.sort();
    Ok(out)
}

fn shown(path: &Path, samples: &Path) -> String {
    path.strip_prefix(samples).unwrap_or(path).display().to_string()
}

fn dive(samples: &Path) -> Result<Figure> {
    let archive = open(&samples.join("archives/dive/test-docker-image.tar"))?;
    let contents = archive.read(0, &Options::default(), &mut ()).context("no image in it")?;
    let it = Efficiency::new(&contents.table);
    let ours =
        format!("{} {} {} {} {}", it.score, it.size, it.user_size, it.wasted, it.wasted_share);
    let same = ours == DIVE;
    if !same {
        println!("dive: {DIVE} expected, {ours} found");
    }
    Ok(figure("dive's five figures of its own image", usize::from(same), 1, 0))
}

/// Every layout in a folder gives images whose layers are all read, or says why not.
fn layouts(samples: &Path) -> Result<Figure> {
    let mut folders = BTreeSet::new();
    for path in files(&samples.join("oci-layout"))? {
        let name = path.file_name().and_then(|it| it.to_str());
        if matches!(name, Some("index.json" | "manifest.json")) {
            folders.extend(path.parent().map(Path::to_path_buf));
        }
    }
    let (mut right, mut told) = (0, 0);
    for folder in &folders {
        let mut sources = Vec::new();
        for it in files(folder)? {
            sources.push((shown(&it, folder), source(&it)?));
        }
        let archive = Archive::open_files(sources, &Limits::native());
        let mut gaps: BTreeSet<&str> = archive.gaps().iter().map(|it| it.what.name()).collect();
        let mut is_whole = !archive.images.is_empty();
        let mut counts = Vec::new();
        for number in 0..archive.images.len() {
            let contents = archive.read(number, &Options::default(), &mut ());
            let contents = contents.context("an image that is not there")?;
            let read = contents.layers.iter().filter(|it| it.is_read).count();
            is_whole &= read == contents.layers.len();
            counts.push(format!(
                "{read}/{} layers, {} entries",
                contents.layers.len(),
                contents.table.len()
            ));
            gaps.extend(contents.gaps.iter().map(|it| it.what.name()));
        }
        let is_told = !gaps.is_empty();
        right += usize::from(is_whole || is_told);
        told += usize::from(!is_whole && is_told);
        let gaps: Vec<&str> = gaps.into_iter().collect();
        println!("{}: {} [{}]", shown(folder, samples), counts.join("; "), gaps.join(" "));
    }
    Ok(figure("layouts in folders that are read, or say why not", right, folders.len(), told))
}

/// Every odd tar file gives entries, or a named reason.
fn odd(samples: &Path) -> Result<Figure> {
    let (mut right, mut all, mut told) = (0, 0, 0);
    for path in files(&samples.join("tar-edge"))? {
        let archive = open(&path)?;
        let contents = archive.read(0, &Options::default(), &mut ());
        let gaps = contents.as_ref().map(|it| &it.gaps[..]).unwrap_or_default();
        let gaps: BTreeSet<&str> =
            archive.gaps().iter().chain(gaps).map(|it| it.what.name()).collect();
        let entries = contents.as_ref().map_or(0, |it| it.table.len());
        all += 1;
        right += usize::from(entries > 0 || !gaps.is_empty());
        told += usize::from(entries == 0 && !gaps.is_empty());
        let gaps: Vec<&str> = gaps.into_iter().collect();
        println!("{}: {entries} entries [{}]", shown(&path, samples), gaps.join(" "));
    }
    Ok(figure("odd tar files that are read or refused by name", right, all, told))
}

/// Larger samples would take minutes to cut at every block.
const MOST_CUT: u64 = 100_000;

/// Every sample cut off at every block: what is lost has to be told of.
fn cuts(samples: &Path) -> Result<Figure> {
    let (mut right, mut all) = (0, 0);
    let mut paths = files(&samples.join("archives"))?;
    paths.extend(files(&samples.join("tar-edge"))?);
    for path in paths {
        let is_tar = path.to_string_lossy().contains(".tar");
        if !is_tar || path.metadata()?.len() > MOST_CUT {
            continue;
        }
        let whole = std::fs::read(&path)?;
        let (entries, gaps, images) = told(&whole);
        for cut in (512..whole.len()).step_by(512) {
            all += 1;
            let here = told(whole.get(..cut).unwrap_or_default());
            let is_silent = (here.0 < entries || here.2 < images) && here.1 == 0 && gaps == 0;
            right += usize::from(!is_silent);
            if is_silent {
                println!("{} cut at {cut}: nothing is told", shown(&path, samples));
            }
        }
    }
    Ok(figure("samples cut off at every block that tell what is lost", right, all, 0))
}

/// How many entries, gaps and images there are.
fn told(bytes: &[u8]) -> (usize, usize, usize) {
    let archive = Archive::open(Box::new(bytes), &Limits::native());
    let contents = archive.read(0, &Options::default(), &mut ());
    let entries = contents.as_ref().map_or(0, |it| it.table.len());
    let gaps = contents.map_or(0, |it| it.gaps.len()) + archive.gaps().len();
    (entries, gaps, archive.images.len())
}
