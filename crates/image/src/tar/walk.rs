//! The walk over the blocks of an archive.

use std::io::Read as _;

use super::header::{self, Header, Type};
use super::pax::{Pax, Sparse, are_comments};
use super::sparse::{old_map, old_map_goes_on, pass_map};
use super::{BLOCK, Kind, Sink, Take, is_header};
use crate::bytes::until_nul;
use crate::gap::Trouble;
use crate::limits::Limits;
use crate::source::Stream;
use crate::turns;

/// How a walk ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Walked {
    /// Whether a header or an end mark was found.
    pub(crate) is_tar: bool,
    /// Whether the sink wanted no more before the end.
    pub(crate) is_early: bool,
}

/// Walks over an archive and tells the sink what it comes across.
pub(crate) async fn walk(stream: &mut dyn Stream, limits: &Limits, sink: &mut dyn Sink) -> Walked {
    let mut walk = Walk {
        stream,
        limits,
        sink,
        offset: 0,
        pending: Pending::default(),
        after_end: false,
        walked: Walked { is_tar: false, is_early: false },
    };
    let ended = walk.blocks().await;
    if let Err(what) = ended {
        walk.say(what);
    }
    walk.walked
}

struct Walk<'a> {
    stream: &'a mut dyn Stream,
    limits: &'a Limits,
    sink: &'a mut dyn Sink,
    /// Offset of the next byte of the stream.
    offset: u64,
    pending: Pending,
    after_end: bool,
    walked: Walked,
}

/// Records that belong to the next entry.
#[derive(Default)]
struct Pending {
    pax: Option<Pax>,
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.pax.is_none() && self.name.is_none() && self.link.is_none()
    }
}

impl Walk<'_> {
    async fn blocks(&mut self) -> Result<(), Trouble> {
        let mut block = [0; BLOCK];
        while self.go_on().await {
            let start = self.offset;
            if !self.read_block(&mut block)? {
                return self.end_of_stream();
            }
            if block == [0; BLOCK] {
                self.walked.is_tar = true;
                if !self.zero_blocks(&mut block).await? {
                    return Ok(());
                }
                // A block that is not zero follows.
            } else if !is_header(&block) {
                if !self.walked.is_tar {
                    self.say_at(start, Trouble::NotTar);
                    return Ok(());
                }
                if !self.find_header(&mut block, start).await? {
                    return Ok(());
                }
            }
            if !self.header(&block).await? {
                return Ok(());
            }
        }
        Err(self.stopped())
    }

    async fn go_on(&mut self) -> bool {
        turns::asked(|| self.sink.go_on()).await
    }

    fn stopped(&mut self) -> Trouble {
        self.walked.is_early = true;
        Trouble::Stopped
    }

    /// Reads one block; says `false` at the end of the stream.
    fn read_block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, Trouble> {
        if self.stream.fill_buf()?.is_empty() {
            return Ok(false);
        }
        self.stream.read_exact(block)?;
        self.offset += BLOCK as u64;
        Ok(true)
    }

    fn end_of_stream(&mut self) -> Result<(), Trouble> {
        if !self.pending.is_empty() {
            return Err(Trouble::DanglingRecord);
        }
        Err(if self.walked.is_tar { Trouble::NoEndMark } else { Trouble::NotTar })
    }

    /// Passes over zero blocks. Two of them end the archive for those who unpack it; what follows
    /// is still read, since it is in the layer all the same. Says whether a header was found; it
    /// is in the block then.
    async fn zero_blocks(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, Trouble> {
        if !self.pending.is_empty() {
            self.pending = Pending::default();
            self.say(Trouble::DanglingRecord);
        }
        let mut zeros = 1_u64;
        loop {
            if !self.go_on().await {
                return Err(self.stopped());
            }
            let start = self.offset;
            match self.read_block(block) {
                Ok(true) if *block == [0; BLOCK] => zeros += 1,
                Ok(true) => {
                    let found = is_header(block);
                    if zeros < 2 && !self.after_end {
                        self.say_at(start, Trouble::LoneZeroBlock);
                    } else if !self.after_end {
                        self.after_end = true;
                        let what = match found {
                            true => Trouble::EntriesAfterEnd,
                            false => Trouble::DataAfterEnd,
                        };
                        self.say_at(start, what);
                    }
                    return if found { Ok(true) } else { self.find_header(block, start).await };
                }
                Ok(false) => return self.end_of_zeros(zeros),
                // Archives may be filled up to any length with zeros.
                Err(Trouble::Cut) => return self.end_of_zeros(zeros),
                Err(it) => return Err(it),
            }
        }
    }

    fn end_of_zeros(&mut self, zeros: u64) -> Result<bool, Trouble> {
        if zeros < 2 && !self.after_end {
            self.say(Trouble::NoEndMark);
        }
        Ok(false)
    }

    /// Looks for the next header behind blocks that are none, as GNU tar does.
    async fn find_header(&mut self, block: &mut [u8; BLOCK], start: u64) -> Result<bool, Trouble> {
        self.pending = Pending::default();
        let mut passed = 1;
        let found = loop {
            match self.read_block(block) {
                Ok(true) if is_header(block) => break Ok(true),
                Ok(true) => passed += 1,
                Ok(false) => break Ok(false),
                Err(it) => break Err(it),
            }
            if !self.go_on().await {
                break Err(self.stopped());
            }
        };
        // Behind the end mark this was said already.
        if !self.after_end {
            self.say_at(start, Trouble::BadChecksum(passed));
        }
        found
    }

    /// Reads what a header announces. Says whether to go on.
    async fn header(&mut self, block: &[u8; BLOCK]) -> Result<bool, Trouble> {
        self.walked.is_tar = true;
        let start = self.offset - BLOCK as u64;
        let size = match header::size(block) {
            Ok(it) => it,
            Err(it) => {
                // Without a size the next header has to be searched for.
                self.say_at(start, it);
                self.pending = Pending::default();
                return Ok(true);
            }
        };
        match header::entry_type(block) {
            Type::Pax => {
                let records = self.record(size, Trouble::PaxTooLong(self.limits.record)).await?;
                let sink = &mut *self.sink;
                let pax = self.pending.pax.get_or_insert_default();
                pax.read(&records.unwrap_or_default(), |it| sink.trouble(start, it));
                Ok(true)
            }
            Type::GlobalPax => {
                // Docker and containerd pass over global records, so the files of a container are
                // not what these say.
                let records = self.record(size, Trouble::PaxTooLong(self.limits.record)).await?;
                if !records.is_some_and(|it| are_comments(&it)) {
                    self.say_at(start, Trouble::GlobalPax);
                }
                Ok(true)
            }
            Type::LongName => {
                self.pending.name = self.long_name(size).await?.or(self.pending.name.take());
                Ok(true)
            }
            Type::LongLink => {
                self.pending.link = self.long_name(size).await?.or(self.pending.link.take());
                Ok(true)
            }
            Type::Sparse => self.entry(block, Kind::File, size, true).await,
            Type::Entry(kind) => self.entry(block, kind, size, false).await,
            Type::Unknown(it) => {
                self.say_at(start, Trouble::UnknownType(it));
                self.entry(block, Kind::Other, size, false).await
            }
        }
    }

    /// A long name, up to its first NUL. An empty one says nothing.
    async fn long_name(&mut self, size: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let name = self.record(size, Trouble::NameTooLong(self.limits.record)).await?;
        Ok(name.map(|it| until_nul(&it).to_vec()).filter(|it| !it.is_empty()))
    }

    /// The content of an entry that describes the next one; nothing if it is too long.
    async fn record(&mut self, size: u64, too_long: Trouble) -> Result<Option<Vec<u8>>, Trouble> {
        if size > self.limits.record {
            self.say(too_long);
            self.pass(size).await?;
            return Ok(None);
        }
        let mut content = Vec::new();
        let read = (&mut *self.stream).take(size).read_to_end(&mut content)? as u64;
        self.offset += read;
        if read < size {
            return Err(Trouble::Cut);
        }
        self.pass_padding(size)?;
        Ok(Some(content))
    }

    async fn entry(
        &mut self,
        block: &[u8; BLOCK],
        kind: Kind,
        size: u64,
        old_sparse: bool,
    ) -> Result<bool, Trouble> {
        let start = self.offset - BLOCK as u64;
        let sink = &mut *self.sink;
        let mut header = header::decode(block, kind, start, |it| sink.trouble(start, it));
        header.after_end = self.after_end;
        let pending = std::mem::take(&mut self.pending);
        let mut pax = pending.pax.unwrap_or_default();
        header.stored = if header::has_content(kind) { pax.size.unwrap_or(size) } else { 0 };
        header.size = header.stored;
        let sparse = std::mem::take(&mut pax.sparse);
        pax.apply(&mut header);
        header.name = pending.name.unwrap_or(header.name);
        header.link = pending.link.unwrap_or(header.link);
        // Old archives tell directories by their name only.
        if kind == Kind::File && block.get(156) == Some(&0) && header.name.ends_with(b"/") {
            header.kind = Kind::Directory;
        }
        if old_sparse {
            self.old_sparse(block, &mut header)?;
        }
        let before = header.stored;
        self.pax_sparse(sparse, &mut header)?;
        header.content = self.offset;
        self.content(&header, before).await
    }

    fn old_sparse(&mut self, block: &[u8; BLOCK], header: &mut Header) -> Result<(), Trouble> {
        header.sparse = true;
        let mut map = match old_map(block) {
            Ok(it) => it,
            Err(it) => {
                self.say_at(header.start, it);
                return Ok(());
            }
        };
        while map.goes_on {
            let mut more = [0; BLOCK];
            if !self.read_block(&mut more)? {
                return Err(Trouble::Cut);
            }
            if let Err(it) = old_map_goes_on(&more, &mut map) {
                self.say_at(header.start, it);
            }
        }
        header.size = map.real_size;
        if map.listed != header.stored {
            self.say_at(header.start, Trouble::BadSparse);
        }
        Ok(())
    }

    fn pax_sparse(&mut self, sparse: Sparse, header: &mut Header) -> Result<(), Trouble> {
        let has_map = sparse.major == Some(1);
        if !has_map && sparse.listed.is_none() && sparse.real_size.is_none() {
            return Ok(());
        }
        header.sparse = true;
        if let Some(it) = sparse.name {
            header.name = it;
        }
        header.size = sparse.real_size.unwrap_or(header.size);
        let mut listed = sparse.listed.unwrap_or(header.stored);
        if has_map {
            let passed = pass_map(self.stream, header.stored, self.limits.record);
            match passed {
                Ok((read, of_map)) => {
                    self.offset += read;
                    let whole = read.next_multiple_of(BLOCK as u64).min(header.stored);
                    self.pass_few(whole - read)?;
                    header.stored -= whole;
                    listed = of_map;
                }
                // How far the map goes is not known, so neither is where the data starts.
                Err(it) => return Err(it),
            }
        }
        if listed != header.stored {
            self.say_at(header.start, Trouble::BadSparse);
        }
        Ok(())
    }

    /// Hands the content to the sink as far as it wants it. `unpadded` is the size that decides
    /// how much padding follows.
    async fn content(&mut self, header: &Header, unpadded: u64) -> Result<bool, Trouble> {
        let wanted = match self.sink.entry(header) {
            Take::Nothing => 0,
            Take::First(it) => it.min(header.stored),
            Take::All => header.stored,
            Take::Stop => {
                self.walked.is_early = true;
                return Ok(false);
            }
        };
        let mut left = wanted;
        while left > 0 {
            if !self.go_on().await {
                self.sink.end(false);
                return Err(self.stopped());
            }
            let chunk = match self.stream.fill_buf() {
                Ok(it) => it,
                Err(it) => {
                    self.sink.end(false);
                    return Err(it.into());
                }
            };
            if chunk.is_empty() {
                self.sink.end(false);
                return Err(Trouble::Cut);
            }
            let length = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            self.sink.content(chunk.get(..length).unwrap_or_default());
            self.stream.consume(length);
            self.offset += length as u64;
            left -= length as u64;
        }
        let passed = self.pass_bytes(header.stored - wanted).await;
        self.sink.end(passed.is_ok());
        passed?;
        self.pass_padding(unpadded)?;
        Ok(true)
    }

    /// Passes over content and its padding.
    async fn pass(&mut self, size: u64) -> Result<(), Trouble> {
        self.pass_bytes(size).await?;
        self.pass_padding(size)
    }

    fn pass_padding(&mut self, size: u64) -> Result<(), Trouble> {
        let block = BLOCK as u64;
        self.pass_few((block - size % block) % block)
    }

    /// Passes over less than a block.
    fn pass_few(&mut self, length: u64) -> Result<(), Trouble> {
        let passed = self.stream.skip(length)?;
        self.offset += passed;
        if passed < length { Err(Trouble::Cut) } else { Ok(()) }
    }

    /// Passes over bytes, in steps so that it can be stopped on the way.
    async fn pass_bytes(&mut self, length: u64) -> Result<(), Trouble> {
        const STEP: u64 = 4 << 20;
        let mut left = length;
        loop {
            let step = left.min(STEP);
            let passed = self.stream.skip(step)?;
            self.offset += passed;
            left -= passed;
            if passed < step {
                return Err(Trouble::Cut);
            }
            if left == 0 {
                return Ok(());
            }
            if !self.go_on().await {
                return Err(self.stopped());
            }
        }
    }

    fn say(&mut self, what: Trouble) {
        self.say_at(self.offset, what);
    }

    fn say_at(&mut self, offset: u64, what: Trouble) {
        self.sink.trouble(offset, what);
    }
}
