//! Scanning as a stream: windows at fixed offsets, so that it does not matter how the input was
//! cut into chunks.

use std::fmt;

use text::Date;

use crate::engine::scan_window;
use crate::findings::{Findings, Window};
use crate::hit::Hit;
use crate::scrub::Scrubber;

/// Bytes before a window that readers may look back at.
const BACK: usize = 4 << 10;
/// Bytes in which candidates of a window start.
const STEP: usize = 64 << 10;
/// Bytes behind it that a candidate may reach into.
const AHEAD: usize = 16 << 10;

/// What a scan has to know.
#[derive(Clone)]
pub struct Options {
    /// The day as of which a token is still valid.
    pub today: Date,
    /// Key of the fingerprints: random for each report, or kept for a baseline.
    pub key: [u8; 32],
    /// Only kinds that are known by their literals: no names, no structures.
    pub literals_only: bool,
    /// Also, as notes, what is no secret and only looks like one: examples and stand-ins, guesses
    /// too weak to act upon, names of accounts and resources.
    pub thorough: bool,
}

impl fmt::Debug for Options {
    /// Without the key: who has it can try values against the fingerprints of a report.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { today, key: _, literals_only, thorough } = self;
        f.debug_struct("Options")
            .field("today", today)
            .field("literals_only", literals_only)
            .field("thorough", thorough)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// Everything on.
    pub fn new(today: Date, key: [u8; 32]) -> Self {
        Self { today, key, literals_only: false, thorough: false }
    }
}

/// What a scan found.
pub struct Scan {
    /// The hits in the order of their places; no two of them overlap.
    pub hits: Vec<Hit>,
    /// Hides the found values in other strings.
    pub scrubber: Scrubber,
    /// Hits that were not kept because there were more than a report can bear.
    pub dropped: u64,
    /// Work done, in looks at bytes and table entries beyond one per byte. It grows with the
    /// input and not faster.
    pub steps: u64,
}

/// Scans `bytes`, of the file at `path` if there is one.
pub fn scan(options: &Options, path: Option<&str>, bytes: &[u8]) -> Scan {
    let mut findings = findings(options, path);
    let mut at = 0;
    loop {
        let start = at.min(bytes.len());
        let end = at.saturating_add(STEP).min(bytes.len());
        let first = start.saturating_sub(BACK);
        let last = end.saturating_add(AHEAD).min(bytes.len());
        let part = bytes.get(first..last).unwrap_or_default();
        let base = u64::try_from(first).unwrap_or_default();
        let window = Window { bytes: part, base, wrapped: None };
        scan_window(&window, start - first..end - first, &mut findings);
        at = end;
        if at >= bytes.len() {
            return conclude(findings);
        }
    }
}

fn findings(options: &Options, path: Option<&str>) -> Findings {
    Findings::new(options, path)
}

fn conclude(findings: Findings) -> Scan {
    let (dropped, steps) = (findings.dropped, findings.steps);
    let (hits, scrubber) = findings.finish();
    Scan { hits, scrubber, dropped, steps }
}

/// Scans an input that comes in chunks. Gives the same hits as [`scan`], however it was cut.
pub struct Scanner {
    findings: Findings,
    /// What is still to be looked at, and before it what readers may look back at.
    buffer: Vec<u8>,
    /// Offset of the first byte of the buffer.
    base: u64,
    /// How many bytes of the buffer lie before the window.
    back: usize,
}

impl Scanner {
    /// A scanner for the file at `path`, if there is one.
    pub fn new(options: &Options, path: Option<&str>) -> Self {
        let buffer = Vec::with_capacity(BACK + STEP + AHEAD);
        Self { findings: findings(options, path), buffer, base: 0, back: 0 }
    }

    /// Takes the next bytes. Allocates nothing but for what is found.
    pub fn feed(&mut self, mut chunk: &[u8]) {
        while !chunk.is_empty() {
            let room = (self.back + STEP + AHEAD).saturating_sub(self.buffer.len());
            let (now, later) = chunk.split_at(room.min(chunk.len()));
            self.buffer.extend_from_slice(now);
            chunk = later;
            if self.buffer.len() >= self.back + STEP + AHEAD {
                self.scan_step();
            }
        }
    }

    /// Scans what is left and gives all that was found.
    pub fn finish(mut self) -> Scan {
        while self.buffer.len() > self.back + STEP {
            self.scan_step();
        }
        let end = self.buffer.len();
        self.scan_range(end);
        conclude(self.findings)
    }

    fn scan_range(&mut self, end: usize) {
        let window = Window { bytes: &self.buffer, base: self.base, wrapped: None };
        scan_window(&window, self.back..end, &mut self.findings);
    }

    fn scan_step(&mut self) {
        let end = self.back + STEP;
        self.scan_range(end);
        let cut = end.saturating_sub(BACK);
        self.buffer.drain(..cut);
        self.base += u64::try_from(cut).unwrap_or_default();
        self.back = end - cut;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_taken_in_without_growing() {
        let options = Options::new("2026-11-24".parse().unwrap(), [0; 32]);
        let mut scanner = Scanner::new(&options, None);
        let before = scanner.buffer.capacity();
        for size in [1, 1_000, 70_000, 300_000] {
            scanner.feed(&vec![b'x'; size]);
            assert_eq!(scanner.buffer.capacity(), before);
            assert!(scanner.buffer.len() <= BACK + STEP + AHEAD);
        }
        assert!(scanner.finish().hits.is_empty());
    }
}
