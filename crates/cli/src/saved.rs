//! Saved images among the files: found by their content, opened, and never held in memory.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use image::{Archive, Limits, Seeking, Source};
use rules::{Saved, Wanted};

use crate::arguments::Given;
use crate::check::{self, Input};

/// Deeper folders are none of an image layout.
const MOST_DEPTH: usize = 4;
/// More files are none of an image layout either.
const MOST_FILES: usize = 100_000;

/// An opened archive or folder.
pub(crate) struct Opened {
    /// How many of the other files were named before it.
    pub(crate) after: usize,
    /// Its file.
    pub(crate) file: PathBuf,
    name: String,
    bytes: u64,
    pub(crate) archive: Archive<'static>,
}

impl Opened {
    /// It, and which of its images is meant.
    pub(crate) fn saved<'a>(&'a self, given: &'a Given) -> Saved<'a> {
        let wanted = Wanted { image: given.image.as_deref(), platform: given.platform.as_deref() };
        self.wanted(wanted)
    }

    /// It, and which of its images is meant.
    pub(crate) fn wanted<'a>(&'a self, wanted: Wanted<'a>) -> Saved<'a> {
        Saved {
            name: &self.name,
            bytes: self.bytes,
            archive: &self.archive,
            wanted,
            after: self.after,
            keep: false,
        }
    }
}

/// A file, told by its first bytes.
enum Handed {
    Image(Box<Opened>),
    Other(Input),
}

/// Takes the saved image out of the files, if there is one, and reads the others.
pub(crate) fn split(files: &[PathBuf]) -> Result<(Option<Opened>, Vec<Input>)> {
    let mut found: Option<Opened> = None;
    let mut rest = Vec::new();
    for file in files {
        match (handed(file)?, &found) {
            (Handed::Other(it), _) => rest.push(it),
            (Handed::Image(it), Some(first)) => {
                let (first, second) = (&first.name, &it.name);
                bail!("{first} and {second} are both saved images; check one at a time");
            }
            (Handed::Image(it), None) => found = Some(Opened { after: rest.len(), ..*it }),
        }
    }
    Ok((found, rest))
}

fn handed(file: &Path) -> Result<Handed> {
    if !check::is_standard_input(file) {
        return Ok(match is_saved(file)? {
            true => Handed::Image(Box::new(open(file)?)),
            false => Handed::Other(check::read(file)?),
        });
    }
    let mut input = std::io::stdin().lock();
    let mut bytes = Vec::new();
    let head = input.by_ref().take(image::HEAD as u64).read_to_end(&mut bytes);
    head.context(check::NO_STANDARD_INPUT)?;
    if image::is_archive(&bytes) {
        return Ok(Handed::Image(Box::new(put_down(&bytes, input)?)));
    }
    input.read_to_end(&mut bytes).context(check::NO_STANDARD_INPUT)?;
    Ok(Handed::Other(Input::of_standard_input(bytes)))
}

/// Opens a saved image that comes through a pipe. It is read here and there, so it has to lie
/// somewhere first: in a temporary file, of which nothing is left.
fn put_down(head: &[u8], mut rest: impl Read) -> Result<Opened> {
    let cannot = "cannot put the saved image from standard input into a temporary file";
    let mut file = tempfile::tempfile().context(cannot)?;
    file.write_all(head).context(cannot)?;
    std::io::copy(&mut rest, &mut file).context(cannot)?;
    let source = Box::new(Seeking::new(file).context(cannot)?);
    let file = PathBuf::from("-");
    let name = check::STANDARD_INPUT.to_owned();
    let bytes = source.size();
    Ok(Opened { after: 0, file, name, bytes, archive: Archive::open(source, &Limits::native()) })
}

/// Opens a saved image.
pub(crate) fn open(file: &Path) -> Result<Opened> {
    if check::is_standard_input(file) {
        return put_down(&[], std::io::stdin().lock());
    }
    let name = file.display().to_string();
    let limits = Limits::native();
    if file.is_dir() {
        let mut files = Vec::new();
        collect(file, "", 0, &mut files)?;
        let bytes = files.iter().map(|it| it.1.size()).sum();
        let archive = Archive::open_files(files, &limits);
        return Ok(Opened { after: 0, file: file.to_owned(), name, bytes, archive });
    }
    let source = source(file)?;
    let bytes = source.size();
    let archive = Archive::open(source, &limits);
    Ok(Opened { after: 0, file: file.to_owned(), name, bytes, archive })
}

fn is_saved(file: &Path) -> Result<bool> {
    if file.is_dir() {
        let has = |it: &str| file.join(it).is_file();
        return Ok(has("index.json") || has("manifest.json"));
    }
    let cannot = || format!("cannot read {}", file.display());
    let mut head = Vec::new();
    let opened = File::open(file).with_context(cannot)?;
    opened.take(image::HEAD as u64).read_to_end(&mut head).with_context(cannot)?;
    Ok(image::is_archive(&head))
}

fn source(file: &Path) -> Result<Box<dyn Source>> {
    let cannot = || format!("cannot read {}", file.display());
    let opened = File::open(file).with_context(cannot)?;
    Ok(Box::new(Seeking::new(opened).with_context(cannot)?))
}

type Files = Vec<(String, Box<dyn Source>)>;

/// The files of a folder, in order of their names. Links are not followed.
fn collect(folder: &Path, prefix: &str, depth: usize, files: &mut Files) -> Result<()> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries = std::fs::read_dir(folder)
        .with_context(cannot)?
        .collect::<std::io::Result<Vec<_>>>()
        .with_context(cannot)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for it in entries {
        let kind = it.file_type().with_context(cannot)?;
        let name = format!("{prefix}{}", it.file_name().to_string_lossy());
        if kind.is_dir() && depth < MOST_DEPTH {
            collect(&it.path(), &format!("{name}/"), depth + 1, files)?;
        } else if kind.is_file() {
            if files.len() >= MOST_FILES {
                bail!("{} has too many files for an image layout", folder.display());
            }
            files.push((name, source(&it.path())?));
        }
    }
    Ok(())
}
