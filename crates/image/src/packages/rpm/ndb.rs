//! NDB, rpm's own database (rpm 4.20, `lib/backend/ndb/rpmpkg.c`): pages of slots, then blobs in
//! blocks of 16 bytes.

use crate::bytes::u32_le;

const PAGE: usize = 4096;
const SLOT: usize = 16;
const BLOCK: usize = 16;

/// Calls `each` with the header of every package.
pub(super) fn headers(file: &[u8], each: &mut impl FnMut(&[u8])) -> Option<()> {
    let n_pages = u32_le(file, 12)? as usize;
    let slots = file.get(..n_pages.checked_mul(PAGE)?)?;
    // The header of the database takes the place of two slots.
    for slot in slots.chunks_exact(SLOT).skip(2) {
        if !slot.starts_with(b"Slot") {
            return None;
        }
        let (index, block) = (u32_le(slot, 4)?, u32_le(slot, 8)? as usize);
        if index == 0 {
            continue;
        }
        let blob = file.get(block.checked_mul(BLOCK)?..)?;
        if !blob.starts_with(b"BlbS") || u32_le(blob, 4) != Some(index) {
            return None;
        }
        let length = u32_le(blob, 12)? as usize;
        each(blob.get(16..length.checked_add(16)?)?);
    }
    Some(())
}
