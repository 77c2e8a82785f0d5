//! SQLite files (sqlite.org, "Database File Format"): just enough to read one table in full. A
//! journal beside the file is not applied; images have none when rpm was closed properly.

use crate::bytes::{u16_be, u32_be};

const TABLE_INTERIOR: u8 = 5;
const TABLE_LEAF: u8 = 13;

/// The table that holds the headers, and which of its columns does.
const TABLE: &[u8] = b"Packages";
const COLUMN: usize = 1;

/// Calls `each` with the header of every package.
pub(super) fn headers(file: &[u8], each: &mut impl FnMut(&[u8])) -> Option<()> {
    let size = match usize::from(u16_be(file, 16)?) {
        1 => 65_536,
        it if it.is_power_of_two() && it >= 512 => it,
        _ => return None,
    };
    let usable = size - usize::from(*file.get(20)?);
    if usable < 480 {
        return None;
    }
    let database = Database { file, size, usable };
    let mut root = None;
    database.rows(1, &mut |row| {
        let is_table = column(row, 0).is_some_and(|it| it.1 == b"table");
        if is_table && column(row, 1).is_some_and(|it| it.1 == TABLE) {
            root = column(row, 3).and_then(|(_, it)| number(it));
        }
    })?;
    database.rows(root?, &mut |row| {
        if let Some((_, blob)) = column(row, COLUMN) {
            each(blob);
        }
    })
}

struct Database<'a> {
    file: &'a [u8],
    size: usize,
    /// Bytes of a page that are in use.
    usable: usize,
}

impl Database<'_> {
    /// Calls `each` with the rows of the table whose tree starts at a page.
    fn rows(&self, root: u32, each: &mut impl FnMut(&[u8])) -> Option<()> {
        let mut pages = vec![root];
        // No page is in a tree twice.
        let mut left = self.file.len() / self.size;
        while let Some(number) = pages.pop() {
            left = left.checked_sub(1)?;
            let page = self.page(number)?;
            // The first page starts with the header of the file.
            let start = if number == 1 { 100 } else { 0 };
            let n_cells = usize::from(u16_be(page, start + 3)?);
            let kind = *page.get(start)?;
            let pointers = start + if kind == TABLE_INTERIOR { 12 } else { 8 };
            if kind == TABLE_INTERIOR {
                pages.push(u32_be(page, start + 8)?);
            }
            for cell in (0..n_cells).rev() {
                let at = usize::from(u16_be(page, pointers + cell * 2)?);
                match kind {
                    TABLE_INTERIOR => pages.push(u32_be(page, at)?),
                    TABLE_LEAF => each(&self.payload(page, at)?),
                    _ => return None,
                }
            }
        }
        Some(())
    }

    fn page(&self, number: u32) -> Option<&[u8]> {
        let start = (number as usize).checked_sub(1)?.checked_mul(self.size)?;
        self.file.get(start..start.checked_add(self.size)?)
    }

    /// The content of a cell, with what of it is on overflow pages (section 1.6).
    fn payload(&self, page: &[u8], at: usize) -> Option<Vec<u8>> {
        let (length, used) = varint(page.get(at..)?)?;
        let (_, used_by_key) = varint(page.get(at + used..)?)?;
        let start = at + used + used_by_key;
        let length = usize::try_from(length).ok().filter(|it| *it <= self.file.len())?;
        let here = self.local(length);
        let mut out = Vec::with_capacity(length);
        out.extend_from_slice(page.get(start..start.checked_add(here)?)?);
        let mut next = if here < length { u32_be(page, start + here)? } else { 0 };
        while out.len() < length {
            let page = self.page(next)?;
            let part = (self.usable - 4).min(length - out.len());
            out.extend_from_slice(page.get(4..4 + part)?);
            next = u32_be(page, 0)?;
        }
        Some(out)
    }

    /// How much of a payload is kept on the page of its cell.
    fn local(&self, length: usize) -> usize {
        let most = self.usable - 35;
        if length <= most {
            return length;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (self.usable - 4);
        if fitting <= most { fitting } else { least }
    }
}

/// A column of a row (section 2.1): its type and its bytes.
fn column(row: &[u8], number: usize) -> Option<(u64, &[u8])> {
    let (header, used) = varint(row)?;
    let mut types = row.get(used..usize::try_from(header).ok()?)?;
    let mut at = usize::try_from(header).ok()?;
    for column in 0.. {
        let (kind, used) = varint(types)?;
        types = types.get(used..)?;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => (kind - 12) / 2,
        };
        let end = at.checked_add(usize::try_from(length).ok()?)?;
        let content = row.get(at..end)?;
        if column == number {
            return Some((kind, content));
        }
        at = end;
    }
    None
}

/// A big-endian number of up to four bytes.
fn number(bytes: &[u8]) -> Option<u32> {
    (bytes.len() <= 4).then(|| bytes.iter().fold(0, |it, byte| it << 8 | u32::from(*byte)))
}

/// Seven bits a byte, highest first; the ninth byte has eight.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((value << 8 | u64::from(*byte), 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length() {
        assert_eq!(varint(&[0x7f]), Some((127, 1)));
        assert_eq!(varint(&[0x81, 0]), Some((128, 2)));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, 9)));
        assert_eq!(varint(&[0x80; 8]), None);
    }
}
