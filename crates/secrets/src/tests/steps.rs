//! The work grows with the input and not faster: counted in steps, not in seconds.

use super::{Random, options};
use crate::scan;
use crate::structure::TRIGGERS;
use crate::table::kinds;

/// Most steps a byte of the most hostile input may cost.
const STEPS_A_BYTE: u64 = 600;
/// Bytes of the smaller of two inputs.
const SIZE: usize = 2 << 10;

fn steps(text: &[u8]) -> u64 {
    scan(&options(), Some("x/app.txt"), text).steps
}

fn check(what: &str, unit: &[u8], tail: &[u8]) {
    let made = |n: usize| {
        let mut text: Vec<u8> = unit.iter().copied().cycle().take(n).collect();
        text.extend_from_slice(tail);
        text
    };
    let size = SIZE;
    let (one, two) = (steps(&made(size)), steps(&made(size * 2)));
    assert!(two <= one * 23 / 10 + 20_000, "{what}: {one} then {two}");
    let most = STEPS_A_BYTE * (size as u64 * 2);
    assert!(two <= most, "{what}: {} steps a byte", two / (size as u64 * 2));
}

#[test]
fn rows_of_anchors_cost_no_more_than_their_length() {
    let anchors = kinds().iter().flat_map(|it| it.anchors.iter().copied());
    let triggers = TRIGGERS.iter().map(|it| it.0);
    for word in anchors.chain(triggers) {
        check(word, word.as_bytes(), b"");
        check(word, format!("{word}A ").as_bytes(), b"");
    }
}

#[test]
fn rows_of_half_finished_structures_cost_no_more_than_their_length() {
    let units = [
        "password = ",
        "password = \"",
        "key-key-key-",
        "a.b.c.secret=",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA",
        "kind: Secret\ndata:\n  a: ",
        "{\"type\": \"service_account\", ",
        "\"refresh_token\": {",
        "machine x login y password ",
        "://a:b",
        "eyJhbGciOiJIUzI1NiJ9.",
        "AccountKey=AccountKey=",
        "stripo stripo ",
        "heroku heroku_key = ",
        "curl -u ",
        "$6$aaaaaaaa$",
        "\"auth\": \"",
        "T3BlbkFJ",
        "sk-proj-T3BlbkFJ",
        "mnemonic: abc abc ",
        "\\\"\\\"",
        "0000",
        "\u{fffd}",
    ];
    for unit in units {
        check(unit, unit.as_bytes(), b"");
    }
}

#[test]
fn long_runs_of_one_class_cost_no_more_than_their_length() {
    for unit in ["A", "a1", "f0", "_", "-", "=", "AAAA", "Zz9+/", "\n", "\0", "\""] {
        check(unit, unit.as_bytes(), b"password=");
    }
}

#[test]
fn binary_noise_costs_little() {
    let noise = Random::new(5).bytes(1 << 20);
    let steps = steps(&noise);
    assert!(steps < noise.len() as u64 * 2, "{steps}");
}
