//! The files of the sample: spread evenly over what lies below each root, and the same in every
//! run on the same machine.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file that is larger says more about itself than about the sample.
const LARGEST: u64 = 32 << 20;
/// Files are read into memory until there are this many bytes of them.
const BATCH: u64 = 16 << 20;

/// The chosen files.
pub(crate) struct Sample {
    pub(crate) list: Vec<(PathBuf, u64)>,
    pub(crate) bytes: u64,
    /// How many of them lie below each root.
    pub(crate) roots: Vec<(PathBuf, u64)>,
    /// Bytes of the largest batch.
    pub(crate) largest: u64,
}

/// Some files in memory.
pub(crate) struct Batch {
    bytes: Vec<u8>,
    files: Vec<(String, Range<usize>)>,
}

impl Batch {
    /// Each file with its path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, range)| (&**path, self.bytes.get(range.clone()).unwrap_or_default()))
    }
}

/// Where to look when nothing is said: C headers, shared libraries, sources of Rust packages.
pub(crate) fn usual() -> Vec<PathBuf> {
    let mut out = vec![PathBuf::from("/usr/include"), PathBuf::from("/usr/lib")];
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    out.extend(home.map(|it| it.join("registry/src")));
    out.retain(|it| it.is_dir());
    out
}

/// Takes about `most` bytes, as many below each root.
pub(crate) fn choose(roots: &[PathBuf], most: u64) -> Result<Sample> {
    let mut all = Vec::new();
    for root in roots {
        let mut files = Vec::new();
        walk(root, &mut files).with_context(|| format!("cannot read {}", root.display()))?;
        files.sort();
        let bytes = files.iter().map(|it| it.1).sum::<u64>();
        all.push((root.clone(), files, bytes));
    }
    // A root that has less leaves its share to the others.
    all.sort_by_key(|it| it.2);
    let mut sample = Sample { list: Vec::new(), bytes: 0, roots: Vec::new(), largest: 0 };
    for (done, (root, files, bytes)) in all.iter().enumerate() {
        let share = (most - sample.bytes.min(most)) / (all.len() - done) as u64;
        let taken = spread(files, *bytes, share);
        let sum = taken.iter().map(|it| it.1).sum();
        sample.bytes += sum;
        sample.roots.push((root.clone(), sum));
        sample.list.extend(taken);
    }
    let sizes = sample.cuts().map(|cut| cut.iter().map(|it| it.1).sum());
    sample.largest = sizes.max().unwrap_or_default();
    Ok(sample)
}

/// Files out of `files`, of `bytes` in all, until every part of the list has given its part of
/// `share`.
fn spread(files: &[(PathBuf, u64)], bytes: u64, share: u64) -> Vec<(PathBuf, u64)> {
    let (mut passed, mut taken) = (0_u128, 0_u128);
    let mut out = Vec::new();
    for file in files {
        passed += u128::from(file.1);
        // As many as belong to what was passed, give or take half of this file.
        if (taken + u128::from(file.1 / 2)) * u128::from(bytes) <= passed * u128::from(share) {
            taken += u128::from(file.1);
            out.push(file.clone());
        }
    }
    out
}

fn walk(path: &Path, out: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    let meta = fs::symlink_metadata(path)?;
    if meta.is_file() {
        if (1..=LARGEST).contains(&meta.len()) {
            out.push((path.to_owned(), meta.len()));
        }
        return Ok(());
    }
    if meta.is_dir() {
        for entry in fs::read_dir(path)? {
            walk(&entry?.path(), out)?;
        }
    }
    Ok(())
}

impl Sample {
    fn cuts(&self) -> impl Iterator<Item = &[(PathBuf, u64)]> {
        let mut left = &*self.list;
        std::iter::from_fn(move || {
            let mut size = 0;
            let fits = |it: &&(PathBuf, u64)| {
                size += it.1;
                size <= BATCH
            };
            let count = left.iter().take_while(fits).count().max(1);
            let (now, later) = left.split_at_checked(count)?;
            left = later;
            Some(now)
        })
    }

    /// The files, some at a time.
    pub(crate) fn batches(&self) -> impl Iterator<Item = Result<Batch>> {
        self.cuts().map(read)
    }

    /// Copies the files to a folder, so that programs can be pointed at it.
    pub(crate) fn copy_to(&self, folder: &Path) -> Result<()> {
        for (path, _) in &self.list {
            let inner = path.strip_prefix("/").unwrap_or(path);
            let target = folder.join(inner);
            fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
            fs::copy(path, target)?;
        }
        Ok(())
    }
}

fn read(files: &[(PathBuf, u64)]) -> Result<Batch> {
    let mut batch = Batch { bytes: Vec::new(), files: Vec::new() };
    for (path, _) in files {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let start = batch.bytes.len();
        batch.bytes.extend_from_slice(&bytes);
        batch.files.push((path.to_string_lossy().into_owned(), start..batch.bytes.len()));
    }
    Ok(batch)
}
