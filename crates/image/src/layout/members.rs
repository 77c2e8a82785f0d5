//! The files of an archive or folder: names, places, links; reading one of them.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::index::clean;
use crate::compression::{Packing, Unpacked};
use crate::gap::Trouble;
use crate::limits::Limits;
use crate::source::{Meter, Section, Source, Stream, Tap};
use crate::turns::{self, Next};

/// Where the bytes of a file are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Blob {
    /// Whether the place is one in the archive as it is when unpacked.
    pub(crate) packed: bool,
    source: usize,
    pub(crate) start: u64,
    pub(crate) length: u64,
}

impl Blob {
    /// A part of a source.
    pub(crate) fn file(source: usize, start: u64, length: u64) -> Self {
        Self { packed: false, source, start, length }
    }
}

/// A name in an archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Member {
    File(Blob),
    /// A link, with the name it leads to.
    Link(Box<str>),
}

/// The files of an archive.
#[derive(Default)]
pub(crate) struct Members<'a> {
    sources: Vec<Box<dyn Source + 'a>>,
    /// How the archive as a whole is packed.
    pub(crate) packing: Option<Packing>,
    names: BTreeMap<Box<str>, Member>,
    /// Small JSON files of an archive that is packed as a whole: reading them again would mean to
    /// unpack it again.
    pub(super) kept: BTreeMap<Blob, Vec<u8>>,
}

impl<'a> Members<'a> {
    /// An archive whose names are not known yet.
    pub(super) fn of_archive(source: Box<dyn Source + 'a>, packing: Packing) -> Self {
        let sources = vec![source];
        Self { sources, packing: Some(packing), ..Self::default() }
    }

    /// The files of a folder.
    pub(super) fn of_files(files: Vec<(String, Box<dyn Source + 'a>)>) -> Self {
        let mut members = Self::default();
        for (name, source) in files {
            let blob = Blob::file(members.sources.len(), 0, source.size());
            members.names.insert(clean(name.as_bytes()), Member::File(blob));
            members.sources.push(source);
        }
        members
    }

    /// Whether the archive as a whole is compressed, so that it can be read in order only.
    pub(super) fn is_packed(&self) -> bool {
        self.packing.is_some_and(|it| it != Packing::Plain)
    }

    /// Adds a name. Of several files of one name the last counts, as when unpacking.
    pub(super) fn insert(&mut self, name: Box<str>, member: Member) {
        self.names.insert(name, member);
    }

    /// A place in the archive.
    pub(super) fn blob(&self, start: u64, length: u64) -> Blob {
        Blob { packed: self.is_packed(), source: 0, start, length }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&clean(name.as_bytes()))
    }

    /// The file of a name, through links. Links that lead out, in a circle or nowhere lead to no
    /// file.
    pub(super) fn find(&self, name: &str) -> Option<Blob> {
        let mut name = clean(name.as_bytes());
        for _ in 0..8 {
            match self.names.get(&name)? {
                Member::File(it) => return Some(*it),
                Member::Link(target) => name = target.clone(),
            }
        }
        None
    }

    /// A stream of the bytes of a source.
    pub(crate) fn section(&self, blob: Blob) -> Option<Section<'_>> {
        let source = self.sources.get(blob.source)?;
        let end = blob.start.saturating_add(blob.length);
        Some(Section::new(source, blob.start, end))
    }

    /// Bytes of all sources together.
    pub(crate) fn size(&self) -> u64 {
        self.sources.iter().map(|it| it.size()).sum()
    }

    /// A stream of the archive, unpacked if it is packed as a whole.
    pub(crate) fn outer(&self, limits: &Limits, meter: Option<&Meter>) -> Option<Unpacked<'_>> {
        let source = self.sources.first()?;
        let whole = self.section(Blob::file(0, 0, source.size()))?;
        let tap = Tap::new(Box::new(whole), source.size(), None).metered(meter);
        let packing = self.packing.unwrap_or(Packing::Plain);
        Some(Unpacked::new(tap, packing, limits, limits.unpacked, None))
    }

    /// The content of a small file.
    pub(super) fn bytes(&self, blob: Blob, limits: &Limits) -> Result<Vec<u8>, Trouble> {
        if blob.length > limits.json {
            return Err(Trouble::TooLarge(limits.json));
        }
        if let Some(it) = self.kept.get(&blob) {
            return Ok(it.clone());
        }
        self.read(blob, blob.length, limits)
    }

    /// A part of what a packed file unpacks to. `watch` is asked while all before it is unpacked.
    pub(crate) async fn part(
        &self,
        blob: Blob,
        packing: Packing,
        (start, length): (u64, u64),
        limits: &Limits,
        watch: &mut dyn FnMut() -> Next,
    ) -> Result<Vec<u8>, Trouble> {
        if !blob.packed && packing == Packing::Plain {
            let start = blob.start.saturating_add(start);
            return self.read(Blob { start, length, ..blob }, length, limits);
        }
        let stream: Box<dyn Stream + '_> = if blob.packed {
            let mut outer = self.outer(limits, None).ok_or(Trouble::Cut)?;
            pass(&mut outer, blob.start, watch).await?;
            Box::new(outer)
        } else {
            Box::new(self.section(blob).ok_or(Trouble::Cut)?)
        };
        let tap = Tap::new(stream, blob.length, None);
        let mut unpacked = Unpacked::new(tap, packing, limits, limits.unpacked, None);
        pass(&mut unpacked, start, watch).await?;
        let mut content = Vec::new();
        unpacked.take(length).read_to_end(&mut content)?;
        Ok(content)
    }

    /// The first bytes of a file, at most `most`.
    pub(crate) fn read(&self, blob: Blob, most: u64, limits: &Limits) -> Result<Vec<u8>, Trouble> {
        let length = blob.length.min(most);
        let mut content = Vec::new();
        if blob.packed {
            let mut outer = self.outer(limits, None).ok_or(Trouble::Cut)?;
            if outer.skip(blob.start)? < blob.start {
                return Err(Trouble::Cut);
            }
            outer.take(length).read_to_end(&mut content)?;
        } else {
            let section = self.section(blob).ok_or(Trouble::Cut)?;
            section.take(length).read_to_end(&mut content)?;
        }
        if (content.len() as u64) < length { Err(Trouble::Cut) } else { Ok(content) }
    }
}

/// Passes over bytes of a stream, in steps so that it can be paused and stopped on the way.
pub(crate) async fn pass(
    stream: &mut dyn Stream,
    length: u64,
    watch: &mut dyn FnMut() -> Next,
) -> Result<(), Trouble> {
    const STEP: u64 = 1 << 20;
    let mut left = length;
    while left > 0 {
        let step = left.min(STEP);
        if stream.skip(step)? < step {
            return Err(Trouble::Cut);
        }
        left -= step;
        if !turns::asked(&mut *watch).await {
            return Err(Trouble::Stopped);
        }
    }
    Ok(())
}
