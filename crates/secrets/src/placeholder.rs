//! Values that stand in for a secret or only look like one: examples, references, paths, hashes.

use std::sync::OnceLock;

use crate::bytes::{self, Set};
use crate::random;

/// Why a value is no secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Example {
    /// A word such as `changeme` or `example` is the value, or stands in it.
    Word,
    /// One character over and over, or hardly any different ones.
    Repeat,
    /// A run of the alphabet, the digits or a keyboard row.
    Sequence,
    /// The demonstration value of a provider's documentation.
    Documentation,
}

/// Words that make a whole value a placeholder.
const WHOLE: &str = "example sample test testing demo dummy fake mock foo bar baz foobar placeholder changeme change_me change-me replace_me replaceme insert your yours todo fixme tbd none null nil undefined true false yes no on off empty redacted masked filtered hidden secret password passwd pass token key apikey user username admin root guest default string value xxx str text int bool object any optional required unset blank n/a na self this void number integer char bytes";

/// Pieces that make a value an example wherever they stand, in lower case.
const PIECES: [&str; 30] = [
    "example",
    "your_",
    "your-",
    "yourkey",
    "yourstrong",
    "yourtoken",
    "_here",
    "-here",
    "insert_",
    "insert-",
    "replace_",
    "replace-",
    "change_me",
    "changeme",
    "change-me",
    "placeholder",
    "redacted",
    "dummy",
    "sample",
    "notreal",
    "not-a-real",
    "xxxx",
    "****",
    "....",
    "deadbeef",
    "cafebabe",
    "todo",
    "<",
    ">",
    "####",
];

/// Pieces that show that nobody's generator made the value.
const SEQUENCES: [&str; 8] = [
    "1234567890",
    "0123456789",
    "abcdefghij",
    "9876543210",
    "zyxwvuts",
    "fedcba",
    "qwertyui",
    "abcdef12345",
];

/// Whether a value is an example, and why.
#[inline(never)]
pub(crate) fn example(value: &[u8]) -> Option<Example> {
    if value.len() <= 16 && is_whole_word(value) {
        return Some(Example::Word);
    }
    let lower = value.to_ascii_lowercase();
    if bytes::holds_any(&lower, &PIECES, false) {
        return Some(Example::Word);
    }
    if is_repetition(value) {
        return Some(Example::Repeat);
    }
    is_sequence(&lower).then_some(Example::Sequence)
}

/// Whether a password, which may be short and a word, is a stand-in.
#[inline(never)]
pub(crate) fn is_whole_word(value: &[u8]) -> bool {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| WHOLE.split(' ').collect());
    words.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(value))
}

fn is_repetition(value: &[u8]) -> bool {
    let mut counts = [0u32; 256];
    let (mut run, mut longest, mut last) = (0, 0, None);
    for byte in value {
        if let Some(it) = counts.get_mut(usize::from(*byte)) {
            *it += 1;
        }
        run = if last == Some(*byte) { run + 1 } else { 1 };
        longest = longest.max(run);
        last = Some(*byte);
    }
    let most = counts.iter().max().map_or(0, |it| usize::try_from(*it).unwrap_or(usize::MAX));
    let few = random::distinct(value) <= 4 && value.len() >= 8;
    longest >= 6 && value.len() < 200
        || most.saturating_mul(5) >= value.len() * 3 && value.len() >= 4
        || few
}

/// A long run up or down the alphabet or the digits, or one of the known rows.
fn is_sequence(lower: &[u8]) -> bool {
    if bytes::holds_any(lower, &SEQUENCES, false) {
        return true;
    }
    let steps = lower.iter().zip(lower.iter().skip(1));
    let rising = steps.filter(|(first, second)| second.wrapping_sub(**first) == 1).count();
    lower.len() >= 6 && rising * 2 >= lower.len()
}

/// What refers to a value that stands elsewhere, wherever it stands.
const REFERENCES: [&str; 15] = [
    "${",
    "$(",
    "{{",
    "}}",
    "#{",
    "%{",
    "<%",
    "{%",
    "%s",
    "process.env",
    "os.environ",
    "getenv",
    "ENV[",
    "secrets.",
    "System.",
];

/// Whether a value refers to one that stands elsewhere: a variable, a template, a call.
#[inline(never)]
pub(crate) fn is_reference(value: &[u8]) -> bool {
    let Some(first) = value.first() else { return true };
    let wrapped = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    let variable = *first == b'$'
        && value.get(1).is_some_and(|it| Set::WORD.with(b"{(").has(*it))
        && !value.iter().skip(1).any(|it| *it == b'$');
    variable
        || bytes::holds_any(value, &REFERENCES, false)
        || wrapped(b"{", b"}")
        || wrapped(b"<", b">")
        || wrapped(b"[", b"]")
        || wrapped(b"(", b")")
        || wrapped(b"%", b"%") && value.len() > 2
        || wrapped(b"@", b"@") && value.len() > 2
        || wrapped(b"__", b"__")
        || wrapped(b"`", b"`")
        || wrapped(b"!", b"!")
        || value.starts_with(b"env.")
        || value.starts_with(b"var.")
        || value.starts_with(b"local.")
        || value.starts_with(b"data.")
        || value.starts_with(b"$") && value.len() < 3
}

/// Whether a value is written as something that is no secret: a path, an address, a version, a
/// hash with its name, a date.
#[inline(never)]
pub(crate) fn is_other_form(value: &[u8]) -> bool {
    is_path(value) || is_address(value) || is_version(value) || is_labelled_hash(value)
}

fn is_path(value: &[u8]) -> bool {
    let starts = [b"/".as_slice(), b"./", b"../", b"~/", b"C:\\", b"\\\\"];
    let slashes = value.iter().filter(|it| **it == b'/').count();
    let known = [
        ".pem",
        ".key",
        ".txt",
        ".json",
        ".yml",
        ".yaml",
        ".crt",
        ".cer",
        ".p12",
        ".jks",
        ".conf",
        ".cfg",
        ".ini",
        ".env",
        ".py",
        ".js",
        ".go",
        ".rs",
        ".java",
        ".php",
        ".rb",
        ".sh",
        ".html",
        ".xml",
        ".properties",
        ".pub",
        ".log",
        ".h",
        ".c",
        ".md",
    ];
    let lead = starts.iter().any(|it| value.starts_with(it));
    let extension = known.iter().any(|it| value.ends_with(it.as_bytes()));
    let digits = value.iter().any(u8::is_ascii_digit);
    lead && (slashes > 1 || extension || !digits)
        || extension
        || slashes >= 3 && !random::looks_random(value, 30)
}

fn is_address(value: &[u8]) -> bool {
    if bytes::find(value, b"://").is_some() {
        return true;
    }
    let at = value.iter().position(|it| *it == b'@');
    let email = at.is_some_and(|it| it > 0 && bytes::slice(value, it, value.len()).contains(&b'.'));
    let host = [".com", ".org", ".net", ".io", ".dev", ".local", ".svc"];
    email && value.iter().all(|it| Set::ALNUM.with(b"@._+-").has(*it))
        || host.iter().any(|it| value.ends_with(it.as_bytes()))
}

fn is_version(value: &[u8]) -> bool {
    // Some tokens start with the version of their form.
    if value.len() > 64 {
        return false;
    }
    let rest = value.strip_prefix(b"v").unwrap_or(value);
    let numbers = Set::DIGIT.with(b".");
    let end = bytes::run_end(rest, 0, numbers, rest.len());
    let head = bytes::slice(rest, 0, end);
    let dated = Set::DIGIT.with(b".:-/+ TZ");
    head.first().is_some_and(u8::is_ascii_digit)
        && head.contains(&b'.')
        && !bytes::slice(rest, end, end + 1).first().is_some_and(u8::is_ascii_alphabetic)
        || rest.len() >= 8
            && rest.iter().all(|it| dated.has(*it))
            && !rest.iter().all(u8::is_ascii_digit)
}

fn is_labelled_hash(value: &[u8]) -> bool {
    let labels = [
        b"sha256:".as_slice(),
        b"sha512:",
        b"sha1:",
        b"md5:",
        b"sha256-",
        b"sha384-",
        b"sha512-",
        b"ssh-rsa ",
        b"ssh-ed25519 ",
        b"pk_live_",
        b"pk_test_",
        b"phc_",
        b"sb_publishable_",
    ];
    labels.iter().any(|it| value.starts_with(it))
}

/// Whether words before a value say that it is a hash of something.
#[inline(never)]
pub(crate) fn is_hash_context(before: &[u8]) -> bool {
    let words = [
        "sha1",
        "sha256",
        "sha512",
        "sha-",
        "commit",
        "checksum",
        "digest",
        "md5",
        "integrity",
        "revision",
        "fingerprint",
        "etag",
        "hash",
        "gitref",
        ".tgz",
        ".tar",
    ];
    bytes::holds_any(before, &words, true)
}

/// Whether a value is made of words, as identifiers and prose are: no secret, unless a person
/// chose it as a password.
#[inline(never)]
pub(crate) fn is_identifier(value: &[u8]) -> bool {
    let parts = value.split(|it| Set::EMPTY.with(b"_-. ").has(*it));
    let wordy = |part: &[u8]| {
        part.iter().all(u8::is_ascii_alphabetic) || part.iter().all(u8::is_ascii_digit)
    };
    let humps = value
        .iter()
        .zip(value.iter().skip(1))
        .filter(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
        .count();
    parts.clone().all(wordy)
        && (parts.count() > 1
            || humps > 0
            || value.iter().all(|it| it.is_ascii_uppercase() || *it == b'_'))
        && !random::looks_random(value, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_told_from_values() {
        let cases = [
            ("changeme", Some(Example::Word)),
            ("your_api_key_here", Some(Example::Word)),
            ("AKIAEXAMPLE", Some(Example::Word)),
            ("aaaaaaaaaaaa", Some(Example::Repeat)),
            ("000000000000", Some(Example::Repeat)),
            ("abcdefghijklmnop", Some(Example::Sequence)),
            ("k1234567890z", Some(Example::Sequence)),
            ("5us4rjh9ebxtblpi3cnw2hq0", None),
            ("hunter22", None),
        ];
        for (value, expected) in cases {
            assert_eq!(example(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn references_and_other_forms_are_told_from_values() {
        for value in
            ["$VAR", "${VAR}", "{{ x }}", "<token>", "%PASS%", "$(cat x)", "process.env.X", ""]
        {
            assert!(is_reference(value.as_bytes()), "{value}");
        }
        for value in
            ["/run/secrets/x", "./key.pem", "https://a.b/c", "1.2.3-alpine", "sha256:ab", "a@b.com"]
        {
            assert!(is_other_form(value.as_bytes()), "{value}");
        }
        for value in ["super$ecret", "Pass!12345", "p@ss/w0rd", "5us4rjh9ebxtblpi"] {
            assert!(!is_reference(value.as_bytes()) && !is_other_form(value.as_bytes()), "{value}");
        }
        assert!(is_identifier(b"get_user_password") && !is_identifier(b"hunter22"));
    }
}
