//! The header block of an entry: recognized, checked, decoded.

use super::{BLOCK, Kind};
use crate::bytes::until_nul;
use crate::gap::Trouble;

/// An entry as its header and the records before it describe it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Header {
    /// Its name, as it stands.
    pub(crate) name: Vec<u8>,
    /// The target of a link, as it stands.
    pub(crate) link: Vec<u8>,
    pub(crate) kind: Kind,
    /// Permission bits, set-user-id, set-group-id and sticky bit.
    pub(crate) mode: u16,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// Bytes of the file as it would be unpacked.
    pub(crate) size: u64,
    /// Bytes that are in the archive; fewer for sparse files.
    pub(crate) stored: u64,
    /// Seconds since 1970.
    pub(crate) mtime: i64,
    pub(crate) device: (u32, u32),
    /// The value of the attribute `security.capability`.
    pub(crate) capability: Option<Vec<u8>>,
    /// Whether overlayfs was told that the directory hides what lies below.
    pub(crate) opaque: bool,
    /// Whether it has holes.
    pub(crate) sparse: bool,
    /// Whether it stands behind the end mark of the archive.
    pub(crate) after_end: bool,
    /// Offset of the header in the archive.
    pub(crate) start: u64,
    /// Offset of the content in the archive.
    pub(crate) content: u64,
}

/// The type of an entry, before it is known what the entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Entry(Kind),
    /// A file of the old GNU sparse format.
    Sparse,
    /// PAX records for the next entry.
    Pax,
    /// PAX records for all entries.
    GlobalPax,
    /// The name of the next entry.
    LongName,
    /// The link target of the next entry.
    LongLink,
    /// None of these: treated as a file, as POSIX asks for.
    Unknown(u8),
}

/// Whether a block has the checksum that makes it a header.
pub(crate) fn is_header(block: &[u8; BLOCK]) -> bool {
    let header = tar::Header::from_byte_slice(block);
    let Ok(expected) = header.cksum() else { return false };
    // The checksum's own field counts as blanks. Some old writers summed signed bytes.
    let field = 148..156;
    let counted = block.iter().enumerate();
    let counted = counted.map(|(at, it)| if field.contains(&at) { b' ' } else { *it });
    let (unsigned, signed) = counted.fold((0_u32, 0_i32), |(unsigned, signed), it| {
        (unsigned + u32::from(it), signed + i32::from(it.cast_signed()))
    });
    expected == unsigned || i64::from(expected) == i64::from(signed)
}

/// The type of the entry.
pub(super) fn entry_type(block: &[u8; BLOCK]) -> Type {
    let old = tar::Header::from_byte_slice(block).as_old();
    match old.linkflag[0] {
        0 | b'0' | b'7' => Type::Entry(Kind::File),
        b'1' => Type::Entry(Kind::HardLink),
        b'2' => Type::Entry(Kind::Symlink),
        b'3' => Type::Entry(Kind::CharDevice),
        b'4' => Type::Entry(Kind::BlockDevice),
        b'5' => Type::Entry(Kind::Directory),
        b'6' => Type::Entry(Kind::Fifo),
        b'S' => Type::Sparse,
        b'x' | b'X' => Type::Pax,
        b'g' => Type::GlobalPax,
        b'L' => Type::LongName,
        b'K' => Type::LongLink,
        it => Type::Unknown(it),
    }
}

/// Whether data follows the header. Links, directories and devices have none, whatever their
/// size says (Go's `isHeaderOnlyType`).
pub(super) fn has_content(kind: Kind) -> bool {
    match kind {
        Kind::File | Kind::Other => true,
        Kind::HardLink
        | Kind::Symlink
        | Kind::Directory
        | Kind::CharDevice
        | Kind::BlockDevice
        | Kind::Fifo
        | Kind::Whiteout
        | Kind::Opaque => false,
    }
}

/// The size field. Without it, it is not known where the next header is.
pub(super) fn size(block: &[u8; BLOCK]) -> Result<u64, Trouble> {
    let header = tar::Header::from_byte_slice(block);
    number("size", &header.as_old().size, header.entry_size())
}

/// Decodes what the block alone says. Numbers that are none become zero and are told of.
pub(super) fn decode(
    block: &[u8; BLOCK],
    kind: Kind,
    start: u64,
    mut trouble: impl FnMut(Trouble),
) -> Header {
    let header = tar::Header::from_byte_slice(block);
    let old = header.as_old();
    let mut field = |name, bytes: &[u8], decoded| {
        number(name, bytes, decoded).unwrap_or_else(|it| {
            trouble(it);
            0
        })
    };
    let mode = field("mode", &old.mode, header.mode().map(u64::from));
    let uid = field("user id", &old.uid, header.uid());
    let gid = field("group id", &old.gid, header.gid());
    let mtime = field("modification time", &old.mtime, header.mtime());
    let devices = matches!(kind, Kind::CharDevice | Kind::BlockDevice);
    let device = if devices { device(header) } else { (0, 0) };
    let id = |it| u32::try_from(it).ok();
    let (user, group) = (id(uid), id(gid));
    if user.is_none() {
        trouble(Trouble::BadNumber("user id"));
    }
    if group.is_none() {
        trouble(Trouble::BadNumber("group id"));
    }
    Header {
        name: name(block),
        link: until_nul(&old.linkname).to_vec(),
        kind,
        mode: u16::try_from(mode & 0o7777).unwrap_or_default(),
        uid: user.unwrap_or(u32::MAX),
        gid: group.unwrap_or(u32::MAX),
        size: 0,
        stored: 0,
        mtime: i64::try_from(mtime).unwrap_or(i64::MAX),
        device,
        capability: None,
        opaque: false,
        sparse: false,
        after_end: false,
        start,
        content: start + BLOCK as u64,
    }
}

/// A number field: octal digits among blanks and NULs, or binary with the highest bit set
/// (GNU's base 256). Empty fields are zero, as Go reads them.
pub(super) fn number(
    name: &'static str,
    field: &[u8],
    decoded: std::io::Result<u64>,
) -> Result<u64, Trouble> {
    match field {
        [first, rest @ ..] if first & 0x80 != 0 => {
            if first & 0x40 != 0 {
                return Err(Trouble::NegativeNumber(name));
            }
            // Longer than a number can be: what stands before the last eight bytes must be zero.
            let (high, _) = rest.split_at(rest.len().saturating_sub(8));
            if first & 0x3f != 0 && rest.len() >= 8 || high.iter().any(|it| *it != 0) {
                return Err(Trouble::BadNumber(name));
            }
        }
        _ if field.iter().all(|it| matches!(it, 0 | b' ')) => return Ok(0),
        _ if field.trim_ascii_start().starts_with(b"-") => {
            return Err(Trouble::NegativeNumber(name));
        }
        _ => {}
    }
    decoded.map_err(|_| Trouble::BadNumber(name))
}

/// The name with its prefix. The star format keeps times where ustar has the end of its prefix.
fn name(block: &[u8; BLOCK]) -> Vec<u8> {
    let header = tar::Header::from_byte_slice(block);
    let Some(ustar) = header.as_ustar() else { return header.path_bytes().into_owned() };
    if !block.ends_with(b"tar\0") {
        return header.path_bytes().into_owned();
    }
    let prefix = until_nul(ustar.prefix.get(..131).unwrap_or_default());
    let mut out = prefix.to_vec();
    if !prefix.is_empty() && !prefix.ends_with(b"/") {
        out.push(b'/');
    }
    out.extend_from_slice(until_nul(&ustar.name));
    out
}

/// Major and minor number; what is no number counts as zero.
fn device(header: &tar::Header) -> (u32, u32) {
    let part = |it: std::io::Result<Option<u32>>| it.ok().flatten().unwrap_or_default();
    (part(header.device_major()), part(header.device_minor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_size(field: &[u8; 12]) -> Result<u64, Trouble> {
        let mut block = [0; BLOCK];
        block[124..136].copy_from_slice(field);
        size(&block)
    }

    #[test]
    fn numbers_of_every_notation() {
        assert_eq!(with_size(b"00000000644\0"), Ok(0o644));
        assert_eq!(with_size(b"   644 \0    "), Ok(0o644));
        assert_eq!(with_size(b"777777777777"), Ok(0o7777_7777_7777));
        assert_eq!(with_size(&[0; 12]), Ok(0));
        assert_eq!(with_size(b"            "), Ok(0));
        assert_eq!(with_size(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Ok(0x2_0000_0000));
        assert_eq!(with_size(b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"), Ok(u64::MAX));
    }

    #[test]
    fn numbers_that_are_none() {
        let bad = Err(Trouble::BadNumber("size"));
        assert_eq!(with_size(b"0000000089\0\0"), bad);
        assert_eq!(with_size(b"\x80\0\0\x01\0\0\0\0\0\0\0\0"), bad);
        assert_eq!(with_size(b"\x81\0\0\0\0\0\0\0\0\0\0\0"), bad);
        let negative = Err(Trouble::NegativeNumber("size"));
        assert_eq!(with_size(b"-0000000001\0"), negative);
        assert_eq!(with_size(&[0xff; 12]), negative);
    }

    #[test]
    fn checksums_signed_and_not() {
        let mut block = [0; BLOCK];
        block[0..4].copy_from_slice(b"caf\xe9");
        let unsigned = 8 * 32 + b"caf\xe9".iter().map(|it| u32::from(*it)).sum::<u32>();
        block[148..156].copy_from_slice(format!("{unsigned:06o}\0 ").as_bytes());
        assert!(is_header(&block));
        block[148..156].copy_from_slice(format!("{:06o}\0 ", unsigned - 256).as_bytes());
        assert!(is_header(&block));
        block[148..156].copy_from_slice(format!("{:06o}\0 ", unsigned - 1).as_bytes());
        assert!(!is_header(&block));
        assert!(!is_header(&[0; BLOCK]));
    }
}
