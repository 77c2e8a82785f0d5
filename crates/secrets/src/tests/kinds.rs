//! Every kind of the tables is found in an example made from its own shape, and not found in a
//! near miss of it.

use super::{Random, found, samples};
use crate::shape::Shape;
use crate::table::{Gate, Kind, Severity, kinds};
use crate::verify::{Check, Judged, complete, complete_bech32, complete_marvin, judge};

/// An example of a kind by one of its shapes, with a right checksum, that its own checks accept.
pub(super) fn example(kind: &Kind, shape: &Shape, prefix: usize) -> Option<Vec<u8>> {
    (1..4_000).find_map(|seed| {
        let mut random = Random::new(seed);
        let mut value = shape.example(&mut |n| random.below(n));
        for check in &kind.checks {
            match check {
                Check::Crc(crc) => complete(*crc, &mut value, prefix),
                Check::Bech32 => complete_bech32(&mut value),
                Check::Marvin(seeds) => {
                    let url = value.contains(&b'-') || value.contains(&b'_');
                    complete_marvin(&mut value, seeds[0], url);
                }
                Check::Base64Text(text) => embed(&mut value, prefix, text),
                Check::Macaroon => {
                    value.splice(20..22, *b"CA");
                }
                _ => {}
            }
        }
        let body = value.get(prefix..)?;
        let accepted =
            !matches!(judge(&kind.checks, &value, body), Judged::Refused | Judged::Broken);
        let example = crate::placeholder::example(body).is_some();
        (accepted && !example).then_some(value)
    })
}

/// Puts the base64 of a text at the start of the body.
fn embed(value: &mut [u8], prefix: usize, text: &str) {
    let encoded = crate::verify::base64_encode(format!("{text}: ").as_bytes(), false);
    let encoded = &encoded.as_bytes()[..encoded.len() / 4 * 4];
    for (to, from) in value[prefix..].iter_mut().zip(encoded) {
        *to = *from;
    }
}

/// A line that a kind's gate lets through.
fn line(kind: &Kind, value: &[u8]) -> Vec<u8> {
    let word = match &kind.gate {
        Gate::Literal | Gate::Code | Gate::File => "it",
        Gate::LiteralNear(words) | Gate::Near(words) => words[0],
    };
    [b"export ", word.as_bytes(), b"_secret_key = \"", value, b"\"\n"].concat()
}

/// Kinds whose checks a generated value cannot meet: their own tests have samples.
const SAMPLED: [&str; 5] =
    ["bitcoin-wif", "cloudflare-tunnel", "pypi-token", "openai-project", "twitter-bearer"];

/// What is wrong with how a kind is found by one of its shapes.
fn check_shape(kind: &Kind, shape: &Shape, prefix: usize) -> Option<String> {
    let Some(value) = example(kind, shape, prefix) else {
        return Some(format!("no example of {}", kind.id));
    };
    let text = line(kind, &value);
    let hits = found(None, &text);
    // Where two kinds share a form either may be named, but not a guess.
    let own = hits.iter().any(|it| it.kind.id == kind.id);
    let shared =
        hits.iter().any(|it| it.kind.provider != "Generic" && it.kind.severity <= Severity::Medium);
    if !own && !shared {
        let ids: Vec<_> = hits.iter().map(|it| it.kind.id).collect();
        return Some(format!("{} in {:?}: {ids:?}", kind.id, String::from_utf8_lossy(&text)));
    }
    near_miss(kind, &value)
}

/// A cut value, or one with a broken checksum, is no longer of the kind.
fn near_miss(kind: &Kind, value: &[u8]) -> Option<String> {
    let start = kind.anchors.iter().any(|it| value.starts_with(it.as_bytes()));
    let keep = (value.len() / 2).min(9);
    let cut = if start { &value[..keep] } else { &value[value.len() - keep..] };
    let loud = |text: &[u8], own: bool| {
        let hits = found(None, &line(kind, text));
        let wrong =
            hits.iter().find(|it| (!own || it.kind.id == kind.id) && it.severity < Severity::Note);
        wrong
            .map(|it| format!("{}: {} in {:?}", kind.id, it.kind.id, String::from_utf8_lossy(text)))
    };
    let wrong = loud(cut, true);
    let summed = kind.checks.iter().any(|it| matches!(it, Check::Crc(_) | Check::Bech32));
    let body = value.get(kind.anchors.first().map_or(0, |it| it.len())..).unwrap_or_default();
    if wrong.is_some() || !summed || judge(&kind.checks, value, body) != Judged::Checksum {
        return wrong;
    }
    let mut broken = value.to_vec();
    let last = broken.len() - 1;
    broken[last] = if broken[last] == b'0' { b'4' } else { b'0' };
    loud(&broken, false)
}

#[test]
fn every_kind_with_a_shape_is_found_and_its_near_miss_is_not() {
    let mut wrong = Vec::new();
    for kind in kinds().iter().filter(|it| !SAMPLED.contains(&it.id)) {
        for (place, shapes) in kind.shapes.iter().enumerate() {
            let anchor = kind.anchors.get(place).map_or(0, |it| it.len());
            for shape in shapes {
                let begins = shape.begins_with_anchor();
                wrong.extend(check_shape(kind, shape, if begins { anchor } else { 0 }));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_kind_without_a_shape_has_a_sample_and_a_near_miss() {
    let samples = samples::all();
    for kind in kinds().iter().filter(|it| it.shapes.is_empty() || SAMPLED.contains(&it.id)) {
        let own: Vec<_> = samples.iter().filter(|it| it.kind == kind.id).collect();
        assert!(!own.is_empty(), "{} has no sample", kind.id);
    }
    let mut bad = Vec::new();
    for it in &samples {
        let hits = found(it.path, &it.text);
        let ids: Vec<_> = hits.iter().map(|hit| (hit.kind.id, hit.severity)).collect();
        if !hits.iter().any(|hit| hit.kind.id == it.kind) {
            bad.push(format!("{} in {:?}: {ids:?}", it.kind, String::from_utf8_lossy(&it.text)));
        }
        let hits = found(it.path, &it.miss);
        if hits.iter().any(|hit| hit.kind.id == it.kind && hit.severity < Severity::Note) {
            bad.push(format!("{} in its miss {:?}", it.kind, String::from_utf8_lossy(&it.miss)));
        }
    }
    assert_eq!(bad, [""; 0]);
}
