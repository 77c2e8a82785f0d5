//! What could not be read, and why: every limit and oddity has a name here.

use std::borrow::Cow;
use std::error::Error;
use std::{fmt, io};

use crate::bytes::visible;

/// Something that was not read, or was read against the rules of its format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Where.
    pub at: Place,
    /// Why.
    pub what: Trouble,
}

/// A place in an archive.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The layer's number in the image, if it is in one.
    pub layer: Option<u16>,
    /// The file of the archive: a blob, a manifest. Empty for the archive itself.
    pub member: Box<str>,
    /// The file in the layer.
    pub path: Option<Box<str>>,
    /// Offset in what was read: the layer's unpacked stream, or the archive.
    pub offset: u64,
}

impl Place {
    /// The archive itself, at an offset.
    pub fn archive(offset: u64) -> Self {
        Self { offset, ..Self::default() }
    }

    /// A file of the archive.
    pub fn member(name: &str) -> Self {
        Self { member: name.into(), ..Self::default() }
    }
}

macro_rules! troubles {
    ($($(#[$doc:meta])+ $variant:ident $(($($field:ident: $type:ty),+))? = $name:literal: $text:literal,)+) => {
        /// Why something was not read, or what is odd about it.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Trouble {
            $($(#[$doc])+ $variant $(($($type),+))?,)+
        }

        impl Trouble {
            /// A short stable name, as in `bad-checksum`.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                }
            }

            /// With names of files and the like as people may see them.
            fn shown(self) -> Self {
                match self {
                    $(Self::$variant $(($($field),+))? => Self::$variant $(($($field.shown()),+))?,)+
                }
            }
        }

        impl fmt::Display for Trouble {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant $(($($field),+))? => write!(f, $text),)+
                }
            }
        }
    };
}

troubles! {
    /// The source gave an error.
    Unreadable(what: Box<str>) = "unreadable": "the source cannot be read: {what}",
    /// The bytes end before what they promise.
    Cut = "cut": "the data is cut off",
    /// The caller asked to stop.
    Stopped = "stopped": "reading was stopped",
    /// A format that is not read here: its name.
    Unsupported(what: &'static str) = "unsupported-format": "{what} is not read here",

    /// The compressed data is broken: what the decoder said.
    BadCompression(what: Box<str>) = "bad-compression": "the compressed data is broken: {what}",
    /// Bytes stand behind the end of the compressed data.
    TrailingBytes = "trailing-bytes": "bytes follow the end of the compressed data",
    /// The data expands beyond this many bytes.
    TooMuchExpansion(limit: u64) = "too-much-expansion":
        "unpacked, the data is larger than {limit} bytes",
    /// The data expands more than this many times.
    SteepExpansion(limit: u64) = "steep-expansion": "the data expands more than {limit} times",
    /// Decoding needs a window of more than this many bytes.
    WindowTooLarge(limit: u64) = "window-too-large":
        "unpacking needs a window of more than {limit} bytes",

    /// The bytes are no tar archive.
    NotTar = "not-tar": "the data is no tar archive",
    /// Blocks where a header is expected do not have a header's checksum; as many were passed over.
    BadChecksum(blocks: u64) = "bad-checksum":
        "{blocks} blocks where an entry is expected are no header",
    /// A number in a header is not a number, or too large: the field.
    BadNumber(field: &'static str) = "bad-number": "the {field} is not a number that fits",
    /// A number in a header is negative: the field.
    NegativeNumber(field: &'static str) = "negative-number": "the {field} is negative",
    /// A zero block stands alone; two end an archive.
    LoneZeroBlock = "lone-zero-block": "a zero block stands between entries",
    /// The end mark of two zero blocks is missing.
    NoEndMark = "no-end-mark": "the archive has no end mark",
    /// Entries follow the end mark: runtimes do not see them.
    EntriesAfterEnd = "entries-after-end":
        "entries follow the end mark, where runtimes do not look",
    /// Bytes that are no entries follow the end mark.
    DataAfterEnd = "data-after-end": "data that is no entry follows the end mark",
    /// A PAX record is broken.
    BadPax = "bad-pax-record": "a PAX record is broken",
    /// A PAX value is not used, since it is not valid for its keyword: the keyword.
    BadPaxValue(key: &'static str) = "bad-pax-value": "the PAX value of `{key}` is not valid",
    /// PAX records for all entries, which container engines do not follow.
    GlobalPax = "global-pax-records":
        "PAX records for all entries are not followed, as engines do not either",
    /// PAX records are longer than this many bytes.
    PaxTooLong(limit: u64) = "pax-too-long": "PAX records are longer than {limit} bytes",
    /// A long name is longer than this many bytes.
    NameTooLong(limit: u64) = "name-too-long": "a name is longer than {limit} bytes",
    /// A long name or PAX record has no entry behind it.
    DanglingRecord = "dangling-record":
        "a long name or PAX record stands at the end, without an entry",
    /// The map of a sparse file is broken.
    BadSparse = "bad-sparse-map": "the map of a sparse file is broken",
    /// An entry of an unknown type: its letter.
    UnknownType(it: u8) = "unknown-entry-type": "the entry type of number {it} is not known",

    /// A name is empty.
    EmptyName = "empty-name": "an entry has no name",
    /// A name leaves the root by `..`; it was kept inside.
    Escapes = "path-escapes": "a path leads out of the root; it was kept inside",
    /// A whiteout does not name what it removes.
    BadWhiteout = "bad-whiteout": "a whiteout names nothing to remove",
    /// A hard link's target is not in the image.
    DanglingHardLink = "dangling-hard-link": "the target of a hard link is not there",
    /// The value of `security.capability` is not one that Linux knows.
    BadCapability = "bad-capability": "the file capabilities are not in a form that Linux knows",

    /// More than this many entries.
    TooManyEntries(limit: u64) = "too-many-entries": "there are more than {limit} entries",
    /// More than this many packages.
    TooManyPackages(limit: u64) = "too-many-packages": "there are more than {limit} packages",
    /// More oddities than are kept.
    MoreGaps(count: u64) = "more-gaps": "{count} more oddities are not listed",
    /// Larger than this many bytes; not read.
    TooLarge(limit: u64) = "too-large": "larger than {limit} bytes, not read",

    /// No image is in the archive.
    NoImage = "no-image": "there is no image in it",
    /// The manifest lists no image.
    EmptyManifest = "empty-manifest": "the manifest lists no image",
    /// A text is not the JSON it should be: what is wrong.
    BadJson(what: Box<str>) = "bad-json": "not the JSON that is expected: {what}",
    /// A file that is named is not in the archive: its name.
    Absent(name: Box<str>) = "absent": "`{name}` is not in the archive",
    /// Links in the archive lead in a circle or outside.
    BadLink(name: Box<str>) = "bad-link": "the link `{name}` leads nowhere",
    /// An index leads back to itself.
    IndexCycle(name: Box<str>) = "index-cycle": "the index `{name}` leads back to itself",
    /// Indexes nest too deep.
    IndexTooDeep = "index-too-deep": "indexes nest too deep",
    /// More manifests than this.
    TooManyManifests(limit: u64) = "too-many-manifests": "there are more than {limit} manifests",
    /// More layers than this.
    TooManyLayers(limit: u64) = "too-many-layers": "there are more than {limit} layers",
    /// Not an image but something else kept in a registry: its type.
    Artifact(kind: Box<str>) = "artifact": "not an image but `{kind}`",
    /// A layer that is kept elsewhere by design (foreign, nondistributable).
    ForeignLayer = "foreign-layer": "the layer is kept elsewhere by design",
    /// An encrypted layer.
    EncryptedLayer = "encrypted-layer": "the layer is encrypted",
    /// A layer of a type that is not known: the type.
    UnknownLayer(kind: Box<str>) = "unknown-layer-type":
        "layers of the type `{kind}` are not read here",
    /// Configuration and manifest name different numbers of layers.
    LayerCount(config: u64, manifest: u64) = "layer-count-differs":
        "the configuration names {config} layers, the manifest {manifest}",
    /// Old archives kept empty layers as empty files.
    EmptyLayer = "empty-layer": "the layer is an empty file",
    /// A digest is not what it should be: expected, found.
    DigestDiffers(expected: Box<str>, found: Box<str>) = "digest-differs":
        "the digest should be {expected} and is {found}",
    /// The digest of an unpacked layer is not what the configuration says: expected, found.
    DiffIdDiffers(expected: Box<str>, found: Box<str>) = "diff-id-differs":
        "the unpacked layer should have the digest {expected} and has {found}",
    /// The same of a zstd:chunked layer, where older tools leave the padding of the archive out:
    /// expected, found.
    ChunkedDiffId(expected: Box<str>, found: Box<str>) = "chunked-diff-id-differs":
        "the unpacked layer should have the digest {expected} and has {found}; older tools \
         that write zstd:chunked leave padding out",
    /// What computed the digest beside the reading came to an end.
    NoDigest = "no-digest": "the digest could not be computed, so it is not compared",
    /// A digest of a kind that is not computed here.
    UnknownDigest(kind: Box<str>) = "unknown-digest":
        "digests of the kind `{kind}` are not computed here",

    /// A package database, a binary or another record is broken: what is wrong.
    BadRecord(what: &'static str) = "bad-record": "{what}",
}

impl Trouble {
    /// Whether something of the archive may be missing in what was read, or may be something else
    /// than it seems. The rest is odd, but nothing is lost by it.
    pub fn is_loss(&self) -> bool {
        match self {
            Self::Unreadable(_)
            | Self::Cut
            | Self::Stopped
            | Self::Unsupported(_)
            | Self::BadCompression(_)
            | Self::TooMuchExpansion(_)
            | Self::SteepExpansion(_)
            | Self::WindowTooLarge(_)
            | Self::NotTar
            | Self::BadChecksum(_)
            | Self::BadNumber(_)
            | Self::NegativeNumber(_)
            | Self::BadPax
            | Self::PaxTooLong(_)
            | Self::NameTooLong(_)
            | Self::BadSparse
            | Self::TooManyEntries(_)
            | Self::MoreGaps(_)
            | Self::Absent(_)
            | Self::ForeignLayer
            | Self::EncryptedLayer
            | Self::UnknownLayer(_)
            | Self::TooManyLayers(_)
            | Self::NoDigest
            | Self::DigestDiffers(..)
            | Self::DiffIdDiffers(..) => true,
            _ => self.is_loss_of_packages(),
        }
    }

    /// Whether only what is known of packages may be incomplete.
    pub fn is_loss_of_packages(&self) -> bool {
        matches!(self, Self::TooManyPackages(_) | Self::TooLarge(_) | Self::BadRecord(_))
    }
}

/// Archives choose their names, so these are escaped before anybody sees them.
trait Shown {
    fn shown(self) -> Self;
}

impl Shown for Box<str> {
    fn shown(self) -> Self {
        match visible(self.as_bytes()) {
            Cow::Borrowed(_) => self,
            Cow::Owned(it) => it.into(),
        }
    }
}

macro_rules! shown_as_they_are {
    ($($type:ty),+) => {
        $(impl Shown for $type {
            fn shown(self) -> Self {
                self
            }
        })+
    };
}

shown_as_they_are!(&'static str, u64, u8);

impl Error for Trouble {}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        Self::other(trouble)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        let cut = error.kind() == io::ErrorKind::UnexpectedEof;
        match error.downcast::<Trouble>() {
            Ok(it) => it,
            Err(_) if cut => Self::Cut,
            Err(it) => Self::Unreadable(it.to_string().into()),
        }
    }
}

/// Gaps as they are found, up to a number.
#[derive(Clone, Debug)]
pub struct Gaps {
    list: Vec<Gap>,
    more: u64,
    most: usize,
}

impl Gaps {
    /// An empty list that keeps `most` gaps and counts the rest.
    pub fn new(most: usize) -> Self {
        Self { list: Vec::new(), more: 0, most }
    }

    /// Adds one. Names are escaped.
    pub fn push(&mut self, at: Place, what: Trouble) {
        if self.list.len() < self.most {
            let at = Place { member: at.member.shown(), ..at };
            self.list.push(Gap { at, what: what.shown() });
        } else {
            self.more += 1;
        }
    }

    /// Those kept, and the number of the others.
    pub fn into_list(mut self) -> Vec<Gap> {
        if self.more > 0 {
            self.list.push(Gap { at: Place::default(), what: Trouble::MoreGaps(self.more) });
        }
        self.list
    }

    /// Those kept.
    pub fn list(&self) -> &[Gap] {
        &self.list
    }
}
