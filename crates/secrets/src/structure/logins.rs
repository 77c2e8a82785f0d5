//! Logins that are arguments of a call or elements of a file, where no name says what they are.

use std::ops::Range;

use super::value_after;
use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Verification};
use crate::placeholder::{self, Example};
use crate::random;
use crate::table::{self, Severity};

/// `NetworkCredential("user", "word")`, `DirectoryEntry("LDAP://…", "user", "word")` and
/// `….login('user', 'word', …)`: the last of two or three quoted arguments.
pub(super) fn call(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let Some(open) = bytes::slice(hay, at, at + 24).iter().position(|it| *it == b'(') else {
        return;
    };
    let mut from = at + open + 1;
    let mut last: Option<Range<usize>> = None;
    let mut count = 0;
    for _ in 0..3 {
        let start = bytes::run_end(hay, from, Set::SPACE, 80);
        let Some(quote @ (b'"' | b'\'')) = bytes::at(hay, start) else { break };
        let end = super::quote_end(hay, start + 1, quote, 200);
        count += 1;
        last = Some(start + 1..end);
        let comma = bytes::run_end(hay, end + 1, Set::SPACE, 20);
        if bytes::at(hay, comma) != Some(b',') {
            break;
        }
        from = comma + 1;
    }
    out.steps += u64::try_from(from - at).unwrap_or_default();
    let Some(value) = last.filter(|_| count >= 2) else { return };
    let text = bytes::slice(hay, value.start, value.end);
    let wrong = text.iter().any(|it| !it.is_ascii_graphic())
        || placeholder::is_reference(text)
        || placeholder::is_other_form(text);
    if text.len() < 4 || text.starts_with(b"$") || wrong {
        return;
    }
    let Some(kind) = table::kind("generic-password") else { return };
    let mut it = Candidate::new(kind, Rank::Near, value);
    it.password = true;
    it.confidence = Confidence::Likely;
    it.verification = Verification::Guess;
    let made_up = text.iter().any(u8::is_ascii_digit) || random::looks_random(text, 12);
    it.severity = if made_up { Severity::Low } else { Severity::Note };
    if placeholder::is_whole_word(text) {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
}

/// The master password of Maven's `settings-security.xml`, when it is not encrypted.
pub(super) fn maven_master(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let start = bytes::run_end(hay, at + 8, Set::SPACE, 40);
    let end = bytes::run_end(hay, start, Set::SPACE.with(b"<\0").not(), 200);
    let before = bytes::slice(hay, at.saturating_sub(300), at);
    let close = bytes::run_end(hay, end, Set::SPACE, 20);
    let security = bytes::find(before, b"settingsSecurity").is_some();
    if !security || !bytes::starts(hay, close, b"</master>") || end - start < 4 {
        return;
    }
    let Some(kind) = table::kind("maven-settings") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, start..end);
    it.password = true;
    let encrypted = bytes::at(hay, start) == Some(b'{');
    it.verification = if encrypted { Verification::Encrypted } else { Verification::Structure };
    out.report(window, it);
}

/// The name of a user in a variable that ends up in a page.
pub(super) fn frontend(window: &Window<'_>, at: usize, out: &mut Findings) {
    if !out.thorough {
        return;
    }
    let hay = window.bytes;
    let end = bytes::run_end(hay, at, Set::WORD, 80);
    let name = bytes::slice(hay, at, end);
    let user = [b"USER".as_slice(), b"USERNAME", b"LOGIN"].iter().any(|it| name.ends_with(it));
    let Some(value) = value_after(hay, end, 80).filter(|_| user) else { return };
    let text = bytes::slice(hay, value.start, value.end);
    if text.len() < 3 || placeholder::is_reference(text) || text.starts_with(b"$") {
        return;
    }
    let Some(kind) = table::kind("id-frontend-login") else { return };
    let mut it = Candidate::new(kind, Rank::Guess, value);
    it.severity = Severity::Note;
    it.verification = Verification::Public;
    out.report(window, it);
}
