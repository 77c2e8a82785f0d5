//! Credentials in HTTP headers and on command lines.

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Verification};
use crate::placeholder::{self, Example};
use crate::random;
use crate::table::{self, Severity};
use crate::verify::base64_decode;

/// User and password of a decoded login, if it is one.
pub(super) fn login(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let raw = base64_decode(text)?;
    let colon = raw.iter().position(|it| *it == b':')?;
    let (user, rest) = raw.split_at_checked(colon)?;
    let password = rest.get(1..)?;
    let printable = raw.iter().all(|it| {
        (0x20..0x7f).contains(it)
            || *it >= 0x80 && std::str::from_utf8(&raw).is_ok()
            || *it == b'\n'
    });
    printable.then(|| (user.to_vec(), password.to_vec()))
}

pub(super) fn basic(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let start = bytes::run_end(hay, at + 6, Set::BLANK, 4);
    let end = bytes::run_end(hay, start, Set::BASE64.with(b"-_="), 600);
    let value = bytes::slice(hay, start, end);
    if value.len() < 8 {
        return;
    }
    out.steps += u64::try_from(value.len()).unwrap_or_default();
    let Some(kind) = table::kind("http-basic-header") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, start..end);
    let Some((user, password)) = login(value) else {
        let (line, _) = bytes::line(hay, at, 40);
        let header = bytes::contains_fold(bytes::slice(hay, line, at), b"authorization");
        if header && value.len() >= 24 && random::looks_random(value, 24) {
            it.severity = Severity::Low;
            it.confidence = Confidence::Likely;
            out.report(window, it);
        }
        return;
    };
    it.verification =
        if placeholder::is_whole_word(&password) || placeholder::is_reference(&password) {
            Verification::Example(Example::Word)
        } else {
            Verification::Structure
        };
    it.password = true;
    if password.is_empty() {
        it.severity = Severity::Note;
    }
    it.fact("user", &user);
    it.derived.push(password);
    out.report(window, it);
}

pub(super) fn bearer(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let word = bytes::run_end(hay, at, Set::ALPHA, 8);
    let start = bytes::run_end(hay, word, Set::BLANK, 4);
    let end = bytes::run_end(hay, start, Set::ALNUM.with(b"-._~+/="), 1_024);
    let value = bytes::slice(hay, start, end);
    out.steps += u64::try_from(value.len()).unwrap_or_default();
    if value.len() < 16 || !random::looks_random(value, 16) && !crate::verify::is_uuid(value) {
        return;
    }
    let Some(kind) = table::kind("http-bearer-header") else { return };
    let (line, _) = bytes::line(hay, at, 80);
    let header = bytes::contains_fold(bytes::slice(hay, line, at), b"authorization");
    let mut it = Candidate::new(kind, Rank::Near, start..end);
    it.verification = Verification::Guess;
    it.confidence = Confidence::Likely;
    it.severity = if header { Severity::Medium } else { Severity::Low };
    out.report(window, it);
}

/// `-u user:password` of curl, and the password of `-H "X-Api-Key: …"` by its name elsewhere.
pub(super) fn curl_user(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let area = bytes::slice(hay, at, at + 600);
    let stop = command_end(area);
    // All of the flags have this in them, and most commands have none.
    if bytes::find(bytes::slice(area, 0, stop), b"-u").is_none() {
        return;
    }
    // Whom a container runs as, and in which group, looks the same.
    let before = bytes::slice(hay, at.saturating_sub(400), at);
    let engines: [&[u8]; 4] = [b"docker run", b"podman run", b"nerdctl run", b"docker create"];
    if engines.iter().any(|it| bytes::find(before, it).is_some()) {
        return;
    }
    for flag in [" -u ", "\n-u ", " --user ", " -u\"", " -u'", " --user=", " --proxy-user "] {
        let Some(found) = bytes::find(bytes::slice(area, 0, stop), flag.as_bytes()) else {
            continue;
        };
        // A flag that ends in a quote has the quote still before its value.
        let quote = usize::from(flag.ends_with(['"', '\'']));
        let start = bytes::run_end(hay, at + found + flag.len() - quote, Set::BLANK, 8);
        let value = super::quoted_or_bare(hay, start, 200);
        let text = bytes::slice(hay, value.start, value.end);
        let Some(colon) = text.iter().position(|it| *it == b':') else { continue };
        let password = value.start + colon + 1..value.end;
        report_login(window, bytes::slice(text, 0, colon), password, out);
        return;
    }
}

fn report_login(window: &Window<'_>, user: &[u8], span: Range<usize>, out: &mut Findings) {
    let value = bytes::slice(window.bytes, span.start, span.end);
    if user.starts_with(b"/") || user.is_empty() {
        return;
    }
    // A user and a group of `docker run`, both by number.
    let is_id = |it: &[u8]| !it.is_empty() && it.iter().all(u8::is_ascii_digit);
    if is_id(user) && is_id(value) {
        return;
    }
    let Some(kind) = table::kind("curl-user") else { return };
    // A colon at the end leaves the password empty: then the name is a token.
    let (span, value) = if value.is_empty() {
        (span.start - 1 - user.len()..span.start - 1, user)
    } else {
        (span, value)
    };
    if placeholder::is_reference(value)
        || value.starts_with(b"$")
        || value.len() < 3
        || value.contains(&b'$') && value.contains(&b'{')
    {
        return;
    }
    let mut it = Candidate::new(kind, Rank::Header, span);
    it.password = true;
    it.confidence = Confidence::Likely;
    if placeholder::is_whole_word(value) || placeholder::example(value) == Some(Example::Word) {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
}

/// Where a shell command ends: at a line end that no backslash continues.
fn command_end(text: &[u8]) -> usize {
    let mut last = 0;
    for (place, byte) in text.iter().enumerate() {
        if *byte == b'\n' && last != b'\\' || *byte == 0 {
            return place;
        }
        if *byte != b'\r' && *byte != b' ' {
            last = *byte;
        }
    }
    text.len()
}

/// `psexec … -p word` and `-Password word` of PowerShell.
pub(super) fn command_password(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let start = if bytes::slice(hay, at, at + 6).eq_ignore_ascii_case(b"psexec") {
        let area = bytes::slice(hay, at, at + 300);
        let stop = command_end(area);
        let Some(flag) = bytes::find(bytes::slice(area, 0, stop), b" -p ") else { return };
        at + flag + 4
    } else {
        // `Connect-VIServer … -Password word`, with the name of a user or a server before it.
        let (line, _) = bytes::line(hay, at, 200);
        let before = bytes::slice(hay, line, at);
        if !bytes::contains_fold(before, b"-user") && !bytes::contains_fold(before, b"-server") {
            return;
        }
        at + 10
    };
    let value = super::quoted_or_bare(hay, start, 100);
    let text = bytes::slice(hay, value.start, value.end);
    if text.len() < 4
        || placeholder::is_reference(text)
        || text.starts_with(b"$")
        || text.starts_with(b"-")
    {
        return;
    }
    let Some(kind) = table::kind("command-password") else { return };
    let mut it = Candidate::new(kind, Rank::Header, value);
    it.password = true;
    it.confidence = Confidence::Likely;
    if placeholder::is_whole_word(text) {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
}

/// A bot token near the word: three parts, of which the first is a decoded account number.
pub(super) fn discord_bot(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let stop = at + 120;
    let mut from = at + 7;
    while from < stop {
        let start = bytes::run_end(hay, from, Set::BASE64_URL.not(), 60);
        let first = bytes::run_end(hay, start, Set::BASE64_URL, 40);
        out.steps += u64::try_from(first - from + 1).unwrap_or_default();
        let second = bytes::run_end(hay, first + 1, Set::BASE64_URL, 20);
        let third = bytes::run_end(hay, second + 1, Set::BASE64_URL, 60);
        let parts =
            (first - start, second.saturating_sub(first + 1), third.saturating_sub(second + 1));
        let dots = bytes::at(hay, first) == Some(b'.') && bytes::at(hay, second) == Some(b'.');
        if dots && (23..=28).contains(&parts.0) && parts.1 == 6 && (27..=38).contains(&parts.2) {
            let Some(kind) = table::kind("discord-bot") else { return };
            let mut it = Candidate::new(kind, Rank::Form, start..third);
            let number = base64_decode(bytes::slice(hay, start, first));
            if number.is_some_and(|it| it.iter().all(u8::is_ascii_digit)) {
                it.verification = Verification::Structure;
            }
            out.report(window, it);
            return;
        }
        if first <= from {
            return;
        }
        from = first;
    }
}
