//! Finds tokens of a few well-known kinds in the text of an input.
//!
//! Each kind has a fixed public beginning, so a match is hardly ever an accident. Sources: the
//! providers' own documentation of their token formats.

use report::{Input, Locus};
use text::{SourceId, Span};

use crate::Case;
use crate::case::Mask;
use crate::facts::{Reach, Secret, Seen};

struct TokenKind {
    title: &'static str,
    /// The public beginning, which may be shown.
    prefix: &'static str,
    /// The characters that follow it.
    body: fn(u8) -> bool,
    /// How many of them, at least and at most.
    length: (usize, usize),
}

fn alphanumeric(it: u8) -> bool {
    it.is_ascii_alphanumeric()
}

fn word(it: u8) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-')
}

fn upper(it: u8) -> bool {
    it.is_ascii_uppercase() || (b'2'..=b'7').contains(&it)
}

fn hex(it: u8) -> bool {
    it.is_ascii_digit() || (b'a'..=b'f').contains(&it)
}

const KINDS: &[TokenKind] = &[
    TokenKind { title: "AWS access key id", prefix: "AKIA", body: upper, length: (16, 16) },
    TokenKind {
        title: "GitHub personal access token",
        prefix: "ghp_",
        body: alphanumeric,
        length: (36, 36),
    },
    TokenKind { title: "GitHub OAuth token", prefix: "gho_", body: alphanumeric, length: (36, 36) },
    TokenKind { title: "GitHub app token", prefix: "ghs_", body: alphanumeric, length: (36, 36) },
    TokenKind {
        title: "GitHub fine-grained token",
        prefix: "github_pat_",
        body: word,
        length: (82, 82),
    },
    TokenKind {
        title: "GitLab personal access token",
        prefix: "glpat-",
        body: word,
        length: (20, 300),
    },
    TokenKind { title: "npm access token", prefix: "npm_", body: alphanumeric, length: (36, 36) },
    TokenKind {
        title: "PyPI upload token",
        prefix: "pypi-AgEIcHlwaS5vcmc",
        body: word,
        length: (50, 1000),
    },
    TokenKind { title: "Slack bot token", prefix: "xoxb-", body: word, length: (40, 80) },
    TokenKind { title: "Slack user token", prefix: "xoxp-", body: word, length: (40, 100) },
    TokenKind {
        title: "Stripe live secret key",
        prefix: "sk_live_",
        body: alphanumeric,
        length: (24, 247),
    },
    TokenKind { title: "Google API key", prefix: "AIza", body: word, length: (35, 35) },
    TokenKind {
        title: "DigitalOcean access token",
        prefix: "dop_v1_",
        body: hex,
        length: (64, 64),
    },
];

/// Finds tokens and private keys in a part of a source, masks them and notes them.
pub(super) fn read(case: &mut Case, source: SourceId, part: Span, via: Input) {
    case.searched.insert(source);
    let start = part.start();
    let text = case.text(source).get(part.range()).unwrap_or_default();
    let mut found: Vec<(Span, Secret)> = tokens(text).collect();
    found.extend(private_keys(text));
    found.sort();
    for (span, secret) in found {
        let span = Span::new(span.start() + start, span.end() + start);
        let at = Locus::Text { source, span };
        let value = case.text(source).get(span.range()).unwrap_or_default().to_owned();
        case.masks.push(Mask { source, span, value, shown: secret.masked.clone() });
        case.facts.secrets.push(Seen { value: Ok(secret), at, via, reach: Reach::Image });
    }
}

fn tokens(text: &str) -> impl Iterator<Item = (Span, Secret)> {
    stretches(text.as_bytes()).filter_map(|it| KINDS.iter().find_map(|kind| token(text, it, kind)))
}

/// As long as the shortest token, its beginning included.
const SHORTEST: usize = 20;

/// Where stretches of word characters start that are long enough for a token: it always takes one
/// as a whole. One byte in so many is looked at, for no such stretch lies between two of them.
fn stretches(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut at = SHORTEST - 1;
    std::iter::from_fn(move || {
        loop {
            let (before, behind) = text.split_at_checked(at)?;
            let behind = behind.iter().take_while(|it| word(**it)).count();
            if behind == 0 {
                text.get(at)?;
                at += SHORTEST;
                continue;
            }
            let before = before.iter().rev().take_while(|it| word(**it)).count();
            let start = at - before;
            at += behind + SHORTEST;
            if before + behind >= SHORTEST {
                return Some(start);
            }
        }
    })
}

fn is_blank(it: char) -> bool {
    it.is_whitespace()
}

/// The token of a kind that starts at a place.
fn token(text: &str, start: usize, kind: &TokenKind) -> Option<(Span, Secret)> {
    let rest = text.as_bytes().get(start..)?.strip_prefix(kind.prefix.as_bytes())?;
    let before = start.checked_sub(1).and_then(|it| text.as_bytes().get(it)).copied();
    let length = rest.iter().take(kind.length.1 + 1).take_while(|it| (kind.body)(**it)).count();
    // Part of a longer word, or not of the right length: something else.
    if before.is_some_and(word) || length < kind.length.0 || length > kind.length.1 {
        return None;
    }
    if rest.get(length).copied().is_some_and(word) {
        return None;
    }
    let span = Span::of(start..start + kind.prefix.len() + length);
    let value = text.get(span.range())?;
    let masked = format!("{}\u{2026} ({} characters)", kind.prefix, value.len());
    let fingerprint = fingerprint(value);
    let secret = Secret { title: kind.title, masked, fingerprint };
    (!is_placeholder(value.get(kind.prefix.len()..)?)).then_some((span, secret))
}

const KEY_BEGIN: &str = "-----BEGIN ";
const KEY_END: &str = "-----END ";

/// Private keys in PEM armor, from their first line to their last.
fn private_keys(text: &str) -> impl Iterator<Item = (Span, Secret)> {
    text.match_indices(KEY_BEGIN).filter_map(move |(start, _)| {
        let rest = text.get(start..)?;
        let label = rest.get(KEY_BEGIN.len()..)?.split("-----").next()?;
        if label.len() > 40 || !label.ends_with("PRIVATE KEY") {
            return None;
        }
        // A first line without a body is somebody talking about keys.
        let end = rest.find(KEY_END).filter(|it| *it < 20_000)?;
        let body = rest.get(KEY_BEGIN.len() + label.len()..end)?;
        if body.bytes().filter(|it| it.is_ascii_alphanumeric()).count() < 100 {
            return None;
        }
        let tail = rest.get(end + KEY_END.len()..)?;
        let length = end + KEY_END.len() + tail.find("-----").map_or(0, |it| it + 5);
        let masked = format!("-----BEGIN {label}----- \u{2026}");
        // Line ends may be escaped: the same key is told in different ways.
        let fingerprint =
            fingerprint(&body.replace("\\r", "").replace("\\n", "").replace(is_blank, ""));
        let secret = Secret { title: "Private key", masked, fingerprint };
        Some((Span::of(start..start + length), secret))
    })
}

/// Values from documentation and templates: one character over and over, a run of the alphabet,
/// or a word that says so.
fn is_placeholder(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    let words = [
        "example",
        "placeholder",
        "xxxx",
        "0000",
        "1234567890",
        "abcdefghij",
        "your",
        "dummy",
        "fake",
    ];
    let mut distinct: Vec<u8> = body.bytes().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() <= 4 || words.iter().any(|it| lower.contains(it))
}

/// FNV-1a. It only tells values of one case apart and never leaves the engine.
fn fingerprint(value: &str) -> u64 {
    value.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        tokens(text).map(|(_, it)| it.title).collect()
    }

    /// Assembled, so that this file holds nothing that looks like a token.
    fn token(prefix: &str, length: usize) -> String {
        let letters = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0";
        prefix.to_owned() + &letters.repeat(3)[..length]
    }

    #[test]
    fn every_kind_takes_a_stretch() {
        for kind in KINDS {
            assert!(kind.prefix.len() + kind.length.0 >= SHORTEST, "{}", kind.title);
            assert!(kind.prefix.bytes().all(word), "{}", kind.title);
            assert!((0..=255).all(|it| word(it) || !(kind.body)(it)), "{}", kind.title);
        }
        let long = "x".repeat(SHORTEST);
        for gap in 0..3 * SHORTEST {
            let text = format!("{}{long} {} {long}y", " ".repeat(gap), "-".repeat(SHORTEST - 1));
            let found: Vec<usize> = stretches(text.as_bytes()).collect();
            assert_eq!(found, [gap, gap + 2 * SHORTEST + 1]);
        }
        assert_eq!(stretches(long.as_bytes()).count(), 1);
        assert_eq!(stretches(&long.as_bytes()[1..]).count(), 0);
    }

    #[test]
    fn tokens_are_found_whole_and_only_whole() {
        let github = token("ghp_", 36);
        assert_eq!(found(&format!("x={github} y")), ["GitHub personal access token"]);
        assert_eq!(found(&format!("x={github}Z")), [""; 0]);
        assert_eq!(found(&format!("a{github}")), [""; 0]);
        assert_eq!(found(&format!("ghp_{}", "x".repeat(36))), [""; 0]);
        assert_eq!(found("AKIAIOSFODNN7EXAMPLE"), [""; 0]);
    }

    #[test]
    fn keys_need_a_body() {
        let key = format!(
            "{KEY_BEGIN}RSA PRIVATE KEY-----\n{}\n{KEY_END}RSA PRIVATE KEY-----\n",
            "aB3x".repeat(64)
        );
        assert_eq!(private_keys(&key).count(), 1);
        assert_eq!(private_keys("-----BEGIN RSA PRIVATE KEY-----").count(), 0);
        assert_eq!(private_keys(&key.replace("PRIVATE", "PUBLIC")).count(), 0);
    }
}
