//! The table of entries: what every layer holds, in records of a fixed size.

use std::collections::BTreeMap;

use super::capabilities::Capabilities;
use super::chunks::Chunks;
use super::paths::{NONE, PathId, Paths, Texts};
use crate::tar::{BLOCK, Kind};

/// An entry of a layer. There can be millions, so it is kept small.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Bytes of the file; of sparse files with their holes.
    pub size: u64,
    /// XXH64 of the content as it is stored, or 0 if it was not computed or not all there.
    pub sum: u64,
    /// Where it is. For whiteouts: what it takes away.
    pub path: PathId,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Seconds since 1970; what does not fit is the nearest number that does.
    pub mtime: u32,
    /// The block of the unpacked layer where the content starts.
    pub(crate) block: u32,
    /// Symbolic links: where the target is among the texts. Hard links: the target's path.
    pub(crate) link: u32,
    /// The entry before this one at the same path, in this or a lower layer.
    pub(crate) older: u32,
    /// Number of what few entries have.
    pub(crate) extra: u32,
    /// Permission bits, set-user-id 0o4000, set-group-id 0o2000 and sticky bit 0o1000.
    pub mode: u16,
    /// The layer's number.
    pub layer: u16,
    /// What it is.
    pub kind: Kind,
    pub(crate) flags: u8,
}

const _: () = assert!(size_of::<Entry>() == 56);

/// Marks of an entry.
pub(crate) mod flag {
    /// Behind the end mark of the layer.
    pub(crate) const AFTER_END: u8 = 1;
    /// Its name led out of the root.
    pub(crate) const ESCAPES: u8 = 2;
    /// It was put where a symbolic link of its layer leads.
    pub(crate) const THROUGH_LINK: u8 = 4;
    /// Not part of the file system: tables of contents, whiteout debris.
    pub(crate) const META: u8 = 8;
    /// A directory that hides what lower layers have in it (overlayfs' own mark).
    pub(crate) const OPAQUE: u8 = 16;
    /// Has holes.
    pub(crate) const SPARSE: u8 = 32;
    /// Its content is cut off.
    pub(crate) const CUT: u8 = 64;
}

impl Entry {
    /// Whether running containers see it: it is not behind the end mark, no table of contents and
    /// no debris. Whiteouts take effect but are not seen.
    pub fn is_effective(&self) -> bool {
        self.flags & (flag::AFTER_END | flag::META) == 0
    }

    /// Whether it stands behind the layer's end mark, where container engines do not look.
    pub fn is_after_end(&self) -> bool {
        self.flags & flag::AFTER_END != 0
    }

    /// Whether it belongs to the image format and not to the file system: eStargz's table of
    /// contents and landmarks, leftovers of AUFS.
    pub fn is_meta(&self) -> bool {
        self.flags & flag::META != 0
    }

    /// Whether its name led out of the root by `..` and was kept inside.
    pub fn escapes(&self) -> bool {
        self.flags & flag::ESCAPES != 0
    }

    /// Whether its name led through a symbolic link of its own layer; its path is where that leads.
    pub fn is_through_link(&self) -> bool {
        self.flags & flag::THROUGH_LINK != 0
    }

    /// Whether it is a sparse file.
    pub fn is_sparse(&self) -> bool {
        self.flags & flag::SPARSE != 0
    }

    /// Whether the layer ends before its content does.
    pub fn is_cut(&self) -> bool {
        self.flags & flag::CUT != 0
    }

    /// Offset of the content in the unpacked layer.
    pub fn start(&self) -> u64 {
        u64::from(self.block) * BLOCK as u64
    }

    /// Whether the directory hides what lower layers have in it.
    pub(crate) fn is_opaque(&self) -> bool {
        self.kind == Kind::Opaque || self.flags & flag::OPAQUE != 0
    }
}

/// An entry in the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntryId(pub(crate) u32);

/// What few entries have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Extra {
    /// File capabilities.
    pub capabilities: Option<Capabilities>,
    /// Major and minor number of a device.
    pub device: Option<(u32, u32)>,
    /// Bytes that are in the layer, for sparse files.
    pub stored: Option<u64>,
}

/// All entries of all layers of an image.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Their paths.
    pub paths: Paths,
    layers: Vec<Layer>,
    /// Targets of symbolic links.
    targets: Texts,
    target_places: Vec<(u32, u16)>,
    extras: Vec<Extra>,
    extra_numbers: BTreeMap<Extra, u32>,
    /// For every path its newest entry, once the table is complete.
    newest: Vec<u32>,
    n_entries: usize,
}

#[derive(Clone, Debug, Default)]
struct Layer {
    entries: Chunks<Entry>,
    /// How many entries lower layers have.
    start: u32,
    /// The lower layer that holds the same blob.
    same_as: Option<u16>,
}

impl Table {
    /// How many layers there are.
    pub fn n_layers(&self) -> usize {
        self.layers.len()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.n_entries
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.n_entries == 0
    }

    /// The entries of a layer, in their order.
    pub fn layer(&self, layer: u16) -> impl Iterator<Item = (EntryId, &Entry)> {
        let found = self.layers.get(usize::from(layer));
        let start = found.map_or(0, |it| it.start);
        let entries = found.into_iter().flat_map(|it| it.entries.iter());
        (start..).map(EntryId).zip(entries)
    }

    /// All entries, lowest layer first.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        let entries = self.layers.iter().flat_map(|it| it.entries.iter());
        (0..).map(EntryId).zip(entries)
    }

    /// An entry.
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        let after = self.layers.partition_point(|it| it.start <= id.0);
        let layer = self.layers.get(after.checked_sub(1)?)?;
        layer.entries.get(id.0 - layer.start)
    }

    /// The entry with that number in its layer.
    pub fn id(&self, layer: u16, index: u32) -> Option<EntryId> {
        let found = self.layers.get(usize::from(layer))?;
        (index < found.entries.len()).then(|| EntryId(found.start + index))
    }

    /// The entry itself, or the one it repeats, where a blob is in the image several times. What
    /// was found in the content of an entry is kept with the first one.
    pub fn origin(&self, id: EntryId) -> EntryId {
        let layer = self.get(id).and_then(|it| self.layers.get(usize::from(it.layer)));
        let original = layer.and_then(|it| self.layers.get(usize::from(it.same_as?)));
        match (layer, original) {
            (Some(layer), Some(original)) => EntryId(original.start + (id.0 - layer.start)),
            _ => id,
        }
    }

    /// The newest entry at a path; whiteouts are entries too.
    pub fn newest(&self, path: PathId) -> Option<EntryId> {
        self.newest.get(path.0 as usize).filter(|it| **it != NONE).map(|it| EntryId(*it))
    }

    /// The entry at the same path before this one.
    pub fn older(&self, entry: &Entry) -> Option<EntryId> {
        (entry.older != NONE).then_some(EntryId(entry.older))
    }

    /// All entries at a path that take effect, newest first.
    pub fn at(&self, path: PathId) -> impl Iterator<Item = (EntryId, &Entry)> {
        let with_entry = |id: EntryId| self.get(id).map(|it| (id, it));
        let newest = self.newest(path).and_then(with_entry);
        std::iter::successors(newest, move |(_, it)| self.older(it).and_then(with_entry))
    }

    /// The target of a symbolic link, as it stands.
    pub fn target(&self, entry: &Entry) -> Option<&[u8]> {
        if entry.kind != Kind::Symlink {
            return None;
        }
        let (start, length) = *self.target_places.get(entry.link as usize)?;
        Some(self.targets.get(start, length))
    }

    /// The path that a hard link is another name for.
    pub fn link_path(&self, entry: &Entry) -> Option<PathId> {
        (entry.kind == Kind::HardLink && entry.link != NONE).then_some(PathId(entry.link))
    }

    /// What few entries have: capabilities, device numbers.
    pub fn extra(&self, entry: &Entry) -> Extra {
        self.extras.get(entry.extra as usize).copied().unwrap_or_default()
    }

    /// Bytes that the entry takes in its layer.
    pub fn stored(&self, entry: &Entry) -> u64 {
        self.extra(entry).stored.unwrap_or(entry.size)
    }

    /// Adds an empty layer on top.
    pub(crate) fn add_layer(&mut self) {
        self.layers.push(Layer::default());
    }

    /// Says that a layer holds the same as a lower one.
    pub(crate) fn repeat(&mut self, layer: u16, original: u16) {
        if let Some(it) = self.layers.get_mut(usize::from(layer)) {
            it.same_as = Some(original);
        }
    }

    /// Adds an entry to its layer and gives its number there.
    pub(crate) fn add(&mut self, entry: Entry) -> Option<u32> {
        let layer = self.layers.get_mut(usize::from(entry.layer))?;
        self.n_entries += 1;
        Some(layer.entries.push(entry))
    }

    pub(crate) fn get_mut(&mut self, layer: u16, index: u32) -> Option<&mut Entry> {
        self.layers.get_mut(usize::from(layer))?.entries.get_mut(index)
    }

    /// Keeps the target of a symbolic link; what is too long is cut off.
    pub(crate) fn add_target(&mut self, target: &[u8]) -> u32 {
        let length = u16::try_from(target.len()).unwrap_or(u16::MAX);
        let target = target.get(..usize::from(length)).unwrap_or_default();
        let Some(start) = self.targets.add(target) else { return NONE };
        self.target_places.push((start, length));
        u32::try_from(self.target_places.len() - 1).unwrap_or(NONE)
    }

    /// Keeps what few entries have.
    pub(crate) fn add_extra(&mut self, extra: Extra) -> u32 {
        if extra == Extra::default() {
            return NONE;
        }
        let next = u32::try_from(self.extras.len()).unwrap_or(NONE);
        let number = *self.extra_numbers.entry(extra).or_insert(next);
        if number == next {
            self.extras.push(extra);
        }
        number
    }

    /// Completes the table: repeats the layers that occur again, within a number of entries, and
    /// ties the entries of every path together. Says whether there was room for all.
    pub(crate) fn complete(&mut self, most: u64) -> bool {
        let fits = self.repeat_layers(most);
        self.newest = vec![NONE; self.paths.len()];
        let mut start = 0;
        for layer in &mut self.layers {
            layer.start = start;
            for index in 0..layer.entries.len() {
                let Some(entry) = layer.entries.get_mut(index) else { continue };
                let newest = self.newest.get_mut(entry.path.0 as usize);
                if let Some(newest) = newest.filter(|_| entry.is_effective()) {
                    entry.older = *newest;
                    *newest = start + index;
                }
            }
            start += layer.entries.len();
        }
        fits
    }

    fn repeat_layers(&mut self, most: u64) -> bool {
        for number in 0..self.layers.len() {
            let layer = self.layers.get(number);
            let original = layer.and_then(|it| self.layers.get(usize::from(it.same_as?)));
            let Some(original) = original else { continue };
            if (self.len() as u64) + u64::from(original.entries.len()) > most {
                return false;
            }
            let mut entries = original.entries.clone();
            let here = u16::try_from(number).unwrap_or(u16::MAX);
            for index in 0..entries.len() {
                if let Some(it) = entries.get_mut(index) {
                    it.layer = here;
                }
            }
            self.n_entries += entries.len() as usize;
            if let Some(it) = self.layers.get_mut(number) {
                it.entries = entries;
            }
        }
        true
    }
}
