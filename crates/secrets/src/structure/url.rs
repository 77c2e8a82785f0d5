//! URLs with a password or a token before the host.

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Verification};
use crate::placeholder::{self, Example};
use crate::random;
use crate::table::{self, Severity};
use crate::verify::percent_decode;

/// Longest authority that is read.
const MOST: usize = 300;
const AUTHORITY: Set = Set::SPACE.with(b"\"'<>/?#\\`(),\0").not();

/// Logins that ship as defaults: known to everybody, and still no good.
const DEFAULTS: [(&str, &str); 10] = [
    ("postgres", "postgres"),
    ("root", "root"),
    ("admin", "admin"),
    ("user", "pass"),
    ("guest", "guest"),
    ("minioadmin", "minioadmin"),
    ("sa", "Password123"),
    ("user", "user"),
    ("test", "test"),
    ("mysql", "mysql"),
];

pub(super) fn read(window: &Window<'_>, at: usize, out: &mut Findings) {
    let hay = window.bytes;
    let start = at + 3;
    // Most URLs have no userinfo: look for the sign before anything else.
    let end = bytes::run_end(hay, start, AUTHORITY, MOST);
    let authority = bytes::slice(hay, start, end);
    let Some(sign) = authority.iter().rposition(|it| *it == b'@') else { return };
    out.steps += u64::try_from(authority.len()).unwrap_or_default();
    let scheme_start = bytes::run_start(hay, at, Set::ALNUM.with(b"+.-"), 20);
    let scheme = bytes::slice(hay, scheme_start, at);
    let host = bytes::slice(authority, sign + 1, authority.len());
    if scheme.is_empty() || !is_host(host) {
        return;
    }
    let userinfo = bytes::slice(authority, 0, sign);
    match userinfo.iter().position(|it| *it == b':') {
        Some(colon) => {
            let user = bytes::slice(userinfo, 0, colon);
            password(window, scheme, user, start + colon + 1..start + sign, host, out);
        }
        None => token(window, start..start + sign, host, out),
    }
}

fn is_host(host: &[u8]) -> bool {
    let name = Set::ALNUM.with(b"._-:[]%{}$*,");
    let first = host.first().is_some_and(|it| Set::ALNUM.with(b"[{$%_<").has(*it));
    first && host.iter().all(|it| name.has(*it))
}

/// Which kind a URL with a password is, by its scheme.
fn kind_of_scheme(scheme: &[u8]) -> &'static str {
    const DATABASES: [&str; 10] = [
        "postgres",
        "mysql",
        "mariadb",
        "mongodb",
        "amqp",
        "mssql",
        "sqlserver",
        "oracle",
        "cockroach",
        "clickhouse",
    ];
    let scheme = scheme.to_ascii_lowercase();
    if DATABASES.iter().any(|it| bytes::find(&scheme, it.as_bytes()).is_some()) {
        "connstr-db-url"
    } else if scheme.starts_with(b"redis") {
        "upstash-redis"
    } else {
        "url-basic-auth"
    }
}

fn password(
    window: &Window<'_>,
    scheme: &[u8],
    user: &[u8],
    span: Range<usize>,
    host: &[u8],
    out: &mut Findings,
) {
    let value = bytes::slice(window.bytes, span.start, span.end);
    let stars = value.iter().all(|it| b"*.x#_-".contains(it));
    if value.is_empty() || stars || is_variable(value) {
        return;
    }
    let Some(kind) = table::kind(kind_of_scheme(scheme)) else { return };
    let mut it = Candidate::new(kind, Rank::Header, span);
    it.password = true;
    it.confidence = Confidence::Certain;
    it.fact("host", host);
    if user.len() < 40 {
        it.fact("user", user);
    }
    it.derived.push(percent_decode(value));
    let is_default =
        DEFAULTS.iter().any(|(name, word)| name.as_bytes() == user && word.as_bytes() == value);
    if placeholder::is_whole_word(value) && !is_default
        || placeholder::example(value) == Some(Example::Repeat)
        || value.len() < 3
    {
        it.verification = Verification::Example(Example::Word);
    } else if is_default {
        it.verification = Verification::DefaultLogin;
        it.severity = Severity::Low;
    } else if is_example_host(host) || placeholder::example(value).is_some() {
        it.severity = Severity::Low;
    }
    out.report(window, it);
}

/// A token alone before the host, as for `https://TOKEN@github.com`.
fn token(window: &Window<'_>, span: Range<usize>, host: &[u8], out: &mut Findings) {
    let value = bytes::slice(window.bytes, span.start, span.end);
    if value.len() < 20 || !random::looks_random(value, 20) {
        return;
    }
    // A DSN names its project by a public key of that form.
    let public = bytes::find(host, b"sentry").is_some() || bytes::find(host, b"bugsnag").is_some();
    if public || is_variable(value) {
        return;
    }
    let Some(kind) = table::kind("url-basic-auth") else { return };
    let mut it = Candidate::new(kind, Rank::Header, span);
    it.confidence = Confidence::Likely;
    it.severity = Severity::Medium;
    it.fact("host", host);
    out.report(window, it);
}

fn is_variable(value: &[u8]) -> bool {
    placeholder::is_reference(value)
        || value.starts_with(b"$") && value.len() > 1
        || value.starts_with(b"%s")
}

/// Hosts that nobody runs: those reserved for documents.
pub(super) fn is_example_host(host: &[u8]) -> bool {
    let name = host.split(|it| *it == b':').next().unwrap_or_default();
    [
        b"example.com".as_slice(),
        b"example.org",
        b"example.net",
        b"domain.com",
        b".example",
        b".test",
        b".invalid",
        b"[2001:db8",
    ]
    .iter()
    .any(|it| name.ends_with(it) || name == *it)
        || host.starts_with(b"[2001:db8")
        || matches!(
            name,
            b"host"
                | b"hostname"
                | b"domain"
                | b"server"
                | b"localhost"
                | b"127.0.0.1"
                | b"yourhost"
        )
}

/// A line of git's credential store: everything up to the last `@` is the login.
pub(crate) fn credentials_line(
    window: &Window<'_>,
    line: Range<usize>,
    id: &'static str,
    out: &mut Findings,
) {
    let text = bytes::slice(window.bytes, line.start, line.end);
    let Some(scheme) = bytes::find(text, b"://") else { return };
    let Some(sign) = text.iter().rposition(|it| *it == b'@').filter(|it| *it > scheme + 3) else {
        return;
    };
    let login = bytes::slice(text, scheme + 3, sign);
    let Some(colon) = login.iter().rposition(|it| *it == b':') else { return };
    let Some(kind) = table::kind(id) else { return };
    let span = line.start + scheme + 3 + colon + 1..line.start + sign;
    if span.is_empty() {
        return;
    }
    let mut it = Candidate::new(kind, Rank::Structure, span);
    it.password = true;
    it.verification = Verification::Structure;
    it.fact("host", bytes::slice(text, sign + 1, text.len()));
    out.report(window, it);
}
