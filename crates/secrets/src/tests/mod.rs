//! Tests of the whole engine: every kind, hostile input, chunks, and that nothing leaks.
//!
//! Secrets are made here at run time from the shapes, so that no file of this repository holds
//! anything that looks like a live one.

mod canary;
mod kinds;
mod properties;
mod samples;
mod steps;
mod verdicts;

use text::Date;

use crate::{Hit, Options, Scan, scan};

/// A small generator of numbers, the same on every machine.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as usize) % n.max(1)
    }

    /// A text of `n` bytes of `alphabet`.
    pub(super) fn text(&mut self, alphabet: &str, n: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..n).map(|_| letters[self.below(letters.len())]).collect()
    }

    pub(super) fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.below(256) as u8).collect()
    }
}

pub(super) const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const HEX: &str = "0123456789abcdef";

pub(super) fn options() -> Options {
    let today: Date = "2026-11-24".parse().unwrap();
    Options { thorough: true, ..Options::new(today, [3; 32]) }
}

pub(super) fn found(path: Option<&str>, text: &[u8]) -> Vec<Hit> {
    scan(&options(), path, text).hits
}

pub(super) fn scanned(text: &[u8]) -> Scan {
    scan(&options(), None, text)
}
