//! From a literal in the text to a candidate: shapes around anchors, and shapes near words.

use std::sync::OnceLock;

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window, ends_clean, starts_clean};
use crate::hit::{Confidence, Verification};
use crate::placeholder;
use crate::shape::Shape;
use crate::table::{Gate, Kind, Severity, kinds};
use crate::verify::{self, Check, Judged};

/// How far behind a word a value may stand.
const NEAR: usize = 120;
/// How far before an anchor a word may stand.
const CONTEXT: usize = 120;

/// Tries a kind at one of its anchors.
#[inline(never)]
pub(crate) fn anchored(
    kind: &'static Kind,
    anchor: usize,
    window: &Window<'_>,
    at: usize,
    out: &mut Findings,
) {
    let (Some(word), Some(shapes)) = (kind.anchors.get(anchor), kind.shapes.get(anchor)) else {
        return;
    };
    if let Gate::LiteralNear(words) = &kind.gate
        && !has_context(window.bytes, at, words)
    {
        return;
    }
    for shape in shapes {
        let Some((start, end)) = shape.find(window.bytes, at, &mut out.steps) else { continue };
        let prefix = if start == at { word.len() } else { 0 };
        if try_span(kind, shape, prefix, window, start..end, out) {
            return;
        }
    }
}

fn try_span(
    kind: &'static Kind,
    shape: &Shape,
    prefix: usize,
    window: &Window<'_>,
    span: std::ops::Range<usize>,
    out: &mut Findings,
) -> bool {
    let has = |check: &Check| kind.checks.contains(check);
    let free = has(&Check::Free);
    if !free && !starts_clean(window.bytes, span.start, has(&Check::Tight)) {
        return false;
    }
    if !ends_clean(window.bytes, span.end, shape.last_set()) && span.len() > prefix {
        return false;
    }
    let whole = bytes::slice(window.bytes, span.start, span.end);
    let body = bytes::slice(whole, prefix, whole.len());
    let judged = verify::judge(&kind.checks, whole, body);
    if judged == Judged::Refused || !context_allows(kind, window.bytes, &span, whole) {
        return false;
    }
    let mut it = Candidate::new(kind, Rank::Form, span);
    it.prefix = prefix.min(whole.len());
    settle(&mut it, judged);
    if has(&Check::Default) {
        it.verification = Verification::DefaultLogin;
        it.prefix = 0;
    }
    if kind.id == "gcp-api-key" && !is_named_secret(window.bytes, &it.span) {
        // Such keys are in every page with a map: alone they say little.
        it.severity = Severity::Low;
    }
    if let Some(account) = has(&Check::Account).then(|| verify::aws_account(whole)).flatten() {
        it.fact("account", format!("{account:012}").as_bytes());
    }
    out.report(window, it);
    true
}

/// Whether the text before a value names it as a secret.
fn is_named_secret(hay: &[u8], span: &std::ops::Range<usize>) -> bool {
    let (line, _) = bytes::line(hay, span.start, 60);
    has_secret_word(bytes::slice(hay, line, span.start))
}

fn settle(it: &mut Candidate<'_>, judged: Judged) {
    (it.verification, it.rank) = match judged {
        Judged::Checksum => (Verification::Checksum, Rank::Checksum),
        Judged::Structure => (Verification::Structure, Rank::Structure),
        Judged::Broken => (Verification::ChecksumFails, it.rank),
        Judged::Shape | Judged::Refused => (Verification::Form, it.rank),
    };
}

/// The checks that look at what stands around a candidate.
fn context_allows(kind: &Kind, hay: &[u8], span: &std::ops::Range<usize>, whole: &[u8]) -> bool {
    kind.checks.iter().all(|check| match check {
        Check::FixedRun => {
            let set = Set::ALNUM.with(b"_.~-");
            bytes::before(hay, span.start).is_none_or(|it| !set.has(it))
        }
        Check::Pair(least) => {
            let middle = bytes::find(whole, b"T3BlbkFJ").unwrap_or_default();
            let head = bytes::slice(whole, 0, middle);
            let dashes = head.iter().enumerate().filter(|(_, it)| **it == b'-').map(|(at, _)| at);
            let cut = dashes.take(2).last().map_or(0, |it| it + 1);
            let (left, right) =
                (middle.saturating_sub(cut), whole.len().saturating_sub(middle + 8));
            left >= *least && right >= *least
                || left == 20
                    && right == 20
                    && !head.starts_with(b"sk-proj")
                    && !head.starts_with(b"sk-admin")
                    && !head.starts_with(b"sk-svc")
                    && !head.starts_with(b"sk-service")
        }
        Check::Bearer => {
            whole.len() >= 100
                || bytes::contains_fold(
                    bytes::slice(hay, span.start.saturating_sub(40), span.start),
                    b"bearer",
                )
        }
        Check::NotHash => {
            let (start, _) = bytes::line(hay, span.start, 60);
            !placeholder::is_hash_context(bytes::slice(hay, start, span.start))
        }
        _ => true,
    })
}

fn has_context(hay: &[u8], at: usize, words: &[&str]) -> bool {
    let before = bytes::slice(hay, at.saturating_sub(CONTEXT), at);
    bytes::holds_any(before, words, true)
}

/// Tries a kind whose word ends at `end`: the first value behind it that fits.
#[inline(never)]
pub(crate) fn near(
    kind: &'static Kind,
    word: &str,
    window: &Window<'_>,
    at: usize,
    out: &mut Findings,
) {
    let hay = window.bytes;
    if !is_word_start(hay, at) {
        return;
    }
    let end = at + word.len();
    let Some(shapes) = kind.shapes.first() else { return };
    let stop = near_end(hay, end);
    let mut from = end;
    while let Some(start) = next_start(hay, from, stop) {
        out.steps += 1;
        let gap = bytes::slice(hay, end, start);
        for shape in shapes {
            let token = stop + 400;
            let Some(found) = longest(shape, hay, start, token, out) else { continue };
            if try_near(kind, shape, window, start..found, gap, out) {
                return;
            }
        }
        from = bytes::run_end(hay, start, Set::ALNUM, 500).max(start + 1);
    }
}

/// Where the search for a value ends: the end of the line, or of the next if this one has no
/// value (JSON and YAML written over two lines).
fn near_end(hay: &[u8], from: usize) -> usize {
    let (_, end) = bytes::line(hay, from, NEAR);
    if bytes::slice(hay, from, end).iter().any(u8::is_ascii_alphanumeric) {
        return end;
    }
    bytes::line(hay, bytes::run_end(hay, end, Set::SPACE, 80), NEAR).1
}

/// The next place at which a value may start.
fn next_start(hay: &[u8], from: usize, stop: usize) -> Option<usize> {
    let mut at = from;
    while at < stop {
        let byte = bytes::at(hay, at)?;
        if Set::ALNUM.has(byte) && bytes::before(hay, at).is_none_or(|it| !Set::ALNUM.has(it)) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn longest(
    shape: &Shape,
    hay: &[u8],
    start: usize,
    token: usize,
    out: &mut Findings,
) -> Option<usize> {
    let (_, end) = shape.find(bytes::slice(hay, 0, token), start, &mut out.steps)?;
    ends_clean(hay, end, shape.last_set()).then_some(end)
}

fn try_near(
    kind: &'static Kind,
    shape: &Shape,
    window: &Window<'_>,
    span: std::ops::Range<usize>,
    gap: &[u8],
    out: &mut Findings,
) -> bool {
    let whole = bytes::slice(window.bytes, span.start, span.end);
    let judged = verify::judge(&kind.checks, whole, whole);
    if judged == Judged::Refused || !context_allows(kind, window.bytes, &span, whole) {
        return false;
    }
    let assigned = gap.iter().any(|it| b"=:>,(".contains(it));
    let secret = has_secret_word(gap);
    if kind.checks.contains(&Check::SecretWord) && !secret
        || kind.checks.contains(&Check::Keyword) && !assigned
        || names_something_else(gap)
    {
        return false;
    }
    let _ = shape;
    let mut it = Candidate::new(kind, Rank::Near, span);
    settle(&mut it, judged);
    it.confidence = if assigned && secret { Confidence::Certain } else { Confidence::Likely };
    // A name and a fitting value with nothing between them is weaker than an assignment.
    it.severity = match (assigned, secret) {
        (true, true) => it.severity,
        (true, false) => it.severity.max(Severity::Medium),
        (false, true) => it.severity.max(Severity::Medium),
        (false, false) => Severity::Note,
    };
    out.report(window, it);
    true
}

/// Whether a gap between name and value has a word for a secret.
#[inline(never)]
pub(crate) fn has_secret_word(gap: &[u8]) -> bool {
    const WORDS: [&str; 8] = ["key", "token", "secret", "pass", "pwd", "auth", "private", "cred"];
    bytes::holds_any(gap, &WORDS, true)
}

/// Whether a gap says that the value is an id, an address or a hash.
#[inline(never)]
pub(crate) fn names_something_else(gap: &[u8]) -> bool {
    const WORDS: [&str; 17] = [
        "commit",
        "sha1",
        "sha256",
        "sha512",
        "checksum",
        "digest",
        "integrity",
        "://",
        "md5",
        "version",
        "gpg",
        "pgp",
        "fingerprint",
        "_sha",
        "sha=",
        "revision",
        "etag",
    ];
    bytes::holds_any(gap, &WORDS, true)
}

/// Whether a value starts with the anchor of a kind that has one of its own, which it would not
/// be a guess for if it had that kind's form.
#[inline(never)]
pub(crate) fn is_cut_token(value: &[u8]) -> bool {
    static DISTINCT: OnceLock<Vec<&'static [u8]>> = OnceLock::new();
    let anchors = DISTINCT.get_or_init(|| {
        let distinct = |anchor: &&[u8]| {
            anchor.len() >= 4 && anchor.iter().any(|it| !it.is_ascii_alphanumeric())
        };
        let literal = kinds().iter().filter(|it| it.gate == Gate::Literal);
        let anchors = literal.flat_map(|it| it.anchors.iter().map(|it| it.as_bytes()));
        let mut anchors: Vec<_> = anchors.filter(distinct).collect();
        text::order::sort_by_key(&mut anchors, |it| *it);
        anchors
    });
    // Every anchor that the value starts with is sorted before it, behind its first byte.
    let (first, end) = (value.first(), anchors.partition_point(|it| *it <= value));
    let before = anchors.get(..end).unwrap_or_default().iter().rev();
    before.take_while(|it| it.first() == first).any(|it| value.starts_with(it))
}

/// Whether a word that starts at `at` starts a word of the text: no letter before it, or a hump.
pub(crate) fn is_word_start(hay: &[u8], at: usize) -> bool {
    let Some(before) = bytes::before(hay, at) else { return true };
    if !before.is_ascii_alphabetic() {
        return true;
    }
    let first = bytes::at(hay, at).unwrap_or_default();
    before.is_ascii_lowercase() && first.is_ascii_uppercase()
}
