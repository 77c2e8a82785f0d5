//! A random value on the same line as the name of a service.

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::candidates::{has_secret_word, is_word_start, names_something_else};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Verification};
use crate::placeholder;
use crate::random;
use crate::table::{self, Severity};
use crate::verify::is_uuid;

/// How far behind the name a value may start.
const REACH: usize = 72;
/// Most words between a name and its value.
const MOST_STARTS: usize = 6;
/// What may stand between a name and its value.
const GAP: Set = Set::ALNUM.with(b"_ \t\"'=:>.,({[-`|?!&$/");
const TOKEN: Set = Set::ALNUM.with(b"_-+/=.~");

#[inline(never)]
pub(crate) fn read(window: &Window<'_>, word: Range<usize>, out: &mut Findings) {
    let hay = window.bytes;
    if out.hints.lock_file || !is_word_start(hay, word.start) {
        return;
    }
    let stop = bytes::run_end(hay, word.end, GAP, REACH);
    let mut from = word.end;
    for _ in 0..MOST_STARTS {
        if from >= stop {
            return;
        }
        let start = bytes::run_end(hay, from, Set::ALNUM.not(), stop - from);
        if start >= stop {
            return;
        }
        let end = token_end(hay, start);
        out.steps += u64::try_from(end - from).unwrap_or_default();
        let gap = bytes::slice(hay, word.end, start);
        if start > word.end && end - start >= 12 && try_value(window, start..end, gap, out) {
            return;
        }
        from = bytes::run_end(hay, start, Set::ALNUM, 600);
    }
}

/// The end of a token without the punctuation of a sentence behind it.
pub(crate) fn token_end(hay: &[u8], start: usize) -> usize {
    let end = bytes::run_end(hay, start, TOKEN, 300);
    let trailing = bytes::slice(hay, start, end).iter().rev().take_while(|it| b".-_/".contains(it));
    end - trailing.count()
}

fn try_value(window: &Window<'_>, span: Range<usize>, gap: &[u8], out: &mut Findings) -> bool {
    let value = bytes::slice(window.bytes, span.start, span.end);
    // A word for a secret joined to the value is a part of the name.
    if has_secret_word(bytes::slice(value, 0, 8)) || names_something_else(gap) {
        return false;
    }
    let uuid = is_uuid(value);
    let random = random::looks_random(value, 16) || uuid;
    let assigned = gap.iter().any(|it| b"=:>".contains(it));
    let secret = has_secret_word(gap) || bytes::contains_fold(gap, b"access");
    // Rows of the alphabet stand for keys where the words before them say so.
    let digit = value.iter().any(u8::is_ascii_digit);
    let example = placeholder::example(value).is_some()
        && (digit || secret)
        && (value.len() >= 16 || secret && digit);
    let plain = value.iter().filter(|it| !it.is_ascii_alphanumeric()).count() * 8 <= value.len();
    if !random && !example || !plain && !uuid || placeholder::is_other_form(value) {
        return false;
    }
    let Some(kind) = table::kind("vendor-key") else { return false };
    let mut it = Candidate::new(kind, Rank::Vendor, span);
    it.confidence = Confidence::Likely;
    it.verification = Verification::Guess;
    it.severity = match (assigned, secret) {
        // What follows a slash is mostly a part of an address.
        _ if gap.contains(&b'/') || !random => Severity::Note,
        (true, true) => Severity::Medium,
        (true, false) | (false, true) => Severity::Low,
        (false, false) => Severity::Note,
    };
    out.report(window, it);
    true
}
