//! `name = value` in any notation, where the name speaks of a secret: the guesses. A guess is
//! marked likely and is never more than medium.

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::candidates;
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::{Confidence, Encoding, Verification};
use crate::names::{self, Name};
use crate::placeholder::{self, Example};
use crate::random;
use crate::structure::close;
use crate::table::{self, Severity};
use crate::vendor::token_end;
use crate::verify::{base64_decode, hex_decode, is_uuid, percent_decode};

/// Longest name and longest value that are read.
const NAME: usize = 80;
const VALUE: usize = 512;

/// How name and value are joined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Join {
    /// A sign of assignment.
    Assign,
    /// A colon.
    Colon,
    /// A comparison.
    Compare,
    /// A call or a list: `set_password("…")`, `('API_KEY', '…')`.
    Call,
    /// Blanks only.
    Blank,
    /// The value hangs on the name: `name-VALUE`.
    Hyphen,
    /// An XML element.
    Element,
}

/// A name, its value, and how they stand.
struct Pair<'a> {
    name: &'a [u8],
    value: Range<usize>,
    join: Join,
    quoted: bool,
    /// The name is the end of a path.
    in_path: bool,
    /// Blanks around the sign, as code has them and settings files often have not.
    spaced: bool,
}

#[inline(never)]
pub(crate) fn read(window: &Window<'_>, word: Range<usize>, out: &mut Findings) {
    let hay = window.bytes;
    let name_end = name_end(hay, word.end);
    out.steps += u64::try_from(name_end - word.start).unwrap_or_default();
    let Some((join, value_start, spaced)) = joint(hay, &word, name_end) else { return };
    let Some((value, quoted)) = value_at(hay, value_start, join) else { return };
    let name_start = bytes::run_start(hay, word.start, Set::WORD.with(b"-."), NAME);
    let name = bytes::slice(hay, name_start, name_end);
    let in_path = bytes::before(hay, name_start) == Some(b'/');
    let pair = Pair { name, value, join, quoted, in_path, spaced };
    out.steps += u64::try_from(pair.value.len() + name.len()).unwrap_or_default();
    let text = bytes::slice(hay, pair.value.start, pair.value.end);
    if text.len() < 3 {
        return;
    }
    if out.profile.is_some_and(|it| it.holds(name)) {
        profiled(window, &pair, out);
        return;
    }
    if placeholder::is_reference(text) || out.hints.lock_file {
        return;
    }
    if connection_string(window, &pair, out) {
        return;
    }
    judge(window, &pair, out);
}

/// The end of a name: letters, digits and `_`, and `-` or `.` where another part follows that is
/// no value.
fn name_end(hay: &[u8], from: usize) -> usize {
    let mut end = bytes::run_end(hay, from, Set::WORD, NAME);
    for _ in 0..8 {
        if !bytes::at(hay, end).is_some_and(|it| it == b'-' || it == b'.') {
            return end;
        }
        let part = bytes::run_end(hay, end + 1, Set::WORD, NAME);
        let piece = bytes::slice(hay, end + 1, part);
        if piece.is_empty()
            || piece.len() >= 12 && random::looks_random(piece, 12)
            || piece.len() == 8 && random::is_hex(piece)
        {
            return end;
        }
        end = part;
    }
    end
}

/// What joins the name that ends at `end` to a value, and where the value starts.
fn joint(hay: &[u8], word: &Range<usize>, end: usize) -> Option<(Join, usize, bool)> {
    let closers = Set::EMPTY.with(b"\"'`])\\");
    let closed = bytes::run_end(hay, end, closers, 4);
    let sign = bytes::run_end(hay, closed, Set::BLANK, 24);
    let rest = bytes::slice(hay, sign, sign + 4);
    let quoted_name = closed > end;
    // `name="password" value="…"` comes before all else: a blank alone joins too.
    if quoted_name && let Some(found) = attribute(hay, end, closed) {
        return Some(found);
    }
    let (join, length) = match rest {
        [b'=', b'=', b'=', ..] | [b'!', b'=', b'=', ..] => (Join::Compare, 3),
        [b'=', b'=', ..] | [b'!', b'=', ..] => (Join::Compare, 2),
        [b'=', b'>', ..]
        | [b':', b'=', ..]
        | [b'?', b'=', ..]
        | [b'+', b'=', ..]
        | [b'<', b'=', ..]
        | [b':', b'>', ..] => (Join::Assign, 2),
        [b'=', b'~', ..] => return None,
        [b'=', ..] => (Join::Assign, 1),
        [b':', b':', b':', b'=', ..] => (Join::Assign, 4),
        [b':', b':', b'=', ..] | [b'|', b'|', b'=' | b':', ..] => (Join::Assign, 3),
        [b':', b':', ..] => return None,
        [b':', ..] => (Join::Colon, 1),
        [b',', ..] if quoted_name => (Join::Call, 1),
        [b'(', ..] if !quoted_name => (Join::Call, 1),
        [b'>', ..] if !quoted_name => (Join::Element, 1),
        [b'-', b'>', ..] => return None,
        // `the password is 'word'` in a message.
        [b'i', b's', b' ', b'\'' | b'"', ..] if sign > end => (Join::Compare, 2),
        [b'-' | b'.', ..] if sign == end => (Join::Hyphen, 1),
        [first, ..] if sign > closed && (Set::ALNUM.has(*first) || b"\"'".contains(first)) => {
            (Join::Blank, 0)
        }
        _ => return None,
    };
    if join == Join::Element && !is_element(hay, word) {
        return None;
    }
    let start = bytes::run_end(hay, sign + length, Set::BLANK, 40);
    let spaced = sign > closed && start > sign + length;
    Some((join, start, spaced))
}

/// `name="password" value="…"` of XML and HTML.
fn attribute(hay: &[u8], end: usize, closed: usize) -> Option<(Join, usize, bool)> {
    let rest = bytes::slice(hay, closed, closed + 24);
    let value = rest.trim_ascii_start().strip_prefix(b"value=")?;
    (closed > end).then(|| (Join::Assign, closed + rest.len() - value.len(), false))
}

/// Whether the word is in a tag: `<password`, `<api.Key`.
fn is_element(hay: &[u8], word: &Range<usize>) -> bool {
    let start = bytes::run_start(hay, word.start, Set::WORD.with(b"-.:"), NAME);
    bytes::before(hay, start) == Some(b'<')
}

/// The value that starts at `at`, and whether it is quoted.
fn value_at(hay: &[u8], at: usize, join: Join) -> Option<(Range<usize>, bool)> {
    // `= new String("…")`, `b"…"` and the like: one short word may stand before the quote.
    let prefix = bytes::run_end(hay, at, Set::ALPHA.with(b"@"), 2);
    let escaped = bytes::at(hay, prefix) == Some(b'\\');
    let open = prefix + usize::from(escaped);
    match bytes::at(hay, open)? {
        quote @ (b'"' | b'\'' | b'`') => {
            let start = open + 1;
            let end = close(hay, start, quote, VALUE, escaped);
            let ends = bytes::at(hay, end + usize::from(escaped)) == Some(quote);
            (ends && end >= start).then(|| (bare(hay, start..end), true))
        }
        _ if join == Join::Element => {
            let start = bytes::run_end(hay, at, Set::SPACE, 20);
            let set = Set::SPACE.with(b"<>\0").not();
            let end = bytes::run_end(hay, start, set, VALUE);
            let tail = bytes::run_end(hay, end, Set::SPACE, 20);
            (bytes::starts(hay, tail, b"</")).then_some((start..end, false))
        }
        _ if join == Join::Call => None,
        _ if join == Join::Hyphen => Some((at..token_end(hay, at), false)),
        _ => {
            let set = Set::SPACE.with(b"\"'`,;<>&()[]\\\0").not();
            let end = bytes::run_end(hay, at, set, VALUE);
            // A call, an index or a generic type is code, not a value.
            let code = bytes::at(hay, end).is_some_and(|it| b"([<".contains(&it));
            let trailing = bytes::slice(hay, at, end)
                .iter()
                .rev()
                .take_while(|it| b".:}".contains(it))
                .count();
            (!code).then_some((at..end - trailing, false))
        }
    }
}

/// A quoted value without a second pair of quotes inside it, as generated code has.
fn bare(hay: &[u8], value: Range<usize>) -> Range<usize> {
    let quotes = Set::EMPTY.with(b"\\\"'");
    let start = bytes::run_end(hay, value.start, quotes, 3.min(value.len()));
    let end = bytes::run_start(hay, value.end, quotes, 3.min(value.end - start));
    start..end
}

/// A value whose name is a secret's in this very file.
fn profiled(window: &Window<'_>, pair: &Pair<'_>, out: &mut Findings) {
    let Some(kind) = out.profile.and_then(|it| table::kind(it.kind)) else { return };
    let text = bytes::slice(window.bytes, pair.value.start, pair.value.end);
    if placeholder::is_reference(text) && !text.starts_with(b"{")
        || text == b"null"
        || text == b"true"
        || text == b"false"
    {
        return;
    }
    let mut it = Candidate::new(kind, Rank::Header, pair.value.clone());
    it.verification = Verification::Structure;
    it.password = true;
    it.name = Some(pair.name);
    // Maven's own encryption.
    if text.starts_with(b"{") && text.ends_with(b"}") {
        it.verification = Verification::Encrypted;
    } else if placeholder::is_whole_word(text) {
        it.verification = Verification::DefaultLogin;
    }
    decode(window, &pair.value, out);
    out.report(window, it);
}

/// `Server=…;User Id=…;Password=…` and JDBC URLs.
fn connection_string(window: &Window<'_>, pair: &Pair<'_>, out: &mut Findings) -> bool {
    const KEYS: [&[u8]; 10] = [
        b"server=",
        b"data source=",
        b"user id=",
        b"uid=",
        b"host=",
        b"database=",
        b"initial catalog=",
        b"dsn=",
        b"driver=",
        b"username=",
    ];
    let last = pair.name.rsplit(|it| !it.is_ascii_alphanumeric()).next().unwrap_or_default();
    let named = [b"password".as_slice(), b"pwd"].iter().any(|it| last.eq_ignore_ascii_case(it));
    if !named || !matches!(pair.join, Join::Assign | Join::Colon) || pair.quoted {
        return false;
    }
    let hay = window.bytes;
    let name_start = pair.value.start.saturating_sub(pair.name.len() + 3);
    let (line, _) = bytes::line(hay, name_start, 300);
    let before = bytes::slice(hay, line, name_start + 1);
    let jdbc = bytes::find(before, b"jdbc:").is_some();
    let semicolon = before.contains(&b';') || bytes::at(hay, pair.value.end) == Some(b';');
    if !jdbc && (!semicolon || !KEYS.iter().any(|it| bytes::contains_fold(before, it))) {
        return false;
    }
    let end = bytes::run_end(hay, pair.value.start, Set::EMPTY.with(b";\"'<\\\n\r\0&").not(), 120);
    let text = bytes::slice(hay, pair.value.start, end);
    let Some(kind) = table::kind(if jdbc { "connstr-jdbc" } else { "connstr-adonet" }) else {
        return false;
    };
    if text.len() < 3 || placeholder::is_reference(text) {
        return true;
    }
    let mut it = Candidate::new(kind, Rank::Header, pair.value.start..end);
    it.password = true;
    it.confidence = Confidence::Likely;
    it.severity = Severity::Medium;
    let stars = text.iter().all(|it| b"*#x.".contains(it));
    if stars
        || placeholder::is_whole_word(text)
        || contains_word(text, b"mypassword")
        || placeholder::example(text) == Some(Example::Word)
    {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
    true
}

fn contains_word(text: &[u8], word: &[u8]) -> bool {
    bytes::contains_fold(text, word)
}

/// What the name and the value say together.
#[inline(never)]
fn judge(window: &Window<'_>, pair: &Pair<'_>, out: &mut Findings) {
    let text = bytes::slice(window.bytes, pair.value.start, pair.value.end);
    let random = random::looks_random(text, 12);
    let uuid = !random && is_uuid(text);
    let example = placeholder::example(text);
    // Prose and code have a word for a secret on every page: the cheap questions come first.
    if !random && !uuid && !pair.quoted && pair.join == Join::Blank && example.is_none() {
        return;
    }
    let name = String::from_utf8_lossy(pair.name);
    let judged = names::in_text(&name);
    if judged == Name::About || judged == Name::Pointer || placeholder::is_other_form(text) {
        return;
    }
    let token = text.iter().all(|it| Set::ALNUM.with(b"_-+/=.~:").has(*it));
    if (random || uuid) && token {
        random_value(window, pair, judged, example, out);
    } else if matches!(judged, Name::Password | Name::Secret) && pair.quoted && is_strong(text) {
        let Some(kind) = table::kind("generic-high-entropy") else { return };
        out.report(window, guess(kind, pair, Severity::Medium));
    } else if judged == Name::Password {
        password(window, pair, out);
    } else if token && (judged == Name::Secret || example.is_some() && names::is_any_key(&name)) {
        plain_value(window, pair, example, out);
    }
}

/// Whether a value with punctuation is a strong password or a key of a wide alphabet.
fn is_strong(text: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| text.iter().any(test);
    text.len() >= 16
        && text.iter().all(u8::is_ascii_graphic)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && random::entropy_tenths(text) >= 38
        && random::wordiness(text) < -5
        && !text.contains(&b'(')
        && bytes::find(text, b"{{").is_none()
}

/// A value that a generator made.
#[inline(never)]
fn random_value(
    window: &Window<'_>,
    pair: &Pair<'_>,
    judged: Name,
    example: Option<Example>,
    out: &mut Findings,
) {
    let text = bytes::slice(window.bytes, pair.value.start, pair.value.end);
    let (line, _) = bytes::line(window.bytes, pair.value.start, 80);
    if placeholder::is_hash_context(bytes::slice(window.bytes, line, pair.value.start)) {
        return;
    }
    let secret = matches!(judged, Name::Password | Name::Secret);
    let long = text.len() >= 20 || is_uuid(text);
    // Under a name that does not speak of a secret, hexadecimal digits are ids and sums.
    let hex = random::is_hex(text.strip_prefix(b"0x").unwrap_or(text));
    let severity = match (pair.join, secret) {
        (Join::Assign | Join::Colon | Join::Element, true) => Severity::Medium,
        (Join::Call | Join::Compare, true) => Severity::Medium,
        (Join::Blank | Join::Hyphen, true) if text.len() >= 16 && ends_in_secret(pair) => {
            Severity::Low
        }
        (Join::Assign | Join::Colon, false) if long && !hex && !is_plain_key(pair.name) => {
            Severity::Low
        }
        (Join::Assign | Join::Colon | Join::Blank | Join::Hyphen | Join::Element, _)
            if text.len() >= 16 =>
        {
            Severity::Note
        }
        _ => return,
    };
    let Some(kind) = table::kind("generic-high-entropy") else { return };
    let mut it = guess(kind, pair, severity);
    if candidates::is_cut_token(text) {
        // The prefix of a known kind, but not its form: cut off, or made up.
        it.severity = it.severity.max(Severity::Low);
    }
    if let Some(why) = example {
        it.verification = Verification::Example(why);
    }
    decode(window, &pair.value, out);
    out.report(window, it);
}

/// Whether the word for a secret is the last of the name, and the name is no part of a path.
fn ends_in_secret(pair: &Pair<'_>) -> bool {
    const WORDS: [&[u8]; 9] = [
        b"key",
        b"token",
        b"secret",
        b"password",
        b"passwd",
        b"pass",
        b"access",
        b"private",
        b"auth",
    ];
    let lower = pair.name.to_ascii_lowercase();
    !pair.in_path && WORDS.iter().any(|it| lower.ends_with(it))
}

/// `key` and `access` alone say nothing: caches and maps have keys.
fn is_plain_key(name: &[u8]) -> bool {
    let last = name.rsplit(|it| *it == b'.' || *it == b'-').next().unwrap_or(name);
    [b"key".as_slice(), b"keys", b"access", b"private", b"auth", b"id_key"]
        .iter()
        .any(|it| last.eq_ignore_ascii_case(it))
}

/// A password that a person made up.
#[inline(never)]
fn password(window: &Window<'_>, pair: &Pair<'_>, out: &mut Findings) {
    let text = bytes::slice(window.bytes, pair.value.start, pair.value.end);
    let blank = text.iter().any(|it| Set::SPACE.has(*it));
    let printable = text.iter().all(u8::is_ascii_graphic);
    let code = text.iter().any(|it| b"(){}[]<>".contains(it)) || bytes::find(text, b"->").is_some();
    if blank || !printable || code || !(4..=64).contains(&text.len()) {
        return;
    }
    if pair.join == Join::Call && !ends_in_secret(pair) {
        return;
    }
    let digit = text.iter().any(u8::is_ascii_digit);
    let special = text.iter().any(|it| b"!@#$%^&*?+=~".contains(it));
    // Outside quotes only what stands as settings files write it.
    let setting = !pair.spaced && matches!(pair.join, Join::Assign | Join::Colon | Join::Element);
    if !pair.quoted && !setting && !digit && !special {
        return;
    }
    if !pair.quoted && text.contains(&b'$')
        || text.starts_with(b"$")
        || text.starts_with(b"%")
        || text.starts_with(b"#")
        || text.starts_with(b"&")
    {
        return;
    }
    if !pair.quoted && pair.join != Join::Element && !is_setting(window.bytes, &pair.value) {
        return;
    }
    // `name:value` without a blank is a pair of something else: a package and its architecture.
    let tight = bytes::before(window.bytes, pair.value.start) == Some(b':');
    if !pair.quoted && pair.join == Join::Colon && tight {
        return;
    }
    let Some(kind) = table::kind("generic-password") else { return };
    let made_up =
        (digit || special) && !placeholder::is_identifier(text) && pair.join != Join::Blank;
    let mut it = guess(kind, pair, if made_up { Severity::Low } else { Severity::Note });
    it.password = true;
    if placeholder::is_whole_word(text)
        || placeholder::example(text) == Some(Example::Word)
        || placeholder::example(text) == Some(Example::Repeat)
    {
        it.verification = Verification::Example(Example::Word);
    }
    out.report(window, it);
}

/// Whether a value without quotes stands as settings files have it: up to the end of the line or
/// a blank, and neither a number nor an expression.
fn is_setting(hay: &[u8], value: &Range<usize>) -> bool {
    let text = bytes::slice(hay, value.start, value.end);
    let ends = bytes::at(hay, value.end).is_none_or(|it| b"\r\n #".contains(&it));
    let number = text.iter().all(u8::is_ascii_digit) || text.starts_with(b"0x");
    let expression = text.first().is_some_and(|it| b"*&-<>|@!:=+?~".contains(it));
    ends && !number && !expression
}

/// A value under a good name that does not look random: worth a note if it is one word.
fn plain_value(window: &Window<'_>, pair: &Pair<'_>, example: Option<Example>, out: &mut Findings) {
    let text = bytes::slice(window.bytes, pair.value.start, pair.value.end);
    let digit = text.iter().any(u8::is_ascii_digit);
    let settings = pair.quoted || matches!(pair.join, Join::Assign | Join::Colon) && !pair.spaced;
    let shaped = example.is_some() && (text.len() >= 10 && digit || text.len() >= 16);
    let wordy = || placeholder::is_identifier(text) && random::wordiness(text) > -12;
    let word = settings && text.len() >= 6 && (digit || pair.quoted) && !wordy();
    if !shaped && !word {
        return;
    }
    let Some(kind) = table::kind("generic-env-secret") else { return };
    let mut it = guess(kind, pair, Severity::Note);
    it.verification = Verification::Example(example.unwrap_or(Example::Word));
    decode(window, &pair.value, out);
    out.report(window, it);
}

fn guess<'a>(kind: &'static table::Kind, pair: &Pair<'a>, severity: Severity) -> Candidate<'a> {
    let mut it = Candidate::new(kind, Rank::Guess, pair.value.clone());
    it.confidence = Confidence::Likely;
    it.verification = Verification::Guess;
    it.severity = severity;
    it.name = Some(pair.name);
    it
}

/// Looks inside a value that is encoded, one level deep.
fn decode(window: &Window<'_>, value: &Range<usize>, out: &mut Findings) {
    let text = bytes::slice(window.bytes, value.start, value.end);
    if text.len() < 24 || out.literals_only {
        return;
    }
    let is_text =
        |raw: &[u8]| raw.iter().all(|it| it.is_ascii_graphic() || it.is_ascii_whitespace());
    if text.contains(&b'%') {
        crate::engine::nested(window, value.clone(), &percent_decode(text), Encoding::Percent, out);
    } else if random::is_hex(text) {
        if let Some(raw) = hex_decode(text).filter(|it| is_text(it)) {
            crate::engine::nested(window, value.clone(), &raw, Encoding::Hex, out);
        }
    } else if let Some(raw) = base64_decode(text).filter(|it| is_text(it)) {
        crate::engine::nested(window, value.clone(), &raw, Encoding::Base64, out);
    }
}
