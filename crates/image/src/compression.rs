//! Compressed data: recognized by its first bytes, unpacked as it is read, bounded.

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::bytes::u32_le;
use crate::digest::Digester;
use crate::gap::Trouble;
use crate::limits::Limits;
use crate::source::{Stream, Tap, read_buffered, read_over};

/// How data is packed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip, RFC 1952, in one or more members.
    Gzip,
    /// Zstandard, RFC 8878, in one or more frames.
    Zstd,
}

/// How many first bytes [`packing`] looks at.
pub(crate) const MAGIC_LENGTH: usize = 1088;

/// Tells by the first bytes how data is packed. Media types are not to be relied on: what they
/// say and what is there differ in practice.
pub(crate) fn packing(head: &[u8]) -> Result<Packing, Trouble> {
    let at =
        |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|it| it.starts_with(magic));
    const UNSUPPORTED: &[(usize, &[u8], &str)] = &[
        (0, b"\xfd7zXZ\0", "xz compression"),
        (0, b"BZh", "bzip2 compression"),
        (0, b"\x04\x22\x4d\x18", "lz4 compression"),
        (0, b"LZIP", "lzip compression"),
        (0, b"PK\x03\x04", "a zip archive"),
        (0, b"hsqs", "a squashfs file system"),
        (32, b"SIF_MAGIC", "a Singularity image"),
        (1024, b"\xe2\xe1\xf5\xe0", "an EROFS file system"),
        (1080, b"\x53\xef", "an ext file system"),
    ];
    if at(0, b"\x1f\x8b") {
        return Ok(Packing::Gzip);
    }
    let skippable = matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
    if at(0, b"\x28\xb5\x2f\xfd") || skippable {
        return Ok(Packing::Zstd);
    }
    match UNSUPPORTED.iter().find(|(offset, magic, _)| at(*offset, magic)) {
        Some((_, _, name)) => Err(Trouble::Unsupported(name)),
        None => Ok(Packing::Plain),
    }
}

/// What is known once a stream is through.
pub(crate) struct Finished {
    /// What computes the digest of the data as it is stored: it may take a while longer.
    pub(crate) packed_digest: Option<Digester>,
    /// The same for the data unpacked, if it was packed.
    pub(crate) digest: Option<Digester>,
    /// Bytes as stored.
    pub(crate) packed: u64,
    /// Bytes unpacked.
    pub(crate) unpacked: u64,
    /// What the rest of the data, which was not asked for, was like.
    pub(crate) trouble: Option<Trouble>,
}

/// A stream of data, unpacked if need be.
pub(crate) enum Unpacked<'a> {
    /// Data that is not packed.
    Plain(Tap<'a>),
    /// Packed data.
    Packed(Box<Packed<'a>>),
}

impl<'a> Unpacked<'a> {
    /// Starts unpacking. No more than `most` bytes will come out.
    pub(crate) fn new(
        input: Tap<'a>,
        packing: Packing,
        limits: &Limits,
        most: u64,
        digester: Option<Digester>,
    ) -> Self {
        let decoder = match packing {
            Packing::Plain => return Self::Plain(input),
            Packing::Gzip => Decoder::Gzip(Box::new(Gunzip::new(input))),
            Packing::Zstd => Decoder::Zstd(Box::new(Unzstd::new(input, limits))),
        };
        Self::Packed(Box::new(Packed {
            decoder,
            buffer: vec![0; BUFFER],
            start: 0,
            filled: 0,
            unpacked: 0,
            most,
            expansion: (limits.expansion, limits.expansion_from),
            digester,
            failed: None,
        }))
    }

    /// Bytes read so far of the data as it is stored.
    pub(crate) fn packed(&self) -> u64 {
        match self {
            Self::Plain(tap) => tap.passed(),
            Self::Packed(it) => it.decoder.input().passed(),
        }
    }

    /// Reads the rest, for the digests' sake.
    pub(crate) fn finish(mut self) -> Finished {
        let trouble = self.skip(u64::MAX).err().map(Trouble::from);
        let packed = self.packed();
        match self {
            Self::Plain(tap) => {
                let packed_digest =
                    if trouble.is_none() { tap.finish().ok().flatten() } else { None };
                Finished { packed_digest, digest: None, packed, unpacked: packed, trouble }
            }
            Self::Packed(it) => {
                let Packed { decoder, unpacked, digester, .. } = *it;
                let trailing = decoder.has_trailing().then_some(Trouble::TrailingBytes);
                // Digests of half a stream would only differ.
                let whole = trouble.is_none();
                let digest = digester.filter(|_| whole);
                let (rest, ended) = match decoder.into_input().finish() {
                    Ok(it) => (it, None),
                    Err(it) => (None, Some(it)),
                };
                let packed_digest = rest.filter(|_| whole);
                let trouble = trouble.or(trailing).or(ended);
                Finished { packed_digest, digest, packed, unpacked, trouble }
            }
        }
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, buffer)
    }
}

impl BufRead for Unpacked<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(tap) => tap.fill_buf(),
            Self::Packed(it) => it.fill(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(tap) => tap.consume(amount),
            Self::Packed(it) => it.start = (it.start + amount).min(it.filled),
        }
    }
}

impl Stream for Unpacked<'_> {
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        match self {
            Self::Plain(tap) => tap.skip(length),
            Self::Packed(_) => read_over(self, length),
        }
    }
}

const BUFFER: usize = 128 << 10;

/// Packed data with what was unpacked of it.
pub(crate) struct Packed<'a> {
    decoder: Decoder<'a>,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    unpacked: u64,
    most: u64,
    expansion: (u64, u64),
    digester: Option<Digester>,
    /// Why nothing more comes.
    failed: Option<Trouble>,
}

impl Packed<'_> {
    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.start == self.filled
            && let Err(it) = self.unpack()
        {
            self.failed = Some(it.clone());
            return Err(it.into());
        }
        Ok(self.buffer.get(self.start..self.filled).unwrap_or_default())
    }

    fn unpack(&mut self) -> Result<(), Trouble> {
        // A decoder that failed would go on in the middle of nowhere.
        if let Some(it) = &self.failed {
            return Err(it.clone());
        }
        (self.start, self.filled) = (0, 0);
        self.check_size()?;
        self.filled = self.decoder.read(&mut self.buffer)?;
        self.unpacked += self.filled as u64;
        if let Some(digester) = &mut self.digester {
            digester.update(self.buffer.get(..self.filled).unwrap_or_default());
        }
        Ok(())
    }

    fn check_size(&self) -> Result<(), Trouble> {
        if self.unpacked > self.most {
            return Err(Trouble::TooMuchExpansion(self.most));
        }
        let (factor, from) = self.expansion;
        let steep = self.unpacked / factor.max(1) > self.decoder.input().passed();
        if self.unpacked > from && steep {
            return Err(Trouble::SteepExpansion(factor));
        }
        Ok(())
    }
}

enum Decoder<'a> {
    Gzip(Box<Gunzip<'a>>),
    Zstd(Box<Unzstd<'a>>),
}

impl<'a> Decoder<'a> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Trouble> {
        match self {
            Self::Gzip(it) => it.read(out),
            Self::Zstd(it) => it.read(out),
        }
    }

    fn input(&self) -> &Tap<'a> {
        match self {
            Self::Gzip(it) => &it.input,
            Self::Zstd(it) => &it.input,
        }
    }

    fn into_input(self) -> Tap<'a> {
        match self {
            Self::Gzip(it) => it.input,
            Self::Zstd(it) => it.input,
        }
    }

    fn has_trailing(&self) -> bool {
        let state = match self {
            Self::Gzip(it) => &it.state,
            Self::Zstd(it) => &it.state,
        };
        matches!(state, State::Trailing)
    }
}

/// Where a decoder is in a row of members or frames.
enum State {
    /// Before the first one.
    First,
    /// Between two, or behind the last one.
    Between,
    /// In the data of one.
    Inside,
    /// Through.
    Done,
    /// Through, and something else follows.
    Trailing,
}

impl State {
    /// What follows a member or frame: nothing, padding, another one or something else.
    fn after(input: &mut Tap<'_>, is_magic: impl Fn(u8) -> bool) -> Result<Self, Trouble> {
        loop {
            match input.fill_buf()? {
                [] => return Ok(Self::Done),
                [first, ..] if is_magic(*first) => return Ok(Self::Inside),
                [0, ..] => input.consume(1),
                [_, ..] => return Ok(Self::Trailing),
            }
        }
    }
}

/// Unpacks gzip members one after another. eStargz has one per file, so the state of the decoder
/// is kept from member to member.
struct Gunzip<'a> {
    input: Tap<'a>,
    inflate: Decompress,
    crc: Crc,
    state: State,
}

impl<'a> Gunzip<'a> {
    fn new(input: Tap<'a>) -> Self {
        let inflate = Decompress::new(false);
        Self { input, inflate, crc: Crc::new(), state: State::First }
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Trouble> {
        loop {
            match self.state {
                State::First => {
                    self.header()?;
                    self.state = State::Inside;
                }
                State::Between => {
                    self.state = State::after(&mut self.input, |it| it == 0x1f)?;
                    if matches!(self.state, State::Inside) {
                        self.header()?;
                    }
                }
                State::Inside => {
                    let length = self.inflate(out)?;
                    if length > 0 {
                        return Ok(length);
                    }
                }
                State::Done | State::Trailing => return Ok(0),
            }
        }
    }

    fn inflate(&mut self, out: &mut [u8]) -> Result<usize, Trouble> {
        let here = self.input.fill_buf()?;
        if here.is_empty() {
            return Err(Trouble::Cut);
        }
        let before = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(here, out, FlushDecompress::None);
        let status = status.map_err(|it| Trouble::BadCompression(it.to_string().into()))?;
        let read = usize::try_from(self.inflate.total_in() - before.0).unwrap_or_default();
        let made = usize::try_from(self.inflate.total_out() - before.1).unwrap_or_default();
        self.input.consume(read);
        self.crc.update(out.get(..made).unwrap_or_default());
        match status {
            Status::StreamEnd => {
                self.trailer()?;
                self.inflate.reset(false);
                self.crc.reset();
                self.state = State::Between;
            }
            Status::Ok | Status::BufError if read == 0 && made == 0 => {
                return Err(Trouble::BadCompression("the decoder makes no progress".into()));
            }
            Status::Ok | Status::BufError => {}
        }
        Ok(made)
    }

    /// RFC 1952 section 2.3.
    fn header(&mut self) -> Result<(), Trouble> {
        let mut fixed = [0; 10];
        self.input.read_exact(&mut fixed)?;
        let [0x1f, 0x8b, 8, flags, ..] = fixed else {
            return Err(Trouble::BadCompression("not a gzip header".into()));
        };
        if flags & 4 != 0 {
            let mut length = [0; 2];
            self.input.read_exact(&mut length)?;
            let length = u64::from(u16::from_le_bytes(length));
            if self.input.skip(length)? < length {
                return Err(Trouble::Cut);
            }
        }
        for text in [8, 16] {
            while flags & text != 0 && self.byte()? != 0 {}
        }
        if flags & 2 != 0 {
            self.input.read_exact(&mut [0; 2])?;
        }
        Ok(())
    }

    fn trailer(&mut self) -> Result<(), Trouble> {
        let mut trailer = [0; 8];
        self.input.read_exact(&mut trailer)?;
        let length = u32::try_from(self.inflate.total_out() & 0xffff_ffff).unwrap_or_default();
        if u32_le(&trailer, 0) != Some(self.crc.sum()) || u32_le(&trailer, 4) != Some(length) {
            return Err(Trouble::BadCompression("checksum or length differ".into()));
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Trouble> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        Ok(byte[0])
    }
}

/// Unpacks Zstandard frames one after another. Skippable frames, in which zstd:chunked and
/// eStargz keep their tables of contents, are passed over.
struct Unzstd<'a> {
    input: Tap<'a>,
    frame: FrameDecoder,
    window: u64,
    state: State,
}

impl<'a> Unzstd<'a> {
    fn new(input: Tap<'a>, limits: &Limits) -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(limits.window);
        Self { input, frame, window: limits.window, state: State::First }
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, Trouble> {
        loop {
            match self.state {
                State::First => self.header()?,
                State::Between => {
                    let is_magic = |it| it == 0x28 || (0x50..=0x5f).contains(&it);
                    self.state = State::after(&mut self.input, is_magic)?;
                    if matches!(self.state, State::Inside) {
                        self.header()?;
                    }
                }
                State::Inside if self.frame.is_finished() && self.frame.can_collect() == 0 => {
                    self.state = State::Between;
                }
                State::Inside if self.frame.can_collect() > 0 => {
                    return self.frame.read(out).map_err(Trouble::from);
                }
                State::Inside => {
                    let step = BlockDecodingStrategy::UptoBlocks(1);
                    let done = self.frame.decode_blocks(&mut self.input, step);
                    done.map_err(|it| self.trouble(&it))?;
                }
                State::Done | State::Trailing => return Ok(0),
            }
        }
    }

    fn header(&mut self) -> Result<(), Trouble> {
        match self.frame.reset(&mut self.input) {
            Ok(()) => self.state = State::Inside,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let length = u64::from(length);
                if self.input.skip(length)? < length {
                    return Err(Trouble::Cut);
                }
                self.state = State::Between;
            }
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                return Err(Trouble::WindowTooLarge(self.window));
            }
            Err(it) => return Err(self.trouble(&it)),
        }
        Ok(())
    }

    fn trouble(&mut self, error: &FrameDecoderError) -> Trouble {
        match self.input.fill_buf() {
            Ok([]) => Trouble::Cut,
            Ok(_) => Trouble::BadCompression(error.to_string().into()),
            Err(it) => it.into(),
        }
    }
}
