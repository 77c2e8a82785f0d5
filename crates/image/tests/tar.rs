//! Tar archives of every age, whole, broken and cut off.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use std::collections::BTreeMap;

use image::{Archive, Contents, File, Kind, Limits, Next, Options, Trouble, Visit, Want};
use support::{Entry, Tar, record, seal};

/// Keeps all contents, by path.
#[derive(Default)]
struct Recorder {
    contents: BTreeMap<String, Vec<u8>>,
    cut: Vec<String>,
}

impl Visit for Recorder {
    fn want(&mut self, file: &File<'_>) -> Want {
        self.contents.insert(image::visible(file.path).into_owned(), Vec::new());
        Want::All
    }

    fn content(&mut self, file: &File<'_>, piece: &[u8]) {
        let path = image::visible(file.path).into_owned();
        self.contents.get_mut(&path).unwrap().extend(piece);
    }

    fn end(&mut self, file: &File<'_>, whole: bool) {
        if !whole {
            self.cut.push(image::visible(file.path).into_owned());
        }
    }
}

fn read(bytes: Vec<u8>) -> (Contents, Recorder) {
    read_with(bytes, &Limits::native())
}

fn read_with(bytes: Vec<u8>, limits: &Limits) -> (Contents, Recorder) {
    let archive = Archive::open(Box::new(bytes), limits);
    let mut recorder = Recorder::default();
    let contents = archive.read(0, &Options::default(), &mut recorder).unwrap();
    (contents, recorder)
}

fn names(contents: &Contents) -> Vec<String> {
    contents.table.iter().map(|(_, it)| contents.table.paths.visible(it.path)).collect()
}

fn gaps(contents: &Contents) -> Vec<&'static str> {
    contents.gaps.iter().map(|it| it.what.name()).collect()
}

#[test]
fn long_names_of_both_kinds() {
    let long = format!("{}/end", vec!["directory"; 20].join("/"));
    let pax: &[(&str, &[u8])] = &[("path", long.as_bytes()), ("linkpath", long.as_bytes())];
    let short = Entry { name: "short", kind: b'2', link: "x", pax, ..Entry::default() };
    let (contents, recorder) = read(Tar::new().file(&long, b"gnu").add(&short).end());
    assert_eq!(names(&contents), [format!("/{long}"), format!("/{long}")]);
    let link = contents.table.iter().last().unwrap().1;
    assert_eq!(contents.table.target(link), Some(long.as_bytes()));
    assert_eq!(recorder.contents[&long], b"gnu");
}

#[test]
fn old_archives_and_prefixes() {
    let mut v7 = [0; 512];
    v7[..4].copy_from_slice(b"old/");
    v7[100..107].copy_from_slice(b"    755");
    let mut ustar = [0; 512];
    ustar[..4].copy_from_slice(b"name");
    ustar[156] = b'0';
    ustar[124..136].copy_from_slice(b"          5 ");
    ustar[257..265].copy_from_slice(b"ustar\x0000");
    ustar[345..351].copy_from_slice(b"prefix");
    let mut star = ustar;
    star[500..508].copy_from_slice(b"12345670");
    star[508..].copy_from_slice(b"tar\0");
    star[345 + 131..345 + 143].copy_from_slice(b"15555555555 ");
    let mut tar = Tar::new();
    tar.bytes.extend(seal(v7));
    for block in [ustar, star] {
        tar.bytes.extend(seal(block));
        tar.data(b"hello");
    }
    let (contents, recorder) = read(tar.end());
    assert_eq!(names(&contents), ["/old", "/prefix/name", "/prefix/name"]);
    let old = contents.table.iter().next().unwrap().1;
    assert_eq!((old.kind, old.mode), (Kind::Directory, 0o755));
    assert_eq!(recorder.contents["prefix/name"], b"hello");
    assert_eq!(gaps(&contents), [""; 0]);
}

#[test]
fn sizes_that_records_overrule() {
    let mut tar = Tar::new();
    let records = record("size", b"600");
    tar.block(&Entry { name: "x", kind: b'x', ..Entry::default() }, records.len() as u64);
    tar.data(&records);
    tar.block(&Entry { name: "file", ..Entry::default() }, 0);
    tar.data(&[5; 600]);
    let (contents, recorder) = read(tar.file("after", b"1").end());
    assert_eq!(recorder.contents["file"], [5; 600]);
    assert_eq!(names(&contents), ["/file", "/after"]);
}

#[test]
fn records_for_all_entries_are_not_followed() {
    let mut tar = Tar::new();
    let records = record("path", b"elsewhere");
    tar.block(&Entry { name: "g", kind: b'g', ..Entry::default() }, records.len() as u64);
    tar.data(&records);
    let comment = record("comment", b"0a1b2c");
    let mut git = Tar::new();
    git.block(&Entry { name: "g", kind: b'g', ..Entry::default() }, comment.len() as u64);
    git.data(&comment);
    let (contents, _) = read(tar.file("file", b"1").end());
    assert_eq!(
        (names(&contents), gaps(&contents)),
        (vec!["/file".into()], vec!["global-pax-records"])
    );
    let (contents, _) = read(git.file("file", b"1").end());
    assert_eq!(gaps(&contents), [""; 0]);
}

/// A file of the old GNU format: `listed` pieces of data, more than fit into the header.
fn old_sparse(listed: &[(u64, u64)], real: u64) -> Tar {
    let pair = |out: &mut [u8], (offset, length): (u64, u64)| {
        out[..11].copy_from_slice(format!("{offset:011o}").as_bytes());
        out[12..23].copy_from_slice(format!("{length:011o}").as_bytes());
    };
    let stored: u64 = listed.iter().map(|it| it.1).sum();
    let mut block = [0; 512];
    block[..6].copy_from_slice(b"sparse");
    block[124..135].copy_from_slice(format!("{stored:011o}").as_bytes());
    block[156] = b'S';
    block[257..265].copy_from_slice(b"ustar  \0");
    if real < 1 << 33 {
        block[483..494].copy_from_slice(format!("{real:011o}").as_bytes());
    } else {
        block[483] = 0x80;
        block[487..495].copy_from_slice(&real.to_be_bytes());
    }
    for (at, it) in listed.iter().take(4).enumerate() {
        pair(&mut block[386 + at * 24..], *it);
    }
    block[482] = u8::from(listed.len() > 4);
    let mut tar = Tar::new();
    tar.bytes.extend(seal(block));
    for (number, part) in listed.get(4..).unwrap_or_default().chunks(21).enumerate() {
        let mut block = [0; 512];
        for (at, it) in part.iter().enumerate() {
            pair(&mut block[at * 24..], *it);
        }
        block[504] = u8::from(listed.len() > 4 + (number + 1) * 21);
        tar.bytes.extend(block);
    }
    tar.data(&vec![b'd'; usize::try_from(stored).unwrap()]);
    tar
}

#[test]
fn sparse_files_of_the_old_format() {
    let ten_gigabytes = 10 << 30;
    for n_pieces in [0, 1, 4, 5, 25, 26, 60] {
        let listed: Vec<_> = (0..n_pieces).map(|it| (it * 100_000, 100)).collect();
        let tar = old_sparse(&listed, ten_gigabytes).file("after", b"1");
        let (contents, recorder) = read(tar.end());
        assert_eq!(names(&contents), ["/sparse", "/after"], "{n_pieces}");
        let entry = contents.table.iter().next().unwrap().1;
        assert_eq!(entry.size, ten_gigabytes);
        assert_eq!(contents.table.stored(entry), n_pieces * 100);
        assert!(entry.is_sparse());
        let kept = recorder.contents.get("sparse").map_or(0, Vec::len) as u64;
        assert_eq!((kept, gaps(&contents)), (n_pieces * 100, vec![]));
    }
}

#[test]
fn sparse_files_of_the_newer_formats() {
    let map: &[u8] = b"2\n0\n3\n1000000\n4\n";
    let stored = [map, &vec![0; 512 - map.len()], b"abcdefg"].concat();
    let one: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"real/name"),
        ("GNU.sparse.realsize", b"1000004"),
    ];
    let zero_one: &[(&str, &[u8])] = &[
        ("GNU.sparse.size", b"1000004"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.map", b"0,3,1000000,4"),
    ];
    let zero: &[(&str, &[u8])] = &[
        ("GNU.sparse.size", b"1000004"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.offset", b"0"),
        ("GNU.sparse.numbytes", b"3"),
        ("GNU.sparse.offset", b"1000000"),
        ("GNU.sparse.numbytes", b"4"),
    ];
    for (pax, content, name) in
        [(one, &stored[..], "real/name"), (zero_one, b"abcdefg", "f"), (zero, b"abcdefg", "f")]
    {
        let entry = Entry { name: "f", content, pax, ..Entry::default() };
        let (contents, recorder) = read(Tar::new().add(&entry).file("after", b"1").end());
        assert_eq!(recorder.contents[name], b"abcdefg");
        let entry = contents.table.iter().next().unwrap().1;
        assert_eq!((entry.size, contents.table.stored(entry)), (1_000_004, 7));
        assert_eq!((names(&contents).len(), gaps(&contents)), (2, vec![]));
    }
}

#[test]
fn maps_that_lie() {
    let pax: &[(&str, &[u8])] = &[("GNU.sparse.size", b"9"), ("GNU.sparse.map", b"0,99")];
    let entry = Entry { name: "f", content: b"abc", pax, ..Entry::default() };
    let (contents, _) = read(Tar::new().add(&entry).file("after", b"1").end());
    assert_eq!((names(&contents).len(), gaps(&contents)), (2, vec!["bad-sparse-map"]));
    let pax: &[(&str, &[u8])] = &[("GNU.sparse.major", b"1")];
    let entry = Entry { name: "f", content: b"no map at all", pax, ..Entry::default() };
    let (contents, _) = read(Tar::new().add(&entry).file("after", b"1").end());
    assert_eq!(gaps(&contents), ["bad-sparse-map"]);
}

#[test]
fn what_follows_the_end_is_read_and_marked() {
    let first = Tar::new().file("seen", b"1").end();
    let second = Tar::new().file("hidden", b"secret").end();
    let (contents, recorder) = read([first.clone(), second].concat());
    assert_eq!(names(&contents), ["/seen", "/hidden"]);
    assert_eq!(gaps(&contents), ["entries-after-end"]);
    assert_eq!(recorder.contents["hidden"], b"secret");
    let squashed = image::Squashed::new(&contents.table);
    assert_eq!(squashed.entries().count(), 1);
    let (contents, _) = read([first, vec![b'x'; 2000]].concat());
    assert_eq!((names(&contents).len(), gaps(&contents)), (1, vec!["data-after-end", "cut"]));
}

#[test]
fn bad_headers_are_passed_over() {
    let mut tar = Tar::new().file("a", b"1");
    tar.bytes.extend([b'?'; 1536]);
    let mut broken = tar.file("b", b"2");
    let at = broken.bytes.len();
    broken = broken.file("lost", b"3").file("c", b"4");
    broken.bytes[at] ^= 1;
    let (contents, _) = read(broken.end());
    assert_eq!(names(&contents), ["/a", "/b", "/c"]);
    let what: Vec<_> = contents.gaps.iter().map(|it| it.what.clone()).collect();
    assert_eq!(what, [Trouble::BadChecksum(3), Trouble::BadChecksum(2)]);
}

#[test]
fn sizes_that_are_none() {
    for (field, gap) in [
        (&b"-0000000001\0"[..], "negative-number"),
        (&[0xff; 12], "negative-number"),
        (b"00000000089\0", "bad-number"),
        (b"\x80\0\0\x01\0\0\0\0\0\0\0\0", "bad-number"),
    ] {
        let mut tar = Tar::new().file("a", b"1");
        let mut block = [0; 512];
        block[0] = b'x';
        block[124..136].copy_from_slice(field);
        tar.bytes.extend(seal(block));
        let (contents, _) = read(tar.file("b", b"2").end());
        assert_eq!(names(&contents), ["/a", "/b"]);
        assert_eq!(gaps(&contents), [gap]);
    }
}

#[test]
fn sizes_that_lie() {
    for size in [1 << 20, 1 << 40, u64::MAX, u64::MAX - 511] {
        let mut tar = Tar::new().file("a", b"1");
        tar.block(&Entry { name: "huge", ..Entry::default() }, size);
        tar.data(b"only this");
        let (contents, recorder) = read(tar.end());
        assert_eq!(names(&contents), ["/a", "/huge"]);
        assert_eq!(gaps(&contents), ["cut"], "{size}");
        assert_eq!(recorder.cut, ["huge"]);
        assert!(contents.table.iter().last().unwrap().1.is_cut());
    }
}

#[test]
fn records_that_are_too_long() {
    let limits = Limits { record: 1000, path: 50, ..Limits::native() };
    let mut tar = Tar::new();
    tar.block(&Entry { name: "L", kind: b'L', ..Entry::default() }, 2000);
    tar.data(&[b'a'; 2000]);
    tar = tar.file("short", b"1");
    tar.block(&Entry { name: "x", kind: b'x', ..Entry::default() }, 2000);
    tar.data(&[b'a'; 2000]);
    tar = tar.file("other", b"1").file(&"n".repeat(60), b"1").file("last", b"1");
    let (contents, _) = read_with(tar.end(), &limits);
    assert_eq!(names(&contents), ["/short", "/other", "/last"]);
    assert_eq!(gaps(&contents), ["name-too-long", "pax-too-long", "name-too-long"]);
}

#[test]
fn records_that_describe_nothing() {
    let mut tar = Tar::new().file("a", b"1");
    tar.block(&Entry { name: "L", kind: b'L', ..Entry::default() }, 4);
    tar.data(b"name");
    let (contents, _) = read(tar.clone().end());
    assert_eq!(gaps(&contents), ["dangling-record"]);
    let (contents, _) = read(tar.bytes);
    assert_eq!(gaps(&contents), ["dangling-record"]);
}

#[test]
fn a_zero_block_alone_does_not_end_an_archive() {
    let mut tar = Tar::new().file("a", b"1");
    tar.bytes.extend([0; 512]);
    let (contents, _) = read(tar.file("b", b"2").end());
    assert_eq!((names(&contents).len(), gaps(&contents)), (2, vec!["lone-zero-block"]));
}

#[test]
fn types_of_every_letter() {
    for letter in 0..=255_u8 {
        let entry = Entry { name: "e", kind: letter, content: b"", ..Entry::default() };
        let (contents, _) = read(Tar::new().file("a", b"1").add(&entry).file("z", b"1").end());
        let found = names(&contents);
        assert_eq!(
            (found.first().map(String::as_str), found.last().map(String::as_str)),
            (Some("/a"), Some("/z")),
            "{letter}"
        );
        let known = matches!(letter, 0 | b'0'..=b'7' | b'S' | b'x' | b'X' | b'g' | b'L' | b'K');
        assert_eq!(gaps(&contents).contains(&"unknown-entry-type"), !known, "{letter}");
    }
}

#[test]
fn cut_off_anywhere_what_is_there_is_read() {
    let long = "n".repeat(150);
    let pax: &[(&str, &[u8])] = &[("SCHILY.xattr.user.x", b"y")];
    let marked = Entry { name: "marked", content: &[1; 700], pax, ..Entry::default() };
    let whole = Tar::new().directory("d").file("d/f", &[2; 1500]).file(&long, b"3").add(&marked);
    let whole = whole.symlink("l", "d").end();
    let all = read(whole.clone()).0.table.len();
    assert_eq!(all, 5);
    let mut most = 0;
    for cut in 1..whole.len() {
        // Every block, and some places inside blocks.
        if cut % 512 > 1 && cut % 512 != 300 {
            continue;
        }
        let archive = Archive::open(Box::new(whole[..cut].to_vec()), &Limits::native());
        let contents = archive.read(0, &Options::default(), &mut ());
        let n_read = contents.as_ref().map_or(0, |it| it.table.len());
        assert!(n_read >= most, "{cut}");
        most = n_read;
        let gaps = contents.map(|it| it.gaps).unwrap_or_default();
        let has_gap = !archive.gaps().is_empty() || !gaps.is_empty();
        // With one whole zero block at the end nothing is missing but the other one.
        assert!(has_gap || cut > whole.len() - 512, "{cut}");
    }
    assert_eq!(most, all);
}

#[test]
fn reading_can_be_stopped() {
    struct Impatient(u32);
    impl Visit for Impatient {
        fn progress(&mut self, it: image::Progress) -> Next {
            assert!(it.done <= it.total);
            self.0 += 1;
            if self.0 > 2 { Next::Stop } else { Next::On }
        }
    }
    let content = vec![1; 1 << 20];
    let tar = (0..30).fold(Tar::new(), |tar, it| tar.file(&format!("f{it}"), &content));
    let archive = Archive::open(Box::new(tar.end()), &Limits::native());
    let contents = archive.read(0, &Options::default(), &mut Impatient(0)).unwrap();
    assert!((1..10).contains(&contents.table.len()), "{}", contents.table.len());
    assert_eq!(gaps(&contents), ["stopped"]);
}

/// Pauses whenever it is asked, and stops after so many pauses.
struct Slow {
    paused: u32,
    most: u32,
    was_paused: bool,
}

impl Visit for Slow {
    fn progress(&mut self, _: image::Progress) -> Next {
        self.was_paused = !self.was_paused;
        match (self.was_paused, self.paused < self.most) {
            (true, true) => {
                self.paused += 1;
                Next::Pause
            }
            (true, false) => Next::Stop,
            (false, _) => Next::On,
        }
    }
}

#[test]
fn pauses_change_nothing_and_what_is_stopped_in_one_keeps_what_was_read() {
    let content = vec![1; 1 << 20];
    let tar = (0..30).fold(Tar::new(), |tar, it| tar.file(&format!("f{it}"), &content));
    // Behind the last file is padding, which only the digest is interested in.
    let mut bytes = tar.end();
    bytes.resize(bytes.len() + (40 << 20), 0);
    let archive = Archive::open(Box::new(bytes), &Limits::native());
    let slow = |most| {
        let mut visit = Slow { paused: 0, most, was_paused: false };
        let contents = archive.read(0, &Options::default(), &mut visit).unwrap();
        (contents, visit.paused)
    };
    let whole = archive.read(0, &Options::default(), &mut ()).unwrap();
    let (contents, paused) = slow(u32::MAX);
    assert_eq!((contents.layers, contents.table.len()), (whole.layers, 30));
    assert!(paused > 60, "{paused}");
    for (most, files) in [(0, 0..1), (10, 1..30), (60, 30..31)] {
        let (contents, paused) = slow(most);
        assert_eq!(paused, most);
        assert!(files.contains(&contents.table.len()), "{most}: {}", contents.table.len());
        assert_eq!(gaps(&contents), ["stopped"]);
        assert_eq!(contents.layers[0].digest, None);
    }
}

#[test]
fn looking_through_a_packed_archive_can_be_stopped() {
    let layer = Tar::new().file("a", &vec![7; 20 << 20]).end();
    let whole = Tar::new().file("layer.tar", &layer).file("manifest.json", b"[]").end();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, &whole).unwrap();
    let packed = packer.finish().unwrap();
    let open = |most: u32| {
        let mut asked = 0;
        let mut watch = |done: u64| {
            assert!(done <= packed.len() as u64);
            asked += 1;
            if asked > most { Next::Stop } else { Next::On }
        };
        let source = Box::new(&packed[..]);
        let limits = Limits::native();
        let archive = image::finish(Archive::open_in_turns(source, &limits, &mut watch));
        let gaps: Vec<String> = archive.gaps().iter().map(|it| it.what.to_string()).collect();
        (asked, gaps.concat())
    };
    let (asked, gaps) = open(u32::MAX);
    assert!(asked > 4 && !gaps.contains("stopped"), "{asked} {gaps}");
    let (asked, gaps) = open(3);
    assert!(asked == 4 && gaps.contains("stopped"), "{asked} {gaps}");
}
