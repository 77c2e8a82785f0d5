//! How much is read of hostile or huge inputs. Every limit that is met becomes a gap.

/// Bounds on what is read and kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Files in the outer archive.
    pub members: u64,
    /// Entries of all layers together.
    pub entries: u64,
    /// Bytes of the PAX records or the long name of one entry.
    pub record: u64,
    /// Bytes of a path.
    pub path: u64,
    /// Bytes of a manifest, index, configuration or attestation.
    pub json: u64,
    /// Bytes of such texts kept together, when the whole archive is compressed.
    pub json_kept: u64,
    /// Manifests and indexes visited.
    pub manifests: u64,
    /// How deep indexes nest.
    pub index_depth: u32,
    /// Layers of an image. OCI has no limit; Docker's storage drivers stop at 127.
    pub layers: u64,
    /// Bytes that all layers together may unpack to.
    pub unpacked: u64,
    /// How many times larger than its compressed form data may be …
    pub expansion: u64,
    /// … once it is larger than this.
    pub expansion_from: u64,
    /// Bytes of the window of zstd.
    pub window: u64,
    /// Bytes of a file that has to be in memory to be understood: databases, binaries, jars.
    pub whole_file: u64,
    /// Packages of all records together.
    pub packages: u64,
    /// Gaps that are kept one by one.
    pub gaps: usize,
}

impl Limits {
    /// For a program of its own.
    pub fn native() -> Self {
        Self {
            members: 100_000,
            entries: 5_000_000,
            record: 1 << 20,
            path: 4096,
            json: 32 << 20,
            json_kept: 64 << 20,
            manifests: 1000,
            index_depth: 4,
            layers: 1000,
            unpacked: 64 << 30,
            expansion: 200,
            expansion_from: 1 << 30,
            window: 128 << 20,
            whole_file: 64 << 20,
            packages: 200_000,
            gaps: 1000,
        }
    }

    /// For a browser tab, whose memory never shrinks.
    pub fn browser() -> Self {
        Self {
            entries: 2_000_000,
            unpacked: 16 << 30,
            window: 32 << 20,
            whole_file: 48 << 20,
            ..Self::native()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::native()
    }
}
