//! Archives with anything done to them: no panic, no endless reading, and numbers within bounds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use std::sync::LazyLock;

use image::{
    Archive, Efficiency, Image, Limits, Options, OsRelease, Provenance, Squashed, duplicates,
};
use proptest::prelude::*;
use support::records::{ElfFile, bdb, go_information, ndb, rpm_header, sqlite};
use support::{Entry, Oci, Tar, docker_with, gzip, zstd};

/// A layer with a bit of everything.
fn layer() -> Vec<u8> {
    let headers = [rpm_header("bash", "5.1", "2", Some(1)), vec![1; 3000]];
    let go = go_information("mod\tapp\tv1\n");
    let sections: &[(&str, &[u8])] = &[(".go.buildinfo", &go), (".dep-v0", b"x\x9c")];
    let libraries: &[&str] = &["libc.so.6"];
    let elf = ElfFile { interpreter: Some("/ld"), libraries, sections, gap: 0 }.bytes();
    let capability: &[(&str, &[u8])] = &[
        ("SCHILY.xattr.security.capability", b"\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("mtime", b"1.5"),
    ];
    let sparse: &[(&str, &[u8])] =
        &[("GNU.sparse.major", b"1"), ("GNU.sparse.realsize", b"100000")];
    let map = [&b"1\n0\n3\n"[..], &[0; 506], b"abc"].concat();
    Tar::new()
        .directory("etc")
        .file("etc/os-release", b"ID=debian\nVERSION_ID=\"12\"\n")
        .file("etc/passwd", b"root:x:0:0::/root:/bin/sh\n")
        .file("var/lib/rpm/Packages", &bdb(&headers, 512))
        .file("var/lib/rpm/Packages.db", &ndb(&headers))
        .file("var/lib/rpm/rpmdb.sqlite", &sqlite(&headers, 512))
        .file("var/lib/dpkg/status", b"Package: a\nStatus: install ok installed\nVersion: 1\n")
        .add(&Entry {
            name: "bin/app",
            mode: 0o4755,
            content: &elf,
            pax: capability,
            ..Entry::default()
        })
        .add(&Entry { name: "hole", content: &map, pax: sparse, ..Entry::default() })
        .symlink("lib", "usr/lib")
        .file("lib/x", b"1")
        .hard_link("bin/link", "bin/app")
        .file("etc/.wh.gone", b"")
        .file("opt/.wh..wh..opq", b"")
        .file(&"long/".repeat(40), b"")
        .end()
}

static ARCHIVES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let layers = [layer(), layer(), layer()];
    let stored = [layer(), gzip(&layers[1]), zstd(&layers[2])];
    let docker = docker_with(&layers, &stored);
    let mut oci = Oci::new();
    let kind = "application/vnd.oci.image.layer.v1.tar";
    let manifest = oci.image(&[(kind, &layers[0], &stored[1]), (kind, &layers[0], &stored[2])], "");
    let index = oci.index(&[manifest], "");
    let oci = oci.end(&[index]).tar();
    vec![layer(), gzip(&layer()), docker.clone(), oci, gzip(&docker)]
});

/// Does everything with an archive that can be done.
fn exercise(bytes: Vec<u8>) {
    let size = bytes.len() as u64;
    let limits = Limits {
        entries: 2000,
        unpacked: 4 << 20,
        expansion_from: 1 << 20,
        whole_file: 1 << 16,
        window: 1 << 20,
        ..Limits::native()
    };
    let archive = Archive::open(Box::new(bytes), &limits);
    for (number, _) in archive.images.iter().enumerate().take(3) {
        let contents = archive.read(number, &Options::default(), &mut ()).unwrap();
        assert!(contents.table.len() as u64 <= 2000);
        assert!(contents.layers.iter().all(|it| it.packed <= size.max(4 << 20)));
        let squashed = Squashed::new(&contents.table);
        for (id, entry) in contents.table.iter() {
            squashed.fate(id);
            contents.table.content_of(id);
            let path = contents.table.paths.full(entry.path);
            let _ = squashed.resolve(&contents.table, &path);
        }
        squashed.size(&contents.table);
        let efficiency = Efficiency::new(&contents.table);
        assert!((0.0..=1.0).contains(&efficiency.score));
        duplicates(&contents.table, 1);
        for text in contents.texts.values() {
            let text = String::from_utf8_lossy(text);
            OsRelease::read(&text);
            image::users(&text);
            image::groups(&text);
            image::shadows(&text);
        }
    }
    for it in &archive.attestations {
        let _ = archive.attestation(it).map(|it| Provenance::read(&it));
    }
}

#[test]
fn unharmed_they_are_read_whole() {
    for (number, bytes) in ARCHIVES.iter().enumerate() {
        exercise(bytes.clone());
        let archive = Archive::open(Box::new(bytes.clone()), &Limits::native());
        let images: &[Image] = &archive.images;
        assert_eq!(images.len(), 1, "{number}");
        let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
        assert!(contents.table.len() >= 15, "{number}");
        // The header of ones is broken, in each of the three databases; so is the list of crates.
        assert!(
            contents.gaps.iter().all(|it| it.what.name() == "bad-record"),
            "{:?}",
            contents.gaps
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_are_changed(which in 0_usize..5, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = ARCHIVES[which].clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        exercise(bytes);
    }

    #[test]
    fn headers_are_changed_and_sealed(which in 0_usize..4, changes in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..512, any::<u8>()), 1..8)) {
        let mut bytes = ARCHIVES[which].clone();
        for (block, at, value) in changes {
            let start = block.index(bytes.len().div_ceil(512)) * 512;
            let Some(block) = bytes.get_mut(start..start + 512) else { continue };
            // Without a right checksum the change would not be seen.
            let mut copy: [u8; 512] = (&*block).try_into().unwrap();
            copy[at] = value;
            block.copy_from_slice(&support::seal(copy));
        }
        exercise(bytes);
    }

    #[test]
    fn blocks_are_moved_and_archives_are_cut(which in 0_usize..5, from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), length in 1_usize..20, cut in any::<prop::sample::Index>()) {
        let mut bytes = ARCHIVES[which].clone();
        let n_blocks = bytes.len().div_ceil(512);
        let (from, to) = (from.index(n_blocks) * 512, to.index(n_blocks) * 512);
        let end = (from + length * 512).min(bytes.len());
        let moved = bytes[from..end].to_vec();
        bytes.splice(to..to, moved);
        bytes.truncate(cut.index(bytes.len()) + 1);
        exercise(bytes);
    }

    #[test]
    fn anything_is_an_archive(bytes in proptest::collection::vec(any::<u8>(), 0..3000), magic in 0_usize..4) {
        let head: &[u8] = [&b""[..], b"\x1f\x8b\x08\0\0\0\0\0\0\0", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"][magic];
        exercise([head, &bytes].concat());
    }
}
