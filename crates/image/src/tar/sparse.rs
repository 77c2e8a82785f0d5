//! Maps of sparse files: only so much is read of them as it takes to find the data.

use std::io::BufRead;

use super::BLOCK;
use super::header::number;
use crate::gap::Trouble;

/// The numbers of the old GNU format: bytes of the file with its holes, bytes that the map lists,
/// and whether more of the map follows in a block of its own.
pub(super) struct OldMap {
    pub(super) real_size: u64,
    pub(super) listed: u64,
    pub(super) goes_on: bool,
}

/// Reads the map in the header of an old GNU sparse file (type `S`).
pub(super) fn old_map(block: &[u8; BLOCK]) -> Result<OldMap, Trouble> {
    let header = tar::Header::from_byte_slice(block);
    let gnu = header.as_gnu().ok_or(Trouble::BadSparse)?;
    let real_size = number("size", &gnu.realsize, gnu.real_size());
    let mut listed = 0_u64;
    for it in &gnu.sparse {
        listed = listed.saturating_add(length(it)?);
    }
    Ok(OldMap {
        real_size: real_size.map_err(|_| Trouble::BadSparse)?,
        listed,
        goes_on: gnu.is_extended(),
    })
}

/// Reads a block of the map that follows the header.
pub(super) fn old_map_goes_on(block: &[u8; BLOCK], map: &mut OldMap) -> Result<(), Trouble> {
    let mut more = tar::GnuExtSparseHeader::new();
    more.as_mut_bytes().copy_from_slice(block);
    map.goes_on = more.is_extended();
    for it in more.sparse() {
        map.listed = map.listed.saturating_add(length(it)?);
    }
    Ok(())
}

fn length(part: &tar::GnuSparseHeader) -> Result<u64, Trouble> {
    let bad = |_| Trouble::BadSparse;
    number("offset", &part.offset, part.offset()).map_err(bad)?;
    number("length", &part.numbytes, part.length()).map_err(bad)
}

/// Passes over the map at the start of the content of a file of format 1.0: lines of decimal
/// numbers, first how many pairs follow, filled up to a whole block. Gives the bytes read and the
/// bytes that the map lists.
pub(super) fn pass_map(
    stream: &mut (impl BufRead + ?Sized),
    stored: u64,
    most: u64,
) -> Result<(u64, u64), Trouble> {
    let mut read = 0;
    let pairs = line(stream, &mut read, stored.min(most))?;
    let mut listed = 0_u64;
    for _ in 0..pairs {
        line(stream, &mut read, stored.min(most))?;
        listed = listed.saturating_add(line(stream, &mut read, stored.min(most))?);
    }
    Ok((read, listed))
}

/// A number on a line of its own.
fn line(stream: &mut (impl BufRead + ?Sized), read: &mut u64, most: u64) -> Result<u64, Trouble> {
    let mut number = 0_u64;
    let mut digits = 0;
    loop {
        if *read >= most {
            return Err(Trouble::BadSparse);
        }
        let here = stream.fill_buf()?;
        let byte = *here.first().ok_or(Trouble::Cut)?;
        stream.consume(1);
        *read += 1;
        match byte {
            b'0'..=b'9' if digits < 20 => {
                digits += 1;
                let next = number.checked_mul(10).map(|it| it.checked_add(u64::from(byte - b'0')));
                number = next.flatten().ok_or(Trouble::BadSparse)?;
            }
            b'\n' if digits > 0 => return Ok(number),
            _ => return Err(Trouble::BadSparse),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_in_the_content() {
        let map = b"2\n0\n100\n4096\n50\n\0\0\0data";
        assert_eq!(pass_map(&mut &map[..], 1000, 1000), Ok((16, 150)));
        assert_eq!(pass_map(&mut &map[..], 8, 1000), Err(Trouble::BadSparse));
        assert_eq!(pass_map(&mut &b"2\n0\n"[..], 1000, 1000), Err(Trouble::Cut));
        let endless = b"18446744073709551615\n1\n1\n1\n1\n1\n1\n1\n1\n";
        assert_eq!(pass_map(&mut &endless[..], u64::MAX, 30), Err(Trouble::BadSparse));
        assert_eq!(pass_map(&mut &b"x\n"[..], 1000, 1000), Err(Trouble::BadSparse));
    }
}
