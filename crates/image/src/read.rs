//! The one pass over the layers of an image.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::compression::{MAGIC_LENGTH, Packing, Unpacked, packing};
use crate::digest::Digester;
use crate::facts::{Asked, Key, Program, Reader};
use crate::gap::{Gap, Gaps, Place, Trouble};
use crate::layers::{Collector, EntryId, Shared, Squashed, Table};
use crate::layout::{Archive, Blob, Image, Layer, pass};
use crate::packages::{Owned, Package, Record};
use crate::source::{Ahead, Meter, Stream, Tap};
use crate::tar::{Kind, walk};
use crate::turns::{self, Next};
use crate::visit::{Progress, Visit};

/// What to do while reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Which digests of layers to verify.
    pub digests: Digests,
    /// Sum the contents of files, to find equal ones.
    pub sums: bool,
    /// Read package databases, and packages that binaries and jars list.
    pub packages: bool,
    /// Read what programs need to run.
    pub programs: bool,
}

/// Which digests of a layer to compute. In a browser they take longer than anything else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Digests {
    /// None.
    None,
    /// One: of the layer as it is stored if the archive tells it, else of the layer unpacked.
    One,
    /// Both.
    Both,
}

impl Digests {
    /// Whether to compute that of the layer as it is stored, and that of the layer unpacked.
    fn of(self, layer: &Layer, packing: Packing) -> (bool, bool) {
        match self {
            Self::None => (false, false),
            // What is not packed has one digest only.
            Self::One | Self::Both if packing == Packing::Plain => (true, true),
            Self::One => (layer.digest.is_some(), layer.digest.is_none()),
            Self::Both => (true, true),
        }
    }
}

impl Default for Options {
    /// Everything.
    fn default() -> Self {
        Self { digests: Digests::Both, sums: true, packages: true, programs: true }
    }
}

/// A layer after it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadLayer {
    /// Whether it was there and was a layer. What of it could not be read is among the gaps.
    pub is_read: bool,
    /// How it is packed.
    pub packing: Packing,
    /// Bytes as it is stored.
    pub packed: u64,
    /// Bytes unpacked.
    pub unpacked: u64,
    /// Its digest as it is stored, if digests were asked for and it was read to its end.
    pub digest: Option<Box<str>>,
    /// Its digest unpacked, likewise.
    pub diff_id: Option<Box<str>>,
    /// The lower layer that is the same blob, which was read once.
    pub same_as: Option<u16>,
}

impl ReadLayer {
    const UNREAD: Self = Self {
        is_read: false,
        packing: Packing::Plain,
        packed: 0,
        unpacked: 0,
        digest: None,
        diff_id: None,
        same_as: None,
    };
}

/// What an image holds.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Its entries.
    pub table: Table,
    /// Its layers, lowest first.
    pub layers: Vec<ReadLayer>,
    /// Texts that were kept: os-release, accounts and the like.
    pub texts: BTreeMap<EntryId, Box<[u8]>>,
    /// Records of packages, in the order of their entries.
    pub records: Vec<Record>,
    /// Programs, libraries and scripts.
    pub programs: BTreeMap<EntryId, Program>,
    /// Programs and libraries of packages, by the file that lists them.
    pub owned: BTreeMap<EntryId, Vec<Owned>>,
    /// What could not be read, and what is odd.
    pub gaps: Vec<Gap>,
}

impl Archive<'_> {
    /// Reads the layers of one of the images. Nothing if there is no such image.
    pub fn read(&self, image: usize, options: &Options, visit: &mut dyn Visit) -> Option<Contents> {
        turns::finish(self.read_in_turns(image, options, visit))
    }

    /// The same, with a pause wherever the visitor wants one.
    pub async fn read_in_turns(
        &self,
        image: usize,
        options: &Options,
        visit: &mut dyn Visit,
    ) -> Option<Contents> {
        let image = self.images.get(image)?;
        let plan = Plan::new(image);
        let meter: Meter = Rc::new(Cell::new(0));
        let total = if plan.packed.is_empty() { plan.bytes } else { self.members.size() };
        let mut go_on = ask_each_megabyte(Rc::clone(&meter), total);
        let asked = Asked { packages: options.packages, programs: options.programs };
        let mut shared = Shared {
            table: Table::default(),
            reader: Reader::new(&self.limits, asked),
            gaps: Gaps::new(self.limits.gaps),
            limits: &self.limits,
            visit,
            sums: options.sums,
            unpacked: 0,
            go_on: &mut go_on,
        };
        let mut layers = vec![ReadLayer::UNREAD; image.layers.len()];
        for (number, layer) in (0..).zip(&image.layers) {
            shared.table.add_layer();
            if let Some(it) = &layer.trouble {
                shared.gaps.push(place(number, layer), it.clone());
            }
        }
        let digests = Vec::new();
        let mut pass = Pass { archive: self, image, options, meter, stopped: false, digests };
        pass.plain_layers(&plan, &mut shared, &mut layers).await;
        pass.packed_layers(&plan, &mut shared, &mut layers).await;
        pass.verify(&mut shared, &mut layers).await;
        for (number, original) in plan.repeats {
            shared.table.repeat(number, original);
            let read = layers.get(usize::from(original)).cloned();
            if let (Some(read), Some(layer)) = (read, layers.get_mut(usize::from(number))) {
                *layer = ReadLayer { same_as: Some(original), ..read };
            }
        }
        Some(contents(shared, layers))
    }
}

/// Calls for progress after every megabyte of the archive.
fn ask_each_megabyte(meter: Meter, total: u64) -> impl FnMut(&mut dyn Visit, u16) -> Next {
    // The first call asks, so that nothing is read for somebody who wants nothing.
    let (mut asked_at, mut calls) = (0, 15);
    move |visit, layer| {
        let done = meter.get();
        calls += 1;
        // Data that unpacks to much passes by without many bytes of the archive.
        if done < asked_at + (1 << 20) && calls < 16 {
            return Next::On;
        }
        let next = visit.progress(Progress { layer, done, total });
        // After a pause it is asked again at once.
        (asked_at, calls) = (done, if next == Next::Pause { 15 } else { 0 });
        next
    }
}

/// Whether a media type is that of a tar archive, of Docker or OCI.
fn is_tar(media_type: &str) -> bool {
    media_type.contains(".tar") || media_type.contains("rootfs.diff")
}

fn place(number: u16, layer: &Layer) -> Place {
    Place { layer: Some(number), ..Place::member(&layer.name) }
}

/// In which order blobs are read: each once, and those of an archive that is packed as a whole in
/// the order in which they come.
struct Plan {
    plain: Vec<(u16, Blob)>,
    packed: Vec<(u16, Blob)>,
    /// Layers whose blob a lower layer has too.
    repeats: Vec<(u16, u16)>,
    bytes: u64,
}

impl Plan {
    fn new(image: &Image) -> Self {
        let mut plan =
            Self { plain: Vec::new(), packed: Vec::new(), repeats: Vec::new(), bytes: 0 };
        let mut seen = BTreeMap::new();
        for (number, layer) in (0..=u16::MAX).zip(&image.layers) {
            let Some(blob) = layer.blob else { continue };
            if let Some(original) = seen.get(&blob) {
                plan.repeats.push((number, *original));
                continue;
            }
            seen.insert(blob, number);
            plan.bytes += blob.length;
            if blob.packed {
                let at = plan.packed.partition_point(|it| it.1.start < blob.start);
                plan.packed.insert(at, (number, blob));
            } else {
                plan.plain.push((number, blob));
            }
        }
        plan
    }
}

struct Pass<'a> {
    archive: &'a Archive<'a>,
    image: &'a Image,
    options: &'a Options,
    meter: Meter,
    stopped: bool,
    /// What computes the digests of layers that were read: of the layer as it is stored, and of the
    /// layer unpacked. Where that is done beside the reading, it need not wait for them.
    digests: Vec<(u16, [Option<Digester>; 2])>,
}

impl Pass<'_> {
    async fn plain_layers(
        &mut self,
        plan: &Plan,
        shared: &mut Shared<'_>,
        layers: &mut [ReadLayer],
    ) {
        for (number, blob) in &plan.plain {
            let Some(section) = self.archive.members.section(*blob) else { continue };
            let meter = Some(Rc::clone(&self.meter));
            self.layer(*number, *blob, Box::new(section), meter, shared, layers).await;
        }
    }

    async fn packed_layers(
        &mut self,
        plan: &Plan,
        shared: &mut Shared<'_>,
        layers: &mut [ReadLayer],
    ) {
        if plan.packed.is_empty() {
            return;
        }
        let limits = &self.archive.limits;
        let Some(mut outer) = self.archive.members.outer(limits, Some(&self.meter)) else { return };
        let mut position = 0_u64;
        for (number, blob) in &plan.packed {
            // Blobs that overlap are not in order; nobody writes them.
            let ahead = blob.start.checked_sub(position).ok_or(Trouble::Cut);
            let skipped = match ahead {
                Ok(it) => self.pass(*number, &mut outer, it, shared).await,
                Err(it) => Err(it),
            };
            match skipped {
                Ok(()) => position = blob.start,
                Err(it) => return self.say(*number, it, shared),
            }
            let outer = Box::new(&mut outer);
            position += self.layer(*number, *blob, outer, None, shared, layers).await;
        }
    }

    fn say(&self, number: u16, what: Trouble, shared: &mut Shared<'_>) {
        if let Some(layer) = self.image.layers.get(usize::from(number)) {
            shared.gaps.push(place(number, layer), what);
        }
    }

    /// Passes over bytes before or behind a layer.
    async fn pass(
        &mut self,
        number: u16,
        stream: &mut dyn Stream,
        length: u64,
        shared: &mut Shared<'_>,
    ) -> Result<(), Trouble> {
        if self.stopped {
            return Err(Trouble::Stopped);
        }
        let mut go_on = || (shared.go_on)(shared.visit, number);
        let passed = pass(stream, length, &mut go_on).await;
        self.stopped |= passed == Err(Trouble::Stopped);
        passed
    }

    /// Reads a layer. Says how many bytes of the stream were read.
    async fn layer<'s>(
        &mut self,
        number: u16,
        blob: Blob,
        stream: Box<dyn Stream + 's>,
        meter: Option<Meter>,
        shared: &mut Shared<'_>,
        layers: &mut [ReadLayer],
    ) -> u64 {
        let layer = self.image.layers.get(usize::from(number));
        let read = layers.get_mut(usize::from(number));
        let (Some(layer), Some(read)) = (layer, read) else { return 0 };
        if self.stopped {
            self.say(number, Trouble::Stopped, shared);
            return 0;
        }
        let most = MAGIC_LENGTH.min(usize::try_from(blob.length).unwrap_or(MAGIC_LENGTH));
        let ahead = Ahead::new(stream, most).map_err(Trouble::from);
        let ahead = ahead.and_then(|it| Ok((packing(it.head())?, it)));
        let (packing, ahead) = match ahead {
            Ok(it) => it,
            Err(it) => {
                self.say(number, it, shared);
                return most as u64;
            }
        };
        let limits = &self.archive.limits;
        let (stored, unpacked) = self.options.digests.of(layer, packing);
        let digester = |wanted: bool| wanted.then(|| Digester::new(self.archive.beside.as_deref()));
        let tap = Tap::new(Box::new(ahead), blob.length, digester(stored));
        let left = limits.unpacked.saturating_sub(shared.unpacked);
        let tap = tap.metered(meter.as_ref());
        let mut stream = Unpacked::new(tap, packing, limits, left, digester(unpacked));
        let mut collector = Collector::new(shared, number, &layer.name);
        let walked = walk(&mut stream, limits, &mut collector).await;
        self.stopped = collector.is_stopped();
        let said = collector.last_trouble();
        read.is_read = walked.is_tar;
        read.packing = packing;
        read.packed = stream.packed();
        if let Some(kind) = layer.media_type.as_deref().filter(|it| !read.is_read && !is_tar(it)) {
            self.say(number, Trouble::UnknownLayer(kind.into()), shared);
        }
        // The rest would only be read for the digests, and it may be much.
        if walked.is_early {
            return read.packed;
        }
        // The rest has no files, but digests are of all of it. What ails it is told at its end.
        if self.pass(number, &mut stream, u64::MAX, shared).await == Err(Trouble::Stopped) {
            self.say(number, Trouble::Stopped, shared);
            return stream.packed();
        }
        let finished = stream.finish();
        if let Some(it) = finished.trouble.filter(|it| said.as_ref() != Some(it)) {
            self.say(number, it, shared);
        }
        shared.unpacked += finished.unpacked;
        read.packed = finished.packed;
        read.unpacked = finished.unpacked;
        let mut digests = [finished.packed_digest, finished.digest];
        digests.iter_mut().flatten().for_each(Digester::end);
        self.digests.push((number, digests));
        read.packed
    }

    /// Awaits the digests, and compares them.
    async fn verify(&mut self, shared: &mut Shared<'_>, layers: &mut [ReadLayer]) {
        for (number, digests) in std::mem::take(&mut self.digests) {
            let mut found = [None, None];
            for (digester, found) in digests.into_iter().zip(&mut found) {
                let Some(digester) = digester else { continue };
                *found = digester.finish().await;
                if found.is_none() {
                    self.say(number, Trouble::NoDigest, shared);
                }
            }
            let layer = self.image.layers.get(usize::from(number));
            let read = layers.get_mut(usize::from(number));
            let (Some(layer), Some(read)) = (layer, read) else { continue };
            [read.digest, read.diff_id] = found;
            if read.packing == Packing::Plain {
                read.diff_id.clone_from(&read.digest);
            }
            self.compare(number, layer, read, shared);
        }
    }

    /// Compares digests with those that manifest and configuration tell.
    fn compare(&self, number: u16, layer: &Layer, read: &ReadLayer, shared: &mut Shared<'_>) {
        let unpacked: fn(_, _) -> _ =
            if layer.is_chunked { Trouble::ChunkedDiffId } else { Trouble::DiffIdDiffers };
        let pairs = [
            (&layer.digest, &read.digest, Trouble::DigestDiffers as fn(_, _) -> _),
            (&layer.diff_id, &read.diff_id, unpacked),
        ];
        for (expected, found, differs) in pairs {
            let (Some(expected), Some(found)) = (expected, found) else { continue };
            if !expected.starts_with("sha256:") {
                let kind = expected.split(':').next().unwrap_or_default();
                self.say(number, Trouble::UnknownDigest(kind.into()), shared);
            } else if !expected.eq_ignore_ascii_case(found) {
                self.say(number, differs(expected.clone(), found.clone()), shared);
            }
        }
    }
}

impl Contents {
    /// Whether containers have the file of a record, and not a newer one.
    pub fn is_shipped(&self, squashed: &Squashed, record: &Record) -> bool {
        let path = self.table.get(record.entry).map(|it| it.path);
        let there = path.and_then(|it| squashed.entry(it));
        there.is_some_and(|it| self.table.origin(it) == record.entry)
    }

    /// The layer that brought a package: the lowest from which on every version of the record's
    /// file lists it.
    pub fn since(&self, record: &Record, package: &Package) -> Option<u16> {
        let mut entry = self.table.get(record.entry)?;
        let mut since = entry.layer;
        while let Some(id) = self.table.older(entry) {
            entry = self.table.get(id)?;
            let key = (self.table.origin(id), record.system);
            let at = self.records.binary_search_by_key(&key, |it| (it.entry, it.system));
            let older = at.ok().and_then(|it| self.records.get(it));
            let same = |it: &&Package| it.name == package.name && it.version == package.version;
            if older.is_none_or(|it| it.packages.iter().find(same).is_none()) {
                break;
            }
            since = entry.layer;
        }
        Some(since)
    }
}

impl Archive<'_> {
    /// Reads the content of a file once more, at most `most` bytes: of an image that was read, for
    /// showing it. Of packed layers all that comes before it has to be unpacked.
    ///
    /// # Errors
    /// When the archive cannot be read any more, or the entry is none with content.
    pub fn content(
        &self,
        image: usize,
        contents: &Contents,
        id: EntryId,
        most: u64,
    ) -> Result<Vec<u8>, Trouble> {
        turns::finish(self.content_in_turns(image, contents, id, most, &mut || Next::On))
    }

    /// The same, asking `watch` on the way.
    ///
    /// # Errors
    /// Likewise, and when it is stopped.
    pub async fn content_in_turns(
        &self,
        image: usize,
        contents: &Contents,
        id: EntryId,
        most: u64,
        watch: &mut dyn FnMut() -> Next,
    ) -> Result<Vec<u8>, Trouble> {
        let found = contents.table.content_of(id).map(|it| contents.table.origin(it));
        let entry = found.and_then(|it| contents.table.get(it)).ok_or(Trouble::DanglingHardLink)?;
        let layer = self.images.get(image).and_then(|it| it.layers.get(usize::from(entry.layer)));
        let blob = layer.and_then(|it| it.blob).ok_or(Trouble::Cut)?;
        let read = contents.layers.get(usize::from(entry.layer));
        let packing = read.map_or(Packing::Plain, |it| it.packing);
        let part = (entry.start(), contents.table.stored(entry).min(most));
        self.members.part(blob, packing, part, &self.limits, watch).await
    }
}

fn contents(shared: Shared<'_>, layers: Vec<ReadLayer>) -> Contents {
    let Shared { mut table, reader, mut gaps, limits, .. } = shared;
    if !table.complete(limits.entries) {
        gaps.push(Place::default(), Trouble::TooManyEntries(limits.entries));
    }
    for (id, entry) in table.iter().filter(|(_, it)| it.kind == Kind::HardLink) {
        if entry.is_effective() && table.content_of(id).is_none() {
            let path = Some(table.paths.visible(entry.path).into());
            let at = Place { layer: Some(entry.layer), path, ..Place::default() };
            gaps.push(at, Trouble::DanglingHardLink);
        }
    }
    let found = reader.found;
    let id = |(layer, number): Key| table.id(layer, number);
    let (mut texts, mut programs) = (BTreeMap::new(), BTreeMap::new());
    for (key, it) in found.texts {
        id(key).map(|id| texts.insert(id, it));
    }
    for (key, it) in found.programs {
        id(key).map(|id| programs.insert(id, it));
    }
    let mut owned = BTreeMap::new();
    for (key, it) in found.owned {
        id(key).map(|id| owned.insert(id, it));
    }
    let records = found.records.into_iter();
    let mut records: Vec<Record> = records
        .filter_map(|(key, system, packages)| Some(Record { entry: id(key)?, system, packages }))
        .collect();
    text::order::sort_by_key(&mut records, |it| (it.entry, it.system));
    Contents { table, layers, texts, records, programs, owned, gaps: gaps.into_list() }
}
