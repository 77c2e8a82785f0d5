//! Logins of package managers, `.netrc`, and the keys of web frameworks.

use std::ops::Range;

use super::{quoted_or_bare, value_after};
use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Verification};
use crate::placeholder::{self, Example};
use crate::random;
use crate::table::{self, Severity};
use crate::verify::is_uuid;

fn report(window: &Window<'_>, id: &str, value: Range<usize>, password: bool, out: &mut Findings) {
    let text = bytes::slice(window.bytes, value.start, value.end);
    if text.len() < 3
        || placeholder::is_reference(text)
        || text.starts_with(b"$")
        || text.starts_with(b"%") && text.ends_with(b"%")
    {
        return;
    }
    let Some(kind) = table::kind(id) else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.password = password;
    if password && (placeholder::is_whole_word(text) || placeholder::example(text).is_some()) {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
}

pub(super) fn npm_token(window: &Window<'_>, at: usize, out: &mut Findings) {
    let Some(value) = value_after(window.bytes, at + 10, 300) else { return };
    let text = bytes::slice(window.bytes, value.start, value.end);
    if is_uuid(text) || text.len() >= 16 && random::looks_random(text, 16) {
        // The registry stands before: `//host/:_authToken`.
        let registry = bytes::before(window.bytes, at) == Some(b':');
        let slash = at >= 2 && bytes::at(window.bytes, at - 2) == Some(b'/');
        if registry && !slash {
            return;
        }
        let (line, _) = bytes::line(window.bytes, at, 120);
        let complete = bytes::find(bytes::slice(window.bytes, line, at), b"//").is_some();
        let Some(kind) = table::kind("npm-legacy-uuid") else { return };
        let mut it = Candidate::new(kind, Rank::Structure, value);
        if registry && !complete {
            // npm reads such a line only with the slashes before the host.
            it.severity = Severity::Low;
        }
        out.report(window, it);
    }
}

pub(super) fn yarn_token(window: &Window<'_>, at: usize, out: &mut Findings) {
    let Some(value) = value_after(window.bytes, at + 12, 300) else { return };
    if value.len() >= 12 {
        report(window, "yarn-token", value, false, out);
    }
}

/// `<add key="ClearTextPassword" value="…" />`.
pub(super) fn nuget_password(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let rest = bytes::slice(hay, at, at + 80);
    let Some(place) = bytes::find_fold(rest, b"value") else { return };
    let Some(value) = value_after(hay, at + place + 5, 300) else { return };
    report(window, "nuget-config", value, true, out);
}

/// Composer's `auth.json`: a host and its token or password.
pub(super) fn composer_auth(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let area = bytes::slice(hay, at, at + 400);
    let stop = bytes::find(area, b"}").unwrap_or(area.len());
    let quoted = bytes::slice(area, 0, stop);
    if !bytes::starts(hay, at.saturating_sub(1), b"\"") {
        return;
    }
    if let Some(place) = bytes::find(quoted, b"\"password\"") {
        if let Some(value) = value_after(hay, at + place + 10, 200) {
            report(window, "composer-auth", value, true, out);
        }
    } else if let Some(place) = bytes::find(quoted, b".com\"")
        && let Some(value) = value_after(hay, at + place + 4, 200)
        && value.len() >= 20
    {
        report(window, "composer-auth", value, false, out);
    }
}

/// `machine host login user password word`, on one line or several.
pub(super) fn netrc(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    if bytes::before(hay, at).is_some_and(|it| Set::WORD.with(b"-").has(it)) {
        return;
    }
    let mut from = at;
    let mut host = None;
    let mut user = false;
    for place in 0..12 {
        let start = bytes::run_end(hay, from, Set::SPACE, 40);
        let end = bytes::run_end(hay, start, Set::SPACE.with(b"\"'\0").not(), 200);
        let word = bytes::slice(hay, start, end);
        let value_start = bytes::run_end(hay, end, Set::SPACE, 40);
        let value_end = bytes::run_end(hay, value_start, Set::SPACE.with(b"\0").not(), 200);
        match word {
            b"machine" if place == 0 => host = Some(value_start..value_end),
            b"login" => user = true,
            b"account" => {}
            b"password" if user => {
                netrc_password(window, host, value_start..value_end, out);
                return;
            }
            _ => return,
        }
        from = value_end;
    }
}

fn netrc_password(
    window: &Window<'_>,
    host: Option<Range<usize>>,
    value: Range<usize>,
    out: &mut Findings,
) {
    let text = bytes::slice(window.bytes, value.start, value.end);
    let Some(kind) = table::kind("netrc") else { return };
    if text.len() < 3 || placeholder::is_reference(text) || text.starts_with(b"$") {
        return;
    }
    let value_end = value.end;
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.password = true;
    it.verification = Verification::Structure;
    let Some(host) = host.map(|it| bytes::slice(window.bytes, it.start, it.end)) else { return };
    it.fact("host", host);
    // Elsewhere than in the file itself such words are mostly text about it.
    let behind = bytes::slice(window.bytes, value_end, value_end + 200);
    let at_home = out.hints.netrc || bytes::find(behind, b"netrc").is_some();
    if super::url::is_example_host(host) || !host.contains(&b'.') || host.contains(&b'{') {
        it.severity = Severity::Low;
    } else if !at_home {
        it.severity = Severity::Medium;
        it.confidence = Confidence::Likely;
    }
    if placeholder::is_whole_word(text) || placeholder::example(text) == Some(Example::Word) {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
}

/// Django's `SECRET_KEY`: fifty characters of a set of its own.
pub(super) fn django_key(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let Some(value) = value_after(hay, at + 10, 200) else { return };
    let quoted = bytes::before(hay, value.start).is_some_and(|it| b"\"'".contains(&it));
    let text = bytes::slice(hay, value.start, value.end);

    let special = text.iter().any(|it| b"!@#$%^&*(=+)".contains(it));
    let fits = quoted && (48..=80).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic);
    if !fits || random::entropy_tenths(text) < 38 {
        return;
    }
    let Some(kind) = table::kind("django-secret-key") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.confidence = if special { Confidence::Certain } else { Confidence::Likely };
    if text.starts_with(b"django-insecure-") {
        it.prefix = 16;
        it.severity = Severity::Low;
    }
    out.report(window, it);
}

/// `define('AUTH_KEY', '…')` of WordPress.
pub(super) fn wordpress(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let word = bytes::run_end(hay, at, Set::WORD, 40);
    let name = bytes::slice(hay, at, word);
    if !name.ends_with(b"_KEY") && !name.ends_with(b"_SALT") {
        return;
    }
    let comma = bytes::run_end(hay, word, Set::BLANK.with(b"'\""), 16);
    if bytes::at(hay, comma) != Some(b',') {
        return;
    }
    let start = bytes::run_end(hay, comma + 1, Set::BLANK, 40);
    let value = quoted_or_bare(hay, start, 200);
    let text = bytes::slice(hay, value.start, value.end);
    if text.len() < 32
        || random::entropy_tenths(text) < 38
        || bytes::find(text, b"unique phrase").is_some()
    {
        return;
    }
    let Some(kind) = table::kind("wordpress-salts") else { return };
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.name = Some(name);
    out.report(window, it);
}
