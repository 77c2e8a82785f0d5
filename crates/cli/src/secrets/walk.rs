//! Finds the files and scans them, several at a time. Memory does not grow with the size of a
//! file: it is read in chunks, and once more up to the last hit if there is any.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use anyhow::{Context, Result};
use ignore::{DirEntry, WalkBuilder, WalkState};
use secrets::{Hit, Options, Scanner, Scrubber};

const CHUNK: usize = 256 << 10;

/// A file that was looked at.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// What was found, or why it could not be read.
    pub(super) outcome: Result<Scanned, String>,
}

/// What was found in a file.
pub(super) struct Scanned {
    /// Each with its line and column, from 1.
    pub(super) hits: Vec<(Hit, (u64, u64))>,
    pub(super) scrubber: Scrubber,
    pub(super) bytes: u64,
    pub(super) dropped: u64,
}

/// Scans all files below some paths, in no order.
pub(super) fn scan(paths: &[PathBuf], no_ignore: bool, options: &Options) -> Result<Vec<File>> {
    let (first, rest) = paths.split_first().context("no path")?;
    let mut builder = WalkBuilder::new(first);
    for path in rest {
        builder.add(path);
    }
    builder.hidden(false).follow_links(false).filter_entry(|it| !is_object_store(it));
    if no_ignore {
        builder.standard_filters(false);
    } else {
        // Ignore files count outside of a repository, too.
        builder.require_git(false);
    }
    let (send, receive) = mpsc::channel();
    builder.build_parallel().run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            if let Some(file) = visit(entry, options) {
                let _ = send.send(file);
            }
            WalkState::Continue
        })
    });
    drop(send);
    Ok(receive.into_iter().collect())
}

/// Git keeps its objects compressed: nothing can be read in them.
fn is_object_store(entry: &DirEntry) -> bool {
    let parent = entry.path().parent().and_then(Path::file_name);
    entry.file_name() == "objects" && parent.is_some_and(|it| it == ".git")
}

fn visit(entry: Result<DirEntry, ignore::Error>, options: &Options) -> Option<File> {
    let entry = match entry {
        Ok(it) => it,
        Err(error) => {
            let why = error.to_string();
            return Some(File { path: PathBuf::from("(walking)"), outcome: Err(why) });
        }
    };
    // Links are not followed; pipes and devices hold no files.
    if !entry.file_type().is_some_and(|it| it.is_file()) {
        return None;
    }
    let path = entry.into_path();
    let outcome = scan_file(&path, options).map_err(|it| it.to_string());
    Some(File { path, outcome })
}

fn scan_file(path: &Path, options: &Options) -> io::Result<Scanned> {
    let mut file = fs::File::open(path)?;
    let name = path.to_string_lossy();
    let mut scanner = Scanner::new(options, Some(&name));
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(it) => it,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        scanner.feed(buffer.get(..length).unwrap_or_default());
        bytes += u64::try_from(length).unwrap_or_default();
    }
    let scan = scanner.finish();
    let positions = positions(path, &scan.hits, &mut buffer)?;
    let hits = scan.hits.into_iter().zip(positions).collect();
    Ok(Scanned { hits, scrubber: scan.scrubber, bytes, dropped: scan.dropped })
}

/// Lines and columns of hits, which are in order.
fn positions(path: &Path, hits: &[Hit], buffer: &mut [u8]) -> io::Result<Vec<(u64, u64)>> {
    let mut out = Vec::with_capacity(hits.len());
    if hits.is_empty() {
        return Ok(out);
    }
    let mut file = fs::File::open(path)?;
    let (mut line, mut line_start, mut at) = (1, 0, 0);
    let mut waiting = hits.iter().map(|it| it.place.offset).peekable();
    while waiting.peek().is_some() {
        let length = file.read(buffer)?;
        if length == 0 {
            break;
        }
        for byte in buffer.get(..length).unwrap_or_default() {
            while waiting.peek() == Some(&at) {
                waiting.next();
                out.push((line, at - line_start + 1));
            }
            at += 1;
            if *byte == b'\n' {
                line += 1;
                line_start = at;
            }
        }
    }
    // A file that changed between the two looks.
    out.resize(hits.len(), (line, 1));
    Ok(out)
}
