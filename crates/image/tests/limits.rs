//! Huge and hostile inputs: answers stay right, and what is too much becomes a gap.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use std::slice::from_ref;

use image::{Archive, Contents, Limits, Options, Packing, Squashed, Trouble};
use support::{Entry, Generated, Tar, docker_with, gzip, zstd};

fn read(bytes: Vec<u8>, limits: &Limits) -> (Vec<Trouble>, Option<Contents>) {
    let archive = Archive::open(Box::new(bytes), limits);
    let contents = archive.read(0, &Options::default(), &mut ());
    let mut troubles: Vec<_> = archive.gaps().iter().map(|it| it.what.clone()).collect();
    troubles.extend(contents.iter().flat_map(|it| &it.gaps).map(|it| it.what.clone()));
    (troubles, contents)
}

/// Zeros as Zstandard's shortest blocks: four bytes for 128 KiB each.
fn zstd_bomb(n_blocks: usize, window: u8) -> Vec<u8> {
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0, window];
    for number in 0..n_blocks {
        let header = u32::from(number + 1 == n_blocks) | 1 << 1 | (128 << 10) << 3;
        out.extend(&header.to_le_bytes()[..3]);
        out.push(0);
    }
    out
}

#[test]
fn many_entries() {
    // `--example measure` does twenty times as many.
    let n_entries = 50_000;
    let archive = Archive::open(Box::new(Generated { n_entries }), &Limits::native());
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    assert_eq!(contents.gaps, []);
    assert_eq!(contents.table.len() as u64, n_entries);
    let squashed = Squashed::new(&contents.table);
    let id = squashed.find(&contents.table, b"usr/lib/package-33/directory/file-33123").unwrap();
    assert_eq!(contents.table.get(id).unwrap().mtime, 33_123);
    assert_eq!(squashed.entries().count() as u64, n_entries);
}

#[test]
fn more_entries_than_are_kept() {
    let limits = Limits { entries: 500, ..Limits::native() };
    let archive = Archive::open(Box::new(Generated { n_entries: 2000 }), &limits);
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    assert_eq!(contents.table.len(), 500);
    assert_eq!(contents.gaps[0].what, Trouble::TooManyEntries(500));
}

#[test]
fn a_bomb_of_gzip_in_a_layer() {
    let mut tar = Tar::new().file("before", b"1");
    tar = tar.file("zeros", &vec![0; 32 << 20]).file("after", b"2");
    let layer = tar.end();
    let image = docker_with(from_ref(&layer), &[gzip(&layer)]);
    let limits = Limits { expansion: 200, expansion_from: 4 << 20, ..Limits::native() };
    let (troubles, contents) = read(image.clone(), &limits);
    assert_eq!(troubles, [Trouble::SteepExpansion(200)]);
    let contents = contents.unwrap();
    assert_eq!(contents.table.len(), 2);
    assert!(contents.layers[0].unpacked < 5 << 20);
    let limits = Limits { unpacked: 1 << 20, ..Limits::native() };
    let (troubles, _) = read(image.clone(), &limits);
    assert_eq!(troubles, [Trouble::TooMuchExpansion(1 << 20)]);
    // Within the limits it is an image like others.
    let (troubles, contents) = read(image, &Limits::native());
    assert_eq!((troubles, contents.unwrap().table.len()), (vec![], 3));
}

#[test]
fn the_limit_counts_for_all_layers_together() {
    let layer = |it: u8| Tar::new().file("f", &vec![it; 1 << 20]).end();
    let layers = [layer(1), layer(2), layer(3)];
    let stored: Vec<_> = layers.iter().map(|it| gzip(it)).collect();
    let limits = Limits { unpacked: 5 << 19, ..Limits::native() };
    let (troubles, contents) = read(docker_with(&layers, &stored), &limits);
    assert!(matches!(troubles[..], [Trouble::TooMuchExpansion(_)]), "{troubles:?}");
    let read: Vec<bool> = contents.unwrap().layers.iter().map(|it| it.diff_id.is_some()).collect();
    assert_eq!(read, [true, true, false]);
}

#[test]
fn a_bomb_of_zstd() {
    let limits = Limits { expansion: 200, expansion_from: 4 << 20, ..Limits::native() };
    let bomb = zstd_bomb(10_000, 7 << 3);
    let (troubles, contents) = read(bomb.clone(), &limits);
    // As an archive of its own it is one that only has an end mark, which goes on and on.
    assert_eq!(troubles, [Trouble::SteepExpansion(200)]);
    assert!(contents.unwrap().table.is_empty());
    let layer = Tar::new().file("f", b"1").end();
    let (troubles, _) = read(docker_with(&[layer], &[bomb]), &limits);
    assert_eq!(troubles, [Trouble::SteepExpansion(200)]);
}

#[test]
fn a_window_that_is_too_large() {
    let limits = Limits { window: 1 << 20, ..Limits::native() };
    let layer = Tar::new().file("f", b"1").end();
    let (troubles, _) = read(docker_with(&[layer], &[zstd_bomb(1, 20 << 3)]), &limits);
    assert_eq!(troubles, [Trouble::WindowTooLarge(1 << 20)]);
}

#[test]
fn an_archive_that_is_a_bomb_as_a_whole() {
    let limits = Limits { unpacked: 4 << 20, ..Limits::native() };
    let packed = gzip(&Tar::new().file("manifest.json", b"[]").file("z", &vec![0; 8 << 20]).end());
    let (troubles, contents) = read(packed, &limits);
    let expected = [Trouble::TooMuchExpansion(4 << 20), Trouble::EmptyManifest, Trouble::NoImage];
    assert_eq!(troubles, expected);
    assert!(contents.is_none());
}

#[test]
fn archives_in_archives_are_files() {
    let mut inner = Tar::new().file("f", b"1").end();
    for _ in 0..5 {
        inner = gzip(&Tar::new().file("inner.tar.gz", &inner).end());
    }
    let (troubles, contents) = read(inner, &Limits::native());
    assert_eq!((troubles, contents.unwrap().table.len()), (vec![], 1));
}

#[test]
fn layers_in_many_members_and_frames() {
    let layer = Tar::new().file("etc/a", &[1; 3000]).file("etc/b", &[2; 70_000]).end();
    let (one, two) = layer.split_at(1500);
    // RFC 8878 section 3.1.2: a skippable frame.
    let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"toc"].concat();
    let frames = [zstd(one), skipped.clone(), zstd(two), skipped].concat();
    let members = [gzip(one), gzip(b""), gzip(two), vec![0; 100]].concat();
    for (stored, packing) in [(frames, Packing::Zstd), (members, Packing::Gzip)] {
        let (troubles, contents) =
            read(docker_with(from_ref(&layer), &[stored]), &Limits::native());
        assert_eq!(troubles, []);
        let contents = contents.unwrap();
        assert_eq!((contents.table.len(), contents.layers[0].packing), (2, packing));
        assert_eq!(contents.layers[0].unpacked, layer.len() as u64);
    }
}

#[test]
fn packed_layers_that_are_cut_or_broken() {
    let noise: Vec<u8> = (0..400_000_u32).map(|it| (it.wrapping_mul(it) >> 7) as u8).collect();
    let layer = Tar::new().file("a", b"1").file("b", &noise).end();
    for packed in [gzip(&layer), zstd(&layer)] {
        let cut = packed[..packed.len() / 2].to_vec();
        let (troubles, contents) = read(docker_with(from_ref(&layer), &[cut]), &Limits::native());
        assert_eq!(troubles, [Trouble::Cut]);
        // Zstandard gives nothing out of a frame before it is as long as its window.
        let expected = if packed.starts_with(b"\x1f\x8b") { 2 } else { 0 };
        assert_eq!(contents.unwrap().table.len(), expected);
        let trailing = [&packed[..], b"trailing"].concat();
        let (troubles, _) = read(docker_with(from_ref(&layer), &[trailing]), &Limits::native());
        assert_eq!(troubles, [Trouble::TrailingBytes]);
    }
    let mut broken = gzip(&layer);
    let at = broken.len() - 6;
    broken[at] ^= 1;
    let (troubles, _) = read(docker_with(from_ref(&layer), &[broken]), &Limits::native());
    assert!(matches!(troubles[..], [Trouble::BadCompression(_)]), "{troubles:?}");
}

#[test]
fn formats_that_are_not_read_are_named() {
    let heads: [(&[u8], &str); 4] = [
        (b"\xfd7zXZ\0\0\x04", "xz compression"),
        (b"BZh91AY", "bzip2 compression"),
        (b"PK\x03\x04", "a zip archive"),
        (b"hsqs", "a squashfs file system"),
    ];
    for (head, name) in heads {
        let (troubles, contents) = read(head.to_vec(), &Limits::native());
        assert_eq!((troubles, contents.is_none()), (vec![Trouble::Unsupported(name)], true));
        let layer = Tar::new().end();
        let (troubles, _) = read(docker_with(&[layer], &[head.to_vec()]), &Limits::native());
        assert_eq!(troubles, [Trouble::Unsupported(name)]);
    }
}

#[test]
fn deep_paths() {
    let deep = vec!["d"; 2000].join("/");
    let tar = (0..200).fold(Tar::new(), |tar, it| {
        let whiteout = format!("{deep}/.wh.f{}", it / 2);
        let name = format!("{deep}/f{it}");
        tar.file(&name, b"1").file(&whiteout, b"")
    });
    let (troubles, contents) = read(tar.end(), &Limits::native());
    assert_eq!((troubles, contents.unwrap().table.len()), (vec![], 400));
    let deeper = vec!["d"; 3000].join("/");
    let (troubles, _) = read(Tar::new().file(&deeper, b"1").end(), &Limits::native());
    assert_eq!(troubles, [Trouble::NameTooLong(4096)]);
}

#[test]
fn gaps_are_counted_when_there_are_too_many() {
    let limits = Limits { gaps: 10, ..Limits::native() };
    let entry = Entry { name: "../x", ..Entry::default() };
    let tar = (0..50).fold(Tar::new(), |tar, _| tar.add(&entry));
    let (troubles, _) = read(tar.end(), &limits);
    assert_eq!((troubles.len(), &troubles[10]), (11, &Trouble::MoreGaps(40)));
}
