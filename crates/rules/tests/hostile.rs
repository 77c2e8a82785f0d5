//! Saved images that are made to exhaust who reads them: every limit that is met is a gap of the report,
//! and no question is answered with a plain yes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Write as _;

use image::{Archive, Limits};
use report::{Question, Report, State, answers};
use rules::{Case, Saved, Settings, Wanted, check};

fn block(name: &str, kind: u8, size: usize) -> Vec<u8> {
    let mut block = vec![0_u8; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000644\x000000000\x000000000\0");
    put(124, format!("{size:011o}\x0000000000000\0        ").as_bytes());
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = block(name, b'0', content.len());
    out.extend(content);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

/// An image with one layer, read with these limits.
fn report(layer: &[u8], limits: &Limits) -> Report {
    let manifest = br#"[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l.tar"]}]"#;
    let config = br#"{"config":{"User":"1000"},"history":[{"created_by":"COPY a /"}]}"#;
    let mut bytes =
        [file("l.tar", layer), file("c.json", config), file("manifest.json", manifest)].concat();
    bytes.resize(bytes.len() + 1024, 0);
    let size = bytes.len() as u64;
    let archive = Archive::open(Box::new(bytes), limits);
    let (name, wanted) = ("image.tar", Wanted::default());
    let saved = Saved { name, bytes: size, archive: &archive, wanted, after: 0, keep: false };
    let case = Case::of_saved(&saved, &[], Settings::default(), "2026-11-24".parse().unwrap());
    check(&case)
}

/// Says that what is asked of the layers is not known, and why.
#[track_caller]
fn assert_gap(report: &Report, why: &str) {
    let gaps = report.outcomes.iter().flat_map(|it| &it.outcome.gaps);
    let all: Vec<String> = gaps.map(|it| it.why.message().to_string()).collect();
    assert!(all.iter().any(|it| it.contains(why)), "{why} is not in {all:?}");
    for question in [Question::Secrets, Question::Tools] {
        let answer = answers(report).into_iter().find(|it| it.question == question).unwrap();
        assert!(matches!(answer.state, State::Unknown | State::FailsIncomplete), "{answer:?}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_layer_that_unpacks_to_a_thousand_times_its_size_is_a_gap() {
    let layer = gzip(&file("usr/share/doc/zeros", &vec![0; 8 << 20]));
    let limits = Limits { expansion: 100, expansion_from: 1 << 20, ..Limits::native() };
    assert_gap(&report(&layer, &limits), "layer 0");
}

/// A file of zeros as Zstandard's shortest blocks: four bytes for 128 KiB each (RFC 8878, 3.1.1.2).
fn zstd_bomb(size: usize) -> Vec<u8> {
    // A frame without a length, with a window of 128 KiB.
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0x38];
    let mut put = |kind: u32, length: usize, content: &[u8], is_last: bool| {
        let header = u32::from(is_last) | kind << 1 | u32::try_from(length).unwrap() << 3;
        out.extend(&header.to_le_bytes()[..3]);
        out.extend(content);
    };
    put(0, 512, &block("usr/share/doc/zeros", b'0', size), false);
    let n_blocks = size.div_ceil(128 << 10);
    (1..=n_blocks).for_each(|it| put(1, 128 << 10, &[0], it == n_blocks));
    out
}

#[test]
fn a_layer_of_zstd_that_unpacks_to_much_is_a_gap() {
    let layer = zstd_bomb(256 << 20);
    assert!(layer.len() < 10_000, "{}", layer.len());
    let limits = Limits { expansion_from: 1 << 20, ..Limits::native() };
    assert_gap(&report(&layer, &limits), "layer 0");
    let limits = Limits { unpacked: 4 << 20, ..Limits::native() };
    assert_gap(&report(&layer, &limits), "layer 0");
    // It is what it says it is.
    let answer = report(&zstd_bomb(1 << 20), &Limits::native());
    assert!(
        answer.outcomes.iter().all(|it| it
            .outcome
            .gaps
            .iter()
            .all(|it| { !it.why.message().contains("layer 0") }))
    );
}

#[test]
fn more_bytes_than_are_unpacked_are_a_gap() {
    let layer = gzip(&file("usr/share/doc/zeros", &vec![0; 4 << 20]));
    let limits = Limits { unpacked: 1 << 20, ..Limits::native() };
    assert_gap(&report(&layer, &limits), "layer 0");
}

#[test]
fn more_files_than_are_kept_are_a_gap() {
    let layer: Vec<u8> = (0..2_000).flat_map(|it| block(&format!("d/{it}"), b'0', 0)).collect();
    let limits = Limits { entries: 1_000, ..Limits::native() };
    assert_gap(&report(&layer, &limits), "could not be read");
}

#[test]
fn the_same_image_within_the_limits_has_no_gap() {
    let layer = gzip(&file("usr/share/doc/zeros", &[0; 4096]));
    let report = report(&layer, &Limits::native());
    let secrets = answers(&report).into_iter().find(|it| it.question == Question::Secrets).unwrap();
    assert_eq!(secrets.state, State::Passes, "{secrets:?}");
}
