//! What could not be read, and why: every limit and oddity has a name here.

use std::error::Error;
use std::{fmt, io};

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
    ($($(#[$doc:meta])+ $variant:ident $(($($field:ty),+))? = $name:literal,)+) => {
        /// Why something was not read, or what is odd about it.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Trouble {
            $($(#[$doc])+ $variant $(($($field),+))?,)+
        }

        impl Trouble {
            /// A short stable name, as in `bad-checksum`.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                }
            }
        }
    };
}

troubles! {
    /// The source gave an error.
    Unreadable(Box<str>) = "unreadable",
    /// The bytes end before what they promise.
    Cut = "cut",
    /// The caller asked to stop.
    Stopped = "stopped",
    /// A format that is not read here: its name.
    Unsupported(&'static str) = "unsupported-format",

    /// The compressed data is broken: what the decoder said.
    BadCompression(Box<str>) = "bad-compression",
    /// Bytes stand behind the end of the compressed data.
    TrailingBytes = "trailing-bytes",
    /// The data expands beyond this many bytes.
    TooMuchExpansion(u64) = "too-much-expansion",
    /// The data expands more than this many times.
    SteepExpansion(u64) = "steep-expansion",
    /// Decoding needs a window of more than this many bytes.
    WindowTooLarge(u64) = "window-too-large",

    /// The bytes are no tar archive.
    NotTar = "not-tar",
    /// Blocks where a header is expected do not have a header's checksum; as many were passed over.
    BadChecksum(u64) = "bad-checksum",
    /// A number in a header is not a number, or too large: the field.
    BadNumber(&'static str) = "bad-number",
    /// A number in a header is negative: the field.
    NegativeNumber(&'static str) = "negative-number",
    /// A zero block stands alone; two end an archive.
    LoneZeroBlock = "lone-zero-block",
    /// The end mark of two zero blocks is missing.
    NoEndMark = "no-end-mark",
    /// Entries follow the end mark: runtimes do not see them.
    EntriesAfterEnd = "entries-after-end",
    /// Bytes that are no entries follow the end mark.
    DataAfterEnd = "data-after-end",
    /// A PAX record is broken.
    BadPax = "bad-pax-record",
    /// A PAX value is not used, since it is not valid for its keyword: the keyword.
    BadPaxValue(&'static str) = "bad-pax-value",
    /// PAX records for all entries, which container engines do not follow.
    GlobalPax = "global-pax-records",
    /// PAX records are longer than this many bytes.
    PaxTooLong(u64) = "pax-too-long",
    /// A long name is longer than this many bytes.
    NameTooLong(u64) = "name-too-long",
    /// A long name or PAX record has no entry behind it.
    DanglingRecord = "dangling-record",
    /// The map of a sparse file is broken.
    BadSparse = "bad-sparse-map",
    /// An entry of an unknown type: its letter.
    UnknownType(u8) = "unknown-entry-type",

    /// A name is empty.
    EmptyName = "empty-name",
    /// A name leaves the root by `..`; it was kept inside.
    Escapes = "path-escapes",
    /// A whiteout does not name what it removes.
    BadWhiteout = "bad-whiteout",
    /// A hard link's target is not in the image.
    DanglingHardLink = "dangling-hard-link",
    /// The value of `security.capability` is not one that Linux knows.
    BadCapability = "bad-capability",

    /// More than this many entries.
    TooManyEntries(u64) = "too-many-entries",
    /// More than this many packages.
    TooManyPackages(u64) = "too-many-packages",
    /// More oddities than are kept.
    MoreGaps(u64) = "more-gaps",
    /// Larger than this many bytes; not read.
    TooLarge(u64) = "too-large",

    /// No image is in the archive.
    NoImage = "no-image",
    /// The manifest lists no image.
    EmptyManifest = "empty-manifest",
    /// A text is not the JSON it should be: what is wrong.
    BadJson(Box<str>) = "bad-json",
    /// A file that is named is not in the archive: its name.
    Absent(Box<str>) = "absent",
    /// Links in the archive lead in a circle or outside.
    BadLink(Box<str>) = "bad-link",
    /// An index leads back to itself.
    IndexCycle(Box<str>) = "index-cycle",
    /// Indexes nest too deep.
    IndexTooDeep = "index-too-deep",
    /// More manifests than this.
    TooManyManifests(u64) = "too-many-manifests",
    /// More layers than this.
    TooManyLayers(u64) = "too-many-layers",
    /// Not an image but something else kept in a registry: its type.
    Artifact(Box<str>) = "artifact",
    /// A layer that is kept elsewhere by design (foreign, nondistributable).
    ForeignLayer = "foreign-layer",
    /// An encrypted layer.
    EncryptedLayer = "encrypted-layer",
    /// A layer of a type that is not known: the type.
    UnknownLayer(Box<str>) = "unknown-layer-type",
    /// Configuration and manifest name different numbers of layers.
    LayerCount(u64, u64) = "layer-count-differs",
    /// Old archives kept empty layers as empty files.
    EmptyLayer = "empty-layer",
    /// A digest is not what it should be: expected, found.
    DigestDiffers(Box<str>, Box<str>) = "digest-differs",
    /// The digest of an unpacked layer is not what the configuration says: expected, found.
    DiffIdDiffers(Box<str>, Box<str>) = "diff-id-differs",
    /// A digest of a kind that is not computed here.
    UnknownDigest(Box<str>) = "unknown-digest",

    /// A package database, a binary or another record is broken: what is wrong.
    BadRecord(&'static str) = "bad-record",
}

impl fmt::Display for Trouble {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "the source cannot be read: {what}"),
            Self::Cut => f.write_str("the data is cut off"),
            Self::Stopped => f.write_str("reading was stopped"),
            Self::Unsupported(what) => write!(f, "{what} is not read here"),
            Self::BadCompression(what) => write!(f, "the compressed data is broken: {what}"),
            Self::TrailingBytes => f.write_str("bytes follow the end of the compressed data"),
            Self::TooMuchExpansion(limit) => write!(f, "unpacked, the data is larger than {limit} bytes"),
            Self::SteepExpansion(limit) => write!(f, "the data expands more than {limit} times"),
            Self::WindowTooLarge(limit) => write!(f, "unpacking needs a window of more than {limit} bytes"),
            Self::NotTar => f.write_str("the data is no tar archive"),
            Self::BadChecksum(blocks) => write!(f, "{blocks} blocks where an entry is expected are no header"),
            Self::BadNumber(field) => write!(f, "the {field} is not a number that fits"),
            Self::NegativeNumber(field) => write!(f, "the {field} is negative"),
            Self::LoneZeroBlock => f.write_str("a zero block stands between entries"),
            Self::NoEndMark => f.write_str("the archive has no end mark"),
            Self::EntriesAfterEnd => f.write_str("entries follow the end mark, where runtimes do not look"),
            Self::DataAfterEnd => f.write_str("data that is no entry follows the end mark"),
            Self::BadPax => f.write_str("a PAX record is broken"),
            Self::BadPaxValue(key) => write!(f, "the PAX value of `{key}` is not valid"),
            Self::GlobalPax => f.write_str("PAX records for all entries are not followed, as engines do not either"),
            Self::PaxTooLong(limit) => write!(f, "PAX records are longer than {limit} bytes"),
            Self::NameTooLong(limit) => write!(f, "a name is longer than {limit} bytes"),
            Self::DanglingRecord => f.write_str("a long name or PAX record stands at the end, without an entry"),
            Self::BadSparse => f.write_str("the map of a sparse file is broken"),
            Self::UnknownType(it) => write!(f, "the entry type `{}` is not known", char::from(*it).escape_default()),
            Self::EmptyName => f.write_str("an entry has no name"),
            Self::Escapes => f.write_str("a path leads out of the root; it was kept inside"),
            Self::BadWhiteout => f.write_str("a whiteout names nothing to remove"),
            Self::DanglingHardLink => f.write_str("the target of a hard link is not there"),
            Self::BadCapability => f.write_str("the file capabilities are not in a form that Linux knows"),
            Self::TooManyEntries(limit) => write!(f, "there are more than {limit} entries"),
            Self::TooManyPackages(limit) => write!(f, "there are more than {limit} packages"),
            Self::MoreGaps(count) => write!(f, "{count} more oddities are not listed"),
            Self::TooLarge(limit) => write!(f, "larger than {limit} bytes, not read"),
            Self::NoImage => f.write_str("there is no image in it"),
            Self::EmptyManifest => f.write_str("the manifest lists no image"),
            Self::BadJson(what) => write!(f, "not the JSON that is expected: {what}"),
            Self::Absent(name) => write!(f, "`{name}` is not in the archive"),
            Self::BadLink(name) => write!(f, "the link `{name}` leads nowhere"),
            Self::IndexCycle(name) => write!(f, "the index `{name}` leads back to itself"),
            Self::IndexTooDeep => f.write_str("indexes nest too deep"),
            Self::TooManyManifests(limit) => write!(f, "there are more than {limit} manifests"),
            Self::TooManyLayers(limit) => write!(f, "there are more than {limit} layers"),
            Self::Artifact(kind) => write!(f, "not an image but `{kind}`"),
            Self::ForeignLayer => f.write_str("the layer is kept elsewhere by design"),
            Self::EncryptedLayer => f.write_str("the layer is encrypted"),
            Self::UnknownLayer(kind) => write!(f, "layers of the type `{kind}` are not read here"),
            Self::LayerCount(config, manifest) => write!(f, "the configuration names {config} layers, the manifest {manifest}"),
            Self::EmptyLayer => f.write_str("the layer is an empty file"),
            Self::DigestDiffers(expected, found) => write!(f, "the digest should be {expected} and is {found}"),
            Self::DiffIdDiffers(expected, found) => write!(f, "the unpacked layer should have the digest {expected} and has {found}"),
            Self::UnknownDigest(kind) => write!(f, "digests of the kind `{kind}` are not computed here"),
            Self::BadRecord(what) => f.write_str(what),
        }
    }
}

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

    /// Adds one.
    pub fn push(&mut self, at: Place, what: Trouble) {
        if self.list.len() < self.most {
            self.list.push(Gap { at, what });
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
