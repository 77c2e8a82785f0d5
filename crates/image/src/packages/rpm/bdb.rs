//! Berkeley DB hash files (Berkeley DB 5.3, `dbinc/db_page.h`): the values of all pages, which are
//! the headers of packages.

use crate::bytes::{u16_be, u16_le, u32_be, u32_le};

const MAGIC: u32 = 0x0006_1561;
const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;
const PAGE_HEADER: usize = 26;

/// The smallest header of a package, with no tag at all. Record 0 holds the next number only.
const SMALLEST: usize = 16;

/// Whether it is a hash file, of either byte order.
pub(super) fn is_hash(file: &[u8]) -> bool {
    u32_le(file, 12) == Some(MAGIC) || u32_be(file, 12) == Some(MAGIC)
}

/// Calls `each` with the header of every package.
pub(super) fn headers(file: &[u8], each: &mut impl FnMut(&[u8])) -> Option<()> {
    let big = u32_be(file, 12) == Some(MAGIC);
    let size = Pages { file, big, size: 0 }.int(20)? as usize;
    if !size.is_power_of_two() || !(512..=65_536).contains(&size) {
        return None;
    }
    let pages = Pages { file, big, size };
    let last = pages.int(32)? as usize;
    // What is announced beyond the end of the file is missing; what is there is still read.
    let there = file.len() / size;
    for number in 1..=last.min(there.saturating_sub(1)) {
        let page = number * size;
        if matches!(file.get(page + 25), Some(&HASH | &HASH_UNSORTED)) {
            pages.values(page, each)?;
        }
    }
    (last < there).then_some(())
}

struct Pages<'a> {
    file: &'a [u8],
    big: bool,
    size: usize,
}

impl Pages<'_> {
    /// The values of a page: every other item is a key.
    fn values(&self, page: usize, each: &mut impl FnMut(&[u8])) -> Option<()> {
        let n_items = usize::from(self.half(page + 20)?);
        let offset = |item: usize| {
            let at = page + PAGE_HEADER + item * 2;
            self.half(at).map(usize::from).filter(|it| *it < self.size)
        };
        for item in (1..n_items).step_by(2) {
            let start = page + offset(item)?;
            match self.file.get(start)? {
                // Kept on the page: it ends where the item before it starts.
                1 => {
                    let value = self.file.get(start + 1..page + offset(item - 1)?)?;
                    if value.len() >= SMALLEST {
                        each(value);
                    }
                }
                // Kept on pages of its own.
                3 => each(&self.chain(self.int(start + 4)?, self.int(start + 8)? as usize)?),
                _ => {}
            }
        }
        Some(())
    }

    /// The content of a chain of overflow pages.
    fn chain(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        if length > self.file.len() {
            return None;
        }
        let mut out = Vec::with_capacity(length);
        let mut next = first;
        while out.len() < length {
            let page = (next as usize).checked_mul(self.size).filter(|it| *it > 0)?;
            if *self.file.get(page + 25)? != OVERFLOW {
                return None;
            }
            let here = usize::from(self.half(page + 22)?).min(length - out.len());
            let content = self.file.get(page + PAGE_HEADER..page + PAGE_HEADER + here)?;
            if content.is_empty() {
                return None;
            }
            out.extend_from_slice(content);
            next = self.int(page + 16)?;
        }
        Some(out)
    }

    fn half(&self, at: usize) -> Option<u16> {
        if self.big { u16_be(self.file, at) } else { u16_le(self.file, at) }
    }

    fn int(&self, at: usize) -> Option<u32> {
        if self.big { u32_be(self.file, at) } else { u32_le(self.file, at) }
    }
}
