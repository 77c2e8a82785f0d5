//! Where an entry of a layer goes: its name, cleaned, as a path of the image's tree.

use std::collections::BTreeMap;

use super::paths::{PathId, Paths};
use super::table::flag;
use crate::tar::Kind;

/// How many links are followed on the way to one path, as in Linux (`MAXSYMLINKS`).
pub(crate) const MOST_LINKS: u32 = 40;

/// A place with what is special about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Placed {
    pub(crate) path: PathId,
    /// What the name makes of the entry, if it is not what its header says.
    pub(crate) kind: Option<Kind>,
    pub(crate) flags: u8,
    /// Whether a whiteout's name has nothing behind its prefix.
    pub(crate) bad_whiteout: bool,
}

/// Finds the places of the entries of one layer.
///
/// Unpacking happens layer by layer (containerd: `RootPath` of the layer's own directory; Docker:
/// in a root of its own), so a link is followed if it is in the same layer; a link of a lower one
/// gives way to the directory that the path asks for.
#[derive(Debug, Default)]
pub(crate) struct Placer {
    /// Symbolic links of this layer.
    links: BTreeMap<PathId, Box<[u8]>>,
    /// The directory of the entry before, which is likely to be the next one's too.
    last: Option<(Vec<u8>, PathId, u8)>,
}

impl Placer {
    /// Tells of a symbolic link in this layer.
    pub(crate) fn link(&mut self, path: PathId, target: &[u8]) {
        self.links.insert(path, target.into());
        self.last = None;
    }

    /// Tells that something else than a symbolic link is at a path now.
    pub(crate) fn unlink(&mut self, path: PathId) {
        if !self.links.is_empty() && self.links.remove(&path).is_some() {
            self.last = None;
        }
    }

    /// The place of an entry.
    pub(crate) fn place(&mut self, paths: &mut Paths, name: &[u8]) -> Placed {
        let (directory, last) = split(name);
        let (parent, mut flags) = self.directory(paths, directory);
        if is_under_debris(directory) {
            flags |= flag::META;
        }
        let at = |path, kind, flags| Placed { path, kind, flags, bad_whiteout: false };
        match last {
            b"" | b"." | b".." => {
                let (path, more) = self.descend(paths, parent, last);
                at(path, None, flags | more)
            }
            b".wh..wh..opq" => at(parent, Some(Kind::Opaque), flags),
            _ if last.starts_with(b".wh..wh.") => {
                at(paths.add(parent, last), None, flags | flag::META)
            }
            [b'.', b'w', b'h', b'.', removed @ ..] => match removed {
                b"" | b"." | b".." => Placed {
                    path: paths.add(parent, last),
                    kind: None,
                    flags: flags | flag::META,
                    bad_whiteout: true,
                },
                _ => at(paths.add(parent, removed), Some(Kind::Whiteout), flags),
            },
            b"stargz.index.json" | b".prefetch.landmark" | b".no.prefetch.landmark"
                if parent == PathId::ROOT =>
            {
                at(paths.add(parent, last), None, flags | flag::META)
            }
            _ => at(paths.add(parent, last), None, flags),
        }
    }

    /// The path that a hard link is another name for. It is relative to the root.
    pub(crate) fn target(&mut self, paths: &mut Paths, name: &[u8]) -> PathId {
        let (directory, last) = split(name);
        let (parent, _) = self.directory(paths, directory);
        self.descend(paths, parent, last).0
    }

    fn directory(&mut self, paths: &mut Paths, directory: &[u8]) -> (PathId, u8) {
        if let Some((before, path, flags)) = &self.last
            && before == directory
        {
            return (*path, *flags);
        }
        let mut budget = MOST_LINKS;
        let (path, flags) = self.follow(paths, PathId::ROOT, directory, &mut budget);
        self.last = Some((directory.to_vec(), path, flags));
        (path, flags)
    }

    /// One more name, without following it.
    fn descend(&self, paths: &mut Paths, parent: PathId, name: &[u8]) -> (PathId, u8) {
        match name {
            b"" | b"." => (parent, 0),
            b".." => match paths.parent(parent) {
                Some(it) => (it, 0),
                None => (PathId::ROOT, flag::ESCAPES),
            },
            _ => (paths.add(parent, name), 0),
        }
    }

    /// Follows names from a directory on, through links of this layer.
    fn follow(
        &self,
        paths: &mut Paths,
        from: PathId,
        names: &[u8],
        budget: &mut u32,
    ) -> (PathId, u8) {
        let (mut at, mut flags) = (from, 0);
        for name in names.split(|it| *it == b'/') {
            let (next, more) = self.descend(paths, at, name);
            flags |= more;
            match self.links.get(&next) {
                Some(target) if *budget > 0 && next != at => {
                    *budget -= 1;
                    let start = if target.starts_with(b"/") { PathId::ROOT } else { at };
                    let (there, more) = self.follow(paths, start, target, budget);
                    // A link that leads out of the root is kept inside; its own name did not
                    // leave it.
                    flags |= flag::THROUGH_LINK | (more & !flag::ESCAPES);
                    at = there;
                }
                _ => at = next,
            }
        }
        (at, flags)
    }
}

/// The directory and the last name; slashes at the end do not count.
fn split(name: &[u8]) -> (&[u8], &[u8]) {
    let mut name = name;
    while let [rest @ .., b'/'] = name {
        name = rest;
    }
    match memchr::memrchr(b'/', name) {
        Some(slash) => {
            let (directory, last) = name.split_at(slash);
            (directory, last.get(1..).unwrap_or_default())
        }
        None => (b"", name),
    }
}

/// Whether a directory on the way is one that AUFS left behind.
fn is_under_debris(directory: &[u8]) -> bool {
    directory.starts_with(b".wh..wh.") || memchr::memmem::find(directory, b"/.wh..wh.").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(placer: &mut Placer, paths: &mut Paths, name: &str) -> (String, Option<Kind>, u8) {
        let it = placer.place(paths, name.as_bytes());
        (String::from_utf8(paths.full(it.path)).unwrap(), it.kind, it.flags)
    }

    #[test]
    fn names_are_cleaned() {
        let (mut placer, mut paths) = (Placer::default(), Paths::default());
        for (name, path, flags) in [
            ("etc/passwd", "etc/passwd", 0),
            ("./etc//./passwd", "etc/passwd", 0),
            ("/nix/store/x", "nix/store/x", 0),
            ("usr/../etc/", "etc", 0),
            ("./", "", 0),
            ("../../etc/passwd", "etc/passwd", flag::ESCAPES),
            ("a/../../b", "b", flag::ESCAPES),
            ("..", "", flag::ESCAPES),
        ] {
            assert_eq!(place(&mut placer, &mut paths, name), (path.into(), None, flags), "{name}");
        }
    }

    #[test]
    fn whiteouts_are_where_what_they_remove_is() {
        let (mut placer, mut paths) = (Placer::default(), Paths::default());
        for (name, path, kind, flags) in [
            ("etc/.wh.passwd", "etc/passwd", Some(Kind::Whiteout), 0),
            ("etc/.wh..wh..opq", "etc", Some(Kind::Opaque), 0),
            (".wh..wh.plnk", ".wh..wh.plnk", None, flag::META),
            (".wh..wh.plnk/1.2", ".wh..wh.plnk/1.2", None, flag::META),
            ("etc/.wh.", "etc/.wh.", None, flag::META),
            ("etc/.wh..", "etc/.wh..", None, flag::META),
            ("etc/.wh.a.b", "etc/a.b", Some(Kind::Whiteout), 0),
            ("stargz.index.json", "stargz.index.json", None, flag::META),
            ("etc/stargz.index.json", "etc/stargz.index.json", None, 0),
        ] {
            assert_eq!(place(&mut placer, &mut paths, name), (path.into(), kind, flags), "{name}");
        }
    }

    #[test]
    fn links_of_the_layer_are_followed_inside_the_root() {
        let (mut placer, mut paths) = (Placer::default(), Paths::default());
        let mut link = |placer: &mut Placer, name: &str, target: &str| {
            let at = placer.place(&mut paths, name.as_bytes()).path;
            placer.link(at, target.as_bytes());
        };
        link(&mut placer, "bin", "usr/bin");
        link(&mut placer, "out", "../../../host");
        link(&mut placer, "a", "b");
        link(&mut placer, "b", "/a");
        let through = flag::THROUGH_LINK;
        let it = place(&mut placer, &mut paths, "bin/sh");
        assert_eq!(it, ("usr/bin/sh".into(), None, through));
        assert_eq!(place(&mut placer, &mut paths, "bin"), ("bin".into(), None, 0));
        assert_eq!(place(&mut placer, &mut paths, "out/x"), ("host/x".into(), None, through));
        assert!(place(&mut placer, &mut paths, "a/x").0.ends_with("/x"));
    }
}
