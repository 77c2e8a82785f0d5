//! Fills the table from one layer, and shows contents to those who want to see them.

use super::capabilities::Capabilities;
use super::paths::{NONE, PathId};
use super::place::Placer;
use super::table::{Entry, Extra, Table, flag};
use crate::bytes::visible;
use crate::digest::Sum;
use crate::facts::Reader;
use crate::gap::{Gaps, Place, Trouble};
use crate::limits::Limits;
use crate::tar::{BLOCK, Header, Kind, Sink, Take};
use crate::turns::Next;
use crate::visit::{File, Visit, Want};

/// What all layers of one image share while they are read.
pub(crate) struct Shared<'a> {
    pub(crate) table: Table,
    pub(crate) reader: Reader,
    pub(crate) gaps: Gaps,
    pub(crate) limits: &'a Limits,
    pub(crate) visit: &'a mut dyn Visit,
    /// Whether contents are summed.
    pub(crate) sums: bool,
    /// Bytes that layers unpacked to so far.
    pub(crate) unpacked: u64,
    /// Asked as bytes pass by, with the layer's number.
    pub(crate) go_on: &'a mut dyn FnMut(&mut dyn Visit, u16) -> Next,
}

/// Reads one layer into what is shared.
pub(crate) struct Collector<'a, 'b> {
    shared: &'a mut Shared<'b>,
    layer: u16,
    /// Name of the blob.
    member: &'a str,
    placer: Placer,
    current: Option<Current>,
    path: Vec<u8>,
    is_stopped: bool,
    /// Where entries behind the end mark start, until it is clear that there is more than a table
    /// of contents, which eStargz has there.
    after_end: Option<u64>,
    /// What the walk told of last.
    last_trouble: Option<Trouble>,
}

/// The entry whose content passes by.
struct Current {
    entry: Entry,
    number: u32,
    sum: Option<Sum>,
    /// Bytes that the visitor still wants.
    wanted: u64,
    visited: bool,
}

impl<'a, 'b> Collector<'a, 'b> {
    pub(crate) fn new(shared: &'a mut Shared<'b>, layer: u16, member: &'a str) -> Self {
        let placer = Placer::default();
        Self {
            shared,
            layer,
            member,
            placer,
            current: None,
            path: Vec::new(),
            is_stopped: false,
            after_end: None,
            last_trouble: None,
        }
    }

    /// What the walk told of last. A stream that fails tells the same once more at its end.
    pub(crate) fn last_trouble(&self) -> Option<Trouble> {
        self.last_trouble.clone()
    }

    /// Whether the reading was ended from outside.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    fn say(&mut self, offset: u64, path: Option<PathId>, what: Trouble) {
        let path = path.map(|it| self.shared.table.paths.visible(it).into());
        let at = Place { layer: Some(self.layer), member: self.member.into(), path, offset };
        self.shared.gaps.push(at, what);
    }

    /// The entry for the table. Names it cannot have are told of.
    fn make(&mut self, header: &Header) -> Entry {
        let placed = self.placer.place(&mut self.shared.table.paths, &header.name);
        let mut flags = placed.flags;
        let mut kind = placed.kind.unwrap_or(header.kind);
        let mut mark = |condition, flag| flags |= if condition { flag } else { 0 };
        mark(header.after_end, flag::AFTER_END);
        mark(header.opaque && kind == Kind::Directory, flag::OPAQUE);
        mark(header.sparse, flag::SPARSE);
        // A device 0, 0 is the whiteout of overlayfs itself (Linux, `overlayfs.rst`).
        if kind == Kind::CharDevice && header.device == (0, 0) {
            kind = Kind::Whiteout;
        }
        if placed.path == PathId::ROOT && !matches!(kind, Kind::Directory | Kind::Opaque) {
            flags |= flag::META;
            self.say(header.start, None, Trouble::EmptyName);
        }
        if placed.bad_whiteout {
            self.say(header.start, Some(placed.path), Trouble::BadWhiteout);
        }
        if flags & flag::ESCAPES != 0 {
            self.say(header.start, Some(placed.path), Trouble::Escapes);
        }
        let link = self.link(header, kind, placed.path);
        let extra = self.extra(header, kind, placed.path);
        let bits = u64::try_from(header.mtime.max(0)).unwrap_or_default();
        Entry {
            size: if matches!(kind, Kind::Whiteout | Kind::Opaque) { 0 } else { header.size },
            sum: 0,
            path: placed.path,
            uid: header.uid,
            gid: header.gid,
            mtime: u32::try_from(bits).unwrap_or(u32::MAX),
            block: u32::try_from(header.content / BLOCK as u64).unwrap_or(NONE),
            link,
            older: NONE,
            extra,
            mode: header.mode,
            layer: self.layer,
            kind,
            flags,
        }
    }

    /// What a link leads to. From here on, links of the layer are known to be links.
    fn link(&mut self, header: &Header, kind: Kind, path: PathId) -> u32 {
        match kind {
            Kind::Symlink => {
                if !header.after_end {
                    self.placer.link(path, &header.link);
                }
                self.shared.table.add_target(&header.link)
            }
            Kind::HardLink => {
                self.placer.unlink(path);
                self.placer.target(&mut self.shared.table.paths, &header.link).0
            }
            Kind::Whiteout | Kind::Opaque => NONE,
            Kind::File
            | Kind::Directory
            | Kind::CharDevice
            | Kind::BlockDevice
            | Kind::Fifo
            | Kind::Other => {
                self.placer.unlink(path);
                NONE
            }
        }
    }

    fn extra(&mut self, header: &Header, kind: Kind, path: PathId) -> u32 {
        let value = header.capability.as_deref();
        let capabilities = value.and_then(Capabilities::decode);
        if value.is_some() && capabilities.is_none() {
            self.say(header.start, Some(path), Trouble::BadCapability);
        }
        let is_device = matches!(kind, Kind::CharDevice | Kind::BlockDevice);
        self.shared.table.add_extra(Extra {
            capabilities,
            device: is_device.then_some(header.device),
            stored: (header.stored != header.size).then_some(header.stored),
        })
    }

    /// Asks who wants the content of an entry.
    fn ask(&mut self, entry: Entry, number: u32, stored: u64) -> Take {
        self.current = None;
        if stored == 0 {
            return Take::Nothing;
        }
        self.shared.table.paths.write(entry.path, &mut self.path);
        let file = File { entry: &entry, number, path: &self.path };
        let wanted = match self.shared.visit.want(&file) {
            Want::Nothing => 0,
            Want::First(it) => it.min(stored),
            Want::All => stored,
        };
        // What containers do not see says nothing about them.
        let read = entry.is_effective() && self.shared.reader.begin(&self.path, &entry);
        let sum = (self.shared.sums && entry.kind == Kind::File).then(Sum::new);
        let take = match sum.is_some() || read {
            true => Take::All,
            false if wanted == 0 => Take::Nothing,
            false => Take::First(wanted),
        };
        let visited = wanted > 0;
        self.current = Some(Current { entry, number, sum, wanted, visited });
        take
    }
}

impl Sink for Collector<'_, '_> {
    fn entry(&mut self, header: &Header) -> Take {
        let limits = self.shared.limits;
        if self.shared.table.len() as u64 >= limits.entries {
            self.say(header.start, None, Trouble::TooManyEntries(limits.entries));
            return Take::Stop;
        }
        if header.name.len() as u64 > limits.path || header.link.len() as u64 > limits.path {
            let shown = header.name.get(..80).unwrap_or(&header.name);
            let path = Some(visible(shown).into());
            let member = self.member.into();
            let at = Place { layer: Some(self.layer), member, path, offset: header.start };
            self.shared.gaps.push(at, Trouble::NameTooLong(limits.path));
            self.current = None;
            return Take::Nothing;
        }
        self.shared.reader.give_up();
        let entry = self.make(header);
        if header.after_end
            && !entry.is_meta()
            && let Some(offset) = self.after_end.take()
        {
            self.say(offset, Some(entry.path), Trouble::EntriesAfterEnd);
        }
        match self.shared.table.add(entry) {
            Some(number) => self.ask(entry, number, header.stored),
            None => Take::Nothing,
        }
    }

    fn content(&mut self, chunk: &[u8]) {
        let Some(current) = &mut self.current else { return };
        if let Some(sum) = &mut current.sum {
            sum.update(chunk);
        }
        self.shared.reader.content(chunk);
        if current.wanted > 0 {
            let length = usize::try_from(current.wanted).unwrap_or(usize::MAX).min(chunk.len());
            let file = File { entry: &current.entry, number: current.number, path: &self.path };
            self.shared.visit.content(&file, chunk.get(..length).unwrap_or_default());
            current.wanted -= length as u64;
        }
    }

    fn end(&mut self, whole: bool) {
        let Some(current) = self.current.take() else { return };
        if let Some(entry) = self.shared.table.get_mut(self.layer, current.number) {
            if whole {
                entry.sum = current.sum.map_or(0, |it| it.finish());
            } else {
                entry.flags |= flag::CUT;
            }
        }
        if whole {
            let key = (self.layer, current.number);
            if let Some(it) = self.shared.reader.end(key, &self.path) {
                self.say(current.entry.start(), Some(current.entry.path), it);
            }
        } else {
            self.shared.reader.give_up();
        }
        if current.visited {
            let file = File { entry: &current.entry, number: current.number, path: &self.path };
            self.shared.visit.end(&file, whole);
        }
    }

    fn trouble(&mut self, offset: u64, what: Trouble) {
        self.last_trouble = Some(what.clone());
        match what {
            Trouble::EntriesAfterEnd => self.after_end = Some(offset),
            _ => self.say(offset, None, what),
        }
    }

    fn go_on(&mut self) -> Next {
        let next = (self.shared.go_on)(self.shared.visit, self.layer);
        self.is_stopped = next == Next::Stop;
        next
    }
}
