//! The index of an outer archive: which files are where. Their contents are jumped over.

use std::rc::Rc;

use super::members::{Blob, Member, Members};
use crate::bytes::text;
use crate::gap::{Gaps, Place, Trouble};
use crate::limits::Limits;
use crate::source::Meter;
use crate::tar::{Header, Kind, Sink, Take, walk};
use crate::turns::Next;

/// Image archives have a mark among their first files. A thousand files without one are a root
/// file system, and are not looked through to the end.
const MOST_WITHOUT_MARK: u64 = 1000;

/// Largest text that is kept of an archive that is packed as a whole.
const MOST_KEPT: u64 = 4 << 20;

/// What was found.
pub(super) struct Indexed {
    /// Whether there was an entry at all.
    pub(super) is_tar: bool,
    /// Whether there are directories that a root file system has and an image archive has not.
    pub(super) has_root: bool,
    /// Whether it was stopped before the end.
    pub(super) is_stopped: bool,
}

/// Finds the files of an archive.
pub(super) async fn index(
    members: &mut Members<'_>,
    limits: &Limits,
    gaps: &mut Gaps,
    watch: &mut dyn FnMut(u64) -> Next,
) -> Indexed {
    let is_packed = members.is_packed();
    let meter = Meter::default();
    let mut indexer = Indexer {
        found: Vec::new(),
        kept: Vec::new(),
        room: limits.json_kept,
        keeping: None,
        troubles: Vec::new(),
        has_mark: false,
        has_root: false,
        is_packed,
        most: limits.members,
        n_entries: 0,
        meter: Rc::clone(&meter),
        watch,
        calls: 0,
    };
    let Some(mut outer) = members.outer(limits, Some(&meter)) else {
        return Indexed { is_tar: false, has_root: false, is_stopped: false };
    };
    let is_tar = walk(&mut outer, limits, &mut indexer).await.is_tar;
    drop(outer);
    let Indexer { found, kept, troubles, has_mark, has_root, .. } = indexer;
    for (name, raw) in found {
        let member = match raw {
            Raw::File(start, length) => Member::File(members.blob(start, length)),
            Raw::Link(target) => Member::Link(target),
        };
        members.insert(name, member);
    }
    for (start, length, content) in kept {
        let blob: Blob = members.blob(start, length);
        members.kept.insert(blob, content);
    }
    let is_stopped = troubles.last().is_some_and(|it| it.1 == Trouble::Stopped);
    // A root file system is read once more as a layer, which tells of its oddities then.
    if has_mark || !is_tar || is_stopped {
        for (offset, what) in troubles {
            gaps.push(Place::archive(offset), what);
        }
    }
    Indexed { is_tar, has_root, is_stopped }
}

enum Raw {
    File(u64, u64),
    Link(Box<str>),
}

struct Indexer<'w> {
    found: Vec<(Box<str>, Raw)>,
    kept: Vec<(u64, u64, Vec<u8>)>,
    room: u64,
    keeping: Option<(u64, u64, Vec<u8>)>,
    troubles: Vec<(u64, Trouble)>,
    has_mark: bool,
    has_root: bool,
    is_packed: bool,
    most: u64,
    n_entries: u64,
    meter: Meter,
    /// Hears how many bytes of the archive were read.
    watch: &'w mut dyn FnMut(u64) -> Next,
    calls: u32,
}

impl Sink for Indexer<'_> {
    fn entry(&mut self, header: &Header) -> Take {
        self.n_entries += 1;
        self.keeping = None;
        if self.n_entries > self.most {
            self.troubles.push((header.start, Trouble::TooManyEntries(self.most)));
            return Take::Stop;
        }
        if self.n_entries > MOST_WITHOUT_MARK && !self.has_mark {
            return Take::Stop;
        }
        let name = clean(&header.name);
        self.has_mark |= is_mark(&name);
        let first = name.split('/').next().unwrap_or_default();
        self.has_root |= matches!(first, "bin" | "etc" | "lib" | "usr" | "var");
        let raw = match header.kind {
            Kind::File | Kind::Other => Raw::File(header.content, header.stored),
            Kind::Symlink => Raw::Link(beside(&name, &header.link)),
            Kind::HardLink => Raw::Link(clean(&header.link)),
            Kind::Directory
            | Kind::CharDevice
            | Kind::BlockDevice
            | Kind::Fifo
            | Kind::Whiteout
            | Kind::Opaque => return Take::Nothing,
        };
        let is_file = matches!(raw, Raw::File(..));
        self.found.push((name, raw));
        let size = header.stored;
        if self.is_packed && is_file && size <= MOST_KEPT.min(self.room) {
            self.keeping = Some((header.content, size, Vec::new()));
            return Take::All;
        }
        Take::Nothing
    }

    fn content(&mut self, chunk: &[u8]) {
        let Some((_, _, kept)) = &mut self.keeping else { return };
        let first = chunk.trim_ascii_start().first();
        if kept.is_empty() && !matches!(first, Some(b'{' | b'[' | b'n')) {
            self.keeping = None;
            return;
        }
        kept.extend_from_slice(chunk);
    }

    fn end(&mut self, whole: bool) {
        if let Some(it) = self.keeping.take().filter(|_| whole) {
            self.room = self.room.saturating_sub(it.1);
            self.kept.push(it);
        }
    }

    fn trouble(&mut self, offset: u64, what: Trouble) {
        if self.troubles.len() < 1000 || what == Trouble::Stopped {
            self.troubles.push((offset, what));
        }
    }

    fn go_on(&mut self) -> Next {
        // What is not packed is jumped over, which takes no time.
        self.calls += 1;
        if !self.is_packed && !self.calls.is_multiple_of(64) {
            return Next::On;
        }
        (self.watch)(self.meter.get())
    }
}

/// Whether a name is one that image archives have and file systems do not.
fn is_mark(name: &str) -> bool {
    let is_digest = |it: &str| it.len() == 64 && it.bytes().all(|it| it.is_ascii_hexdigit());
    let (first, rest) = name.split_once('/').unwrap_or((name, ""));
    match first {
        "manifest.json" | "index.json" | "oci-layout" | "repositories" => rest.is_empty(),
        "blobs" => rest.starts_with("sha256/") || rest.starts_with("sha512/"),
        _ => {
            let bare = first.strip_prefix("sha256:").unwrap_or(first);
            is_digest(bare.split('.').next().unwrap_or(bare))
        }
    }
}

/// A name without `.`, doubled slashes and slashes at its ends; `..` stays inside.
pub(super) fn clean(name: &[u8]) -> Box<str> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in name.split(|it| *it == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    text(&parts.join(&b'/'))
}

/// Where a symbolic link leads: from its own directory on.
fn beside(name: &str, target: &[u8]) -> Box<str> {
    let directory = name.rsplit_once('/').map_or("", |it| it.0);
    match target {
        [b'/', ..] => clean(target),
        _ => clean(&[directory.as_bytes(), target].join(&b'/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_links_stay_inside() {
        assert_eq!(&*clean(b"./a//b/../c/"), "a/c");
        assert_eq!(&*clean(b"../../etc"), "etc");
        assert_eq!(&*beside("a/layer.tar", b"../b/layer.tar"), "b/layer.tar");
        assert_eq!(&*beside("layer.tar", b"/x"), "x");
    }

    #[test]
    fn marks_of_images() {
        let digest = "5".repeat(64);
        for name in ["manifest.json", "blobs/sha256/aa", &digest, &format!("{digest}/layer.tar")] {
            assert!(is_mark(name), "{name}");
        }
        for name in
            [&format!("{digest}.json"), &format!("{digest}.tar.gz"), &format!("sha256:{digest}")]
        {
            assert!(is_mark(name), "{name}");
        }
        for name in ["etc/manifest.json", "manifest.json/x", "blobs", "usr", "5555"] {
            assert!(!is_mark(name), "{name}");
        }
    }
}
