//! Any input: no panic, places inside the input, no two hits over one another, and the same hits
//! however the input is cut into chunks.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Random, options, samples};
use crate::structure::TRIGGERS;
use crate::table::kinds;
use crate::{Hit, Scanner, scan};

/// The same cases on every run.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]))
}

/// Text that is made of what the engine looks for, and of noise.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let anchors = kinds().iter().flat_map(|it| it.anchors.iter().map(|it| it.as_bytes().to_vec()));
    let triggers = TRIGGERS.iter().map(|it| it.0.as_bytes().to_vec());
    let samples = samples::all().into_iter().map(|it| it.text);
    let words = [
        "password = \"",
        "secret: ",
        "API_KEY=",
        "\n",
        " ",
        "\"",
        "=",
        "heroku ",
        "aws_secret_access_key",
    ];
    let words = words.iter().map(|it| it.as_bytes().to_vec());
    let known: Vec<Vec<u8>> = anchors.chain(triggers).chain(samples).chain(words).collect();
    let piece = prop_oneof![
        4 => prop::sample::select(known),
        2 => prop::collection::vec(any::<u8>(), 0..40),
        3 => "[A-Za-z0-9+/=_.:-]{0,70}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|it| it.concat())
}

fn paths() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("etc/shadow"),
        Some("root/.netrc"),
        Some("root/.pgpass"),
        Some("app/settings.xml"),
        Some("usr/share/doc/x.md"),
        Some("x/yarn.lock"),
        Some("root/.git-credentials"),
    ])
}

fn check_places(hits: &[Hit], size: usize) {
    let mut last = 0;
    for it in hits {
        assert!(it.place.offset >= last, "{it:?}");
        assert!(it.place.length > 0 && it.place.end() <= size as u64, "{it:?} of {size}");
        assert!(it.hide.offset >= it.place.offset && it.hide.end() <= it.place.end(), "{it:?}");
        last = it.place.end();
    }
}

#[test]
fn any_text_is_scanned_without_panic_and_with_places_inside_it() {
    runner(600)
        .run(&(text(), paths()), |(text, path)| {
            check_places(&scan(&options(), path, &text).hits, text.len());
            Ok(())
        })
        .unwrap();
}

#[test]
fn chunks_do_not_matter() {
    let strategy = (text(), paths(), prop::collection::vec(1usize..97, 1..30));
    runner(400)
        .run(&strategy, |(text, path, sizes)| {
            let whole = scan(&options(), path, &text);
            let mut scanner = Scanner::new(&options(), path);
            let mut left = text.as_slice();
            for size in sizes.iter().cycle() {
                if left.is_empty() {
                    break;
                }
                let (now, later) = left.split_at((*size).min(left.len()));
                scanner.feed(now);
                left = later;
            }
            let cut = scanner.finish();
            assert_eq!(whole.hits, cut.hits);
            assert_eq!(whole.steps, cut.steps);
            Ok(())
        })
        .unwrap();
}

/// Larger than several windows, with every sample at a place of its own, many of them across the
/// edge of a window.
#[test]
fn secrets_across_the_edges_of_windows_and_chunks_are_found() {
    let samples = samples::all();
    for (seed, shift) in [(1, 0), (2, 700), (3, 33)] {
        let mut random = Random::new(seed);
        let mut text = Vec::new();
        for sample in samples.iter().filter(|it| it.path.is_none()) {
            let edge = (text.len() / 65_536 + 1) * 65_536 - 30 - shift;
            while text.len() < edge {
                text.push(b"abc \n"[random.below(5)]);
            }
            text.push(b'\n');
            text.extend_from_slice(&sample.text);
            text.push(b'\n');
        }
        let whole = scan(&options(), None, &text);
        check_places(&whole.hits, text.len());
        for sample in samples.iter().filter(|it| it.path.is_none()) {
            assert!(whole.hits.iter().any(|it| it.kind.id == sample.kind), "{}", sample.kind);
        }
        for size in [1, 13, 4_096, 65_536, 100_000] {
            let mut scanner = Scanner::new(&options(), None);
            text.chunks(size).for_each(|it| scanner.feed(it));
            assert_eq!(scanner.finish().hits, whole.hits, "{size}");
        }
    }
}
