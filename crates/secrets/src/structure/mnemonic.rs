//! Seed phrases of wallets: the right number of short lower-case words behind a word for it.

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Verification};
use crate::table;

pub(super) fn read(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let word = bytes::run_end(hay, at, Set::ALNUM.with(b"_- "), 40);
    let Some(value) = super::value_after(hay, word, 400) else { return };
    // Without quotes the words run on to the end of the line.
    let end = bytes::run_end(hay, value.start, Set::LOWER.with(b" "), 300);
    out.steps += u64::try_from(end - at).unwrap_or_default();
    let text = bytes::slice(hay, value.start, end);
    let words: Vec<&[u8]> = text.split(|it| *it == b' ').filter(|it| !it.is_empty()).collect();
    let short = words.iter().all(|it| (3..=8).contains(&it.len()));
    let mut distinct: Vec<&[u8]> = words.clone();
    text::order::sort(&mut distinct);
    distinct.dedup();
    let varied = distinct.len() * 4 >= words.len() * 3;
    if !short || !varied || ![12, 15, 18, 21, 24].contains(&words.len()) {
        return;
    }
    // Prose has small words that no list of seed words has.
    let prose: [&[u8]; 10] =
        [b"the", b"and", b"for", b"with", b"that", b"this", b"from", b"are", b"was", b"not"];
    if words.iter().any(|it| prose.contains(it)) {
        return;
    }
    let Some(kind) = table::kind("bip39-mnemonic") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value.start..end);
    it.confidence = Confidence::Likely;
    it.verification = Verification::Form;
    it.password = true;
    out.report(window, it);
}
