//! Where the bytes come from: random access to a file, read through a large buffer.
//!
//! Nothing here opens a file. A shell hands in what it has: an opened file, bytes in memory, or
//! in a browser a `File` of which slices are read.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;

use crate::digest::Digester;
use crate::gap::Trouble;

/// Bytes at any place.
pub trait Source {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// Reads bytes from `offset` on into the buffer and says how many. Fewer than asked for is
    /// allowed, none means that there are no more.
    ///
    /// # Errors
    /// Whatever the system says, for example that a file has changed since it was handed in.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// How many bytes one read should ask for when much is read in order. In a browser a read
    /// costs as much as a megabyte, so there the stride is 16 MiB.
    fn stride(&self) -> usize {
        1 << 20
    }
}

impl Source for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|it| self.get(it..)).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        let (Some(from), Some(to)) = (rest.get(..length), buffer.get_mut(..length)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        Ok(length)
    }
}

macro_rules! forward {
    ([$($parameter:tt)*] $type:ty) => {
        impl<$($parameter)*> Source for $type {
            fn size(&self) -> u64 {
                (**self).size()
            }

            fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
                (**self).read_at(offset, buffer)
            }

            fn stride(&self) -> usize {
                (**self).stride()
            }
        }
    };
}

forward!([T: Source + ?Sized] &T);
forward!([T: Source + ?Sized] Box<T>);
forward!([T: Source + ?Sized] Rc<T>);
forward!([T: Source + ?Sized] Arc<T>);
forward!([] Vec<u8>);

/// A source made of something that reads and seeks, an opened file for example.
#[derive(Debug)]
pub struct Seeking<T> {
    inner: RefCell<T>,
    size: u64,
}

impl<T: Read + Seek> Seeking<T> {
    /// Finds the size.
    ///
    /// # Errors
    /// When it cannot seek.
    pub fn new(mut inner: T) -> io::Result<Self> {
        let size = inner.seek(SeekFrom::End(0))?;
        Ok(Self { inner: RefCell::new(inner), size })
    }
}

impl<T: Read + Seek> Source for Seeking<T> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut inner = self.inner.borrow_mut();
        inner.seek(SeekFrom::Start(offset))?;
        loop {
            match inner.read(buffer) {
                Err(it) if it.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
}

/// Passes over bytes by reading them.
pub(crate) fn read_over<S: BufRead + ?Sized>(stream: &mut S, length: u64) -> io::Result<u64> {
    let mut left = length;
    while left > 0 {
        let here = stream.fill_buf()?.len();
        if here == 0 {
            break;
        }
        let taken = usize::try_from(left).unwrap_or(usize::MAX).min(here);
        stream.consume(taken);
        left -= taken as u64;
    }
    Ok(length - left)
}

/// A stream that can pass over bytes more cheaply than by reading them.
pub(crate) trait Stream: BufRead {
    /// Passes over up to `length` bytes and says how many there were.
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        read_over(self, length)
    }
}

/// `Read::read` in terms of `BufRead`.
pub(crate) fn read_buffered(stream: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
    let here = stream.fill_buf()?;
    let length = here.len().min(buffer.len());
    if let (Some(from), Some(to)) = (here.get(..length), buffer.get_mut(..length)) {
        to.copy_from_slice(from);
    }
    stream.consume(length);
    Ok(length)
}

impl<S: Stream + ?Sized> Stream for &mut S {
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        (**self).skip(length)
    }
}

/// A first read and a read after a jump ask for this many bytes; the next ones for twice as many
/// each, up to the stride.
const FIRST_WINDOW: usize = 64 << 10;

/// Jumps shorter than this are read through: the next header is likely to be on the way.
const SHORT_JUMP: u64 = 1 << 20;

/// A part of a source, read in order.
pub(crate) struct Section<'a> {
    source: &'a dyn Source,
    /// Offset of the first byte that is not in the buffer.
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    /// What is unread in the buffer is `start..filled`.
    start: usize,
    filled: usize,
    window: usize,
}

impl<'a> Section<'a> {
    /// The bytes from `start` to `end`, which may lie beyond the end of the source.
    pub(crate) fn new(source: &'a dyn Source, start: u64, end: u64) -> Self {
        let window = FIRST_WINDOW.min(source.stride());
        Self { source, next: start, end, buffer: Vec::new(), start: 0, filled: 0, window }
    }

    /// Offset in the source of the next byte.
    pub(crate) fn position(&self) -> u64 {
        self.next - (self.filled - self.start) as u64
    }

    /// The first bytes, at most `length`, which stay unread.
    pub(crate) fn peek(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.filled - self.start < length && self.next < self.end {
            self.read_on()?;
        }
        let end = self.filled.min(self.start + length);
        Ok(self.buffer.get(self.start..end).unwrap_or_default())
    }

    /// Reads more behind what is unread.
    fn read_on(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
        let wanted = self.window.min(left);
        if self.buffer.len() < self.filled + wanted {
            self.buffer.resize(self.filled + wanted, 0);
        }
        let room = self.buffer.get_mut(self.filled..self.filled + wanted).unwrap_or_default();
        let read = self.source.read_at(self.next, room)?.min(room.len());
        if read == 0 {
            return Err(Trouble::Cut.into());
        }
        self.filled += read;
        self.next += read as u64;
        self.window = (self.window * 2).min(self.source.stride().max(FIRST_WINDOW));
        Ok(())
    }
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, buffer)
    }
}

impl BufRead for Section<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.filled && self.next < self.end {
            self.read_on()?;
        }
        Ok(self.buffer.get(self.start..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.start = (self.start + amount).min(self.filled);
    }
}

impl Stream for Section<'_> {
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let total = length.min(self.end - self.position());
        let mut left = total;
        loop {
            let here = self.filled - self.start;
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(here);
            self.start += taken;
            left -= taken as u64;
            if left == 0 {
                return Ok(total);
            }
            if left > SHORT_JUMP {
                let target = self.next + left;
                if target > self.source.size() {
                    self.next = target;
                    return Err(Trouble::Cut.into());
                }
                self.next = target;
                self.window = FIRST_WINDOW.min(self.source.stride());
                return Ok(total);
            }
            self.read_on()?;
        }
    }
}

/// A stream whose first bytes were looked at.
pub(crate) struct Ahead<'a> {
    head: Vec<u8>,
    start: usize,
    rest: Box<dyn Stream + 'a>,
}

impl<'a> Ahead<'a> {
    /// Looks at up to `length` first bytes, which are still to be read.
    pub(crate) fn new(mut rest: Box<dyn Stream + 'a>, length: usize) -> io::Result<Self> {
        let mut head = Vec::new();
        (&mut rest).take(length as u64).read_to_end(&mut head)?;
        Ok(Self { head, start: 0, rest })
    }

    /// The first bytes.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }
}

impl Read for Ahead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, buffer)
    }
}

impl BufRead for Ahead<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.head.get(self.start..) {
            Some(it @ [_, ..]) => Ok(it),
            _ => self.rest.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.start < self.head.len() {
            self.start += amount;
        } else {
            self.rest.consume(amount);
        }
    }
}

impl Stream for Ahead<'_> {
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let here = (self.head.len() - self.start.min(self.head.len())) as u64;
        let taken = here.min(length);
        self.start += usize::try_from(taken).unwrap_or_default();
        Ok(taken + self.rest.skip(length - taken)?)
    }
}

/// A part of a stream whose bytes are counted, and hashed if asked for.
pub(crate) struct Tap<'a> {
    inner: Box<dyn Stream + 'a>,
    left: u64,
    passed: u64,
    digester: Option<Digester>,
    /// Counts bytes of all parts together, for progress.
    meter: Option<Meter>,
}

/// A count that several hold.
pub(crate) type Meter = Rc<Cell<u64>>;

impl<'a> Tap<'a> {
    /// The next `length` bytes of a stream.
    pub(crate) fn new(
        inner: Box<dyn Stream + 'a>,
        length: u64,
        digester: Option<Digester>,
    ) -> Self {
        Self { inner, left: length, passed: 0, digester, meter: None }
    }

    /// Counts on a common meter too.
    pub(crate) fn metered(mut self, meter: Option<&Meter>) -> Self {
        self.meter = meter.cloned();
        self
    }

    fn count(&mut self, amount: u64) {
        self.left = self.left.saturating_sub(amount);
        self.passed += amount;
        if let Some(it) = &self.meter {
            it.set(it.get() + amount);
        }
    }

    /// How many bytes were read or passed over.
    pub(crate) fn passed(&self) -> u64 {
        self.passed
    }

    /// What computes the digest of the whole part; what is still unread is read.
    pub(crate) fn finish(mut self) -> Result<Option<Digester>, Trouble> {
        if self.digester.is_some() {
            self.skip(u64::MAX)?;
        }
        Ok(self.digester)
    }
}

impl Read for Tap<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, buffer)
    }
}

impl BufRead for Tap<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Ok(&[]);
        }
        let here = self.inner.fill_buf()?;
        if here.is_empty() {
            return Err(Trouble::Cut.into());
        }
        let length = here.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        Ok(here.get(..length).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        if let Some(digester) = &mut self.digester {
            // The buffer is filled: this gives the same bytes once more.
            let here = self.inner.fill_buf().unwrap_or_default();
            digester.update(here.get(..amount).unwrap_or(here));
        }
        self.inner.consume(amount);
        self.count(amount as u64);
    }
}

impl Stream for Tap<'_> {
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let mut left = length.min(self.left);
        if self.digester.is_none() {
            let skipped = self.inner.skip(left)?;
            self.count(skipped);
            return if skipped < left { Err(Trouble::Cut.into()) } else { Ok(skipped) };
        }
        let total = left;
        while left > 0 {
            let taken = self.fill_buf()?.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            self.consume(taken);
            left -= taken as u64;
        }
        Ok(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_and_peeks_keep_the_place() {
        let bytes: Vec<u8> = (0..5_000_000_u32).map(|it| (it % 251) as u8).collect();
        let mut section = Section::new(&bytes, 10, 4_999_990);
        assert_eq!(section.peek(3).unwrap(), &bytes[10..13]);
        for step in [1, 600, 70_000, 1_500_000, 2_000_000] {
            let before = section.position();
            assert_eq!(section.skip(step).unwrap(), step);
            assert_eq!(section.position(), before + step);
            let at = usize::try_from(section.position()).unwrap();
            assert_eq!(section.peek(100).unwrap(), &bytes[at..at + 100]);
        }
        let left = 4_999_990 - section.position();
        assert_eq!(section.skip(u64::MAX).unwrap(), left);
        assert!(section.fill_buf().unwrap().is_empty());
    }

    #[test]
    fn a_source_that_ends_early_is_cut() {
        let bytes = vec![1_u8; 1000];
        let mut section = Section::new(&bytes, 0, 10_000_000);
        assert_eq!(section.peek(100).unwrap().len(), 100);
        assert_eq!(section.skip(5000).map_err(Trouble::from), Err(Trouble::Cut));
        let mut far = Section::new(&bytes, 0, 10_000_000);
        assert_eq!(far.skip(9_000_000).map_err(Trouble::from), Err(Trouble::Cut));
    }

    #[test]
    fn jumps_do_not_escape_the_digest() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|it| (it / 7 % 256) as u8).collect();
        let section = Section::new(&bytes, 0, 3_000_000);
        let mut tap = Tap::new(Box::new(section), 2_900_000, Some(Digester::new(None)));
        tap.skip(2_500_000).unwrap();
        let digester = tap.finish().unwrap().unwrap();
        let digest = crate::finish(digester.finish()).unwrap();
        assert_eq!(digest, crate::digest::digest_of(&bytes[..2_900_000]));
    }
}
