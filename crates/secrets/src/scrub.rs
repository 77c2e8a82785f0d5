//! Takes found secrets out of other strings, in every form they may have there and in pieces. The
//! values stay in here: nothing of this type can be printed, read or serialized.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::bytes;
use crate::verify::base64_encode;

/// Most bytes of values that are kept; a hostile input cannot make it grow beyond that.
pub(crate) const MOST_BYTES: usize = 4 << 20;
/// A piece of a value of so many bytes is hidden wherever it stands. Shorter values could be any
/// word and are hidden where they are set only.
const PIECE: usize = 5;
/// The same for encoded forms, which look like other encoded text.
const ENCODED_PIECE: usize = 8;
/// Longer values are not looked for in encoded forms: they are found there by themselves.
const LONGEST_ENCODED: usize = 512;
/// With more pieces than this, encoded forms are no longer looked for.
const MOST_PIECES: usize = 1 << 18;
/// What stands for a piece of a value.
const PIECE_MASK: &str = "\u{2026}";

/// The values of found secrets, for hiding them. Deliberately without `Clone` or any way to look
/// inside.
#[derive(Default)]
pub struct Scrubber {
    values: BTreeMap<Vec<u8>, Held>,
    held: usize,
    /// Words of passwords that stand openly in the texts too, in lower case.
    open: BTreeSet<String>,
    index: OnceLock<Index>,
}

/// What is known of a value.
struct Held {
    /// What is shown instead of it.
    mask: String,
    /// Whether a person may have chosen it, from words that stand elsewhere as well.
    password: bool,
}

impl Held {
    /// Whether words of the value may stand openly elsewhere. A value that is one word has none.
    fn is_made_of_words(&self, value: &[u8]) -> bool {
        self.password && !value.iter().all(u8::is_ascii_alphabetic)
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber").finish_non_exhaustive()
    }
}

impl Scrubber {
    /// A scrubber that hides nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what another one hides.
    pub fn merge(&mut self, other: Self) {
        for (value, it) in other.values {
            self.add(&value, &it.mask, it.password);
        }
        self.open.extend(other.open);
    }

    /// Hides a value that the caller knows to be a secret. `mask`: what is shown instead.
    pub fn hide(&mut self, value: &str, mask: &str) {
        self.add(value.as_bytes(), mask, true);
    }

    pub(crate) fn add(&mut self, value: &[u8], mask: &str, password: bool) {
        if value.len() < PIECE || self.held + value.len() > MOST_BYTES {
            return;
        }
        match self.values.get_mut(value) {
            Some(it) => it.password &= password,
            None => {
                self.held += value.len();
                self.values.insert(value.to_vec(), Held { mask: mask.to_owned(), password });
            }
        }
        self.index = OnceLock::new();
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Notes the words that a text has openly. A password that is made of the name of the project
    /// is hidden, the name of the project is not. `hidden`: what is masked in it in any case.
    pub fn open_words(&mut self, text: &str, hidden: impl IntoIterator<Item = Range<usize>>) {
        let values = self.values.iter().filter(|(value, it)| it.is_made_of_words(value));
        let words: BTreeSet<String> =
            values.flat_map(|(value, _)| words_of(value)).map(|(_, it)| it).collect();
        if words.is_empty() {
            return;
        }
        let is_word = |it: &Range<usize>| {
            let bytes = text.as_bytes().get(it.clone()).unwrap_or_default();
            bytes.iter().all(u8::is_ascii_alphabetic)
        };
        // A word alone is not the value.
        let mut places: Vec<Range<usize>> = self
            .index()
            .regions(text.as_bytes())
            .into_iter()
            .filter_map(|(it, form)| (form.is_some() || !is_word(&it)).then_some(it))
            .collect();
        places.extend(hidden);
        places.sort_by_key(|it| it.start);
        for (range, word) in words_of(text.as_bytes()) {
            let end = places.partition_point(|it| it.start < range.end);
            let is_hidden = places.get(..end).unwrap_or_default().iter().rev().take(64);
            let is_hidden = is_hidden.into_iter().any(|it| it.end > range.start);
            if words.contains(&word) && !is_hidden {
                self.open.insert(word);
            }
        }
        self.index = OnceLock::new();
    }

    /// Where values and pieces of them stand in a text, in order, and what is shown there: as they
    /// are in any case of letters, in base64 at any offset, in hexadecimal, percent-encoded, and
    /// escaped as JSON, HTML and shells do.
    pub fn places<'a>(&'a self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        if self.values.is_empty() {
            return Vec::new();
        }
        self.find(text)
    }

    /// The text without any of the values.
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let places = self.places(text);
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for (range, mask) in places {
            out.push_str(text.get(done..range.start).unwrap_or_default());
            out.push_str(mask);
            done = range.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.values, &self.open))
    }

    fn find<'a>(&'a self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        let index = self.index();
        let mask = |(range, form): (Range<usize>, Option<u32>)| {
            let value = form.and_then(|it| index.forms.get(it as usize)).map(|it| it.value);
            let held = value.and_then(|it| self.values.values().nth(it));
            (widened(text, range), held.map_or(PIECE_MASK, |it| it.mask.as_str()))
        };
        index.regions(text.as_bytes()).into_iter().map(mask).collect()
    }
}

/// A range grown to whole characters.
fn widened(text: &str, range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// The words of a text that are as long as a piece, in lower case, with their places.
fn words_of(text: &[u8]) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut at = 0;
    let next = move || {
        let start = at + text.get(at..)?.iter().position(u8::is_ascii_alphabetic)?;
        let rest = text.get(start..)?;
        let length = rest.iter().position(|it| !it.is_ascii_alphabetic()).unwrap_or(rest.len());
        at = start + length;
        let word = rest.get(..length)?.iter().map(|it| char::from(it.to_ascii_lowercase()));
        Some((start..at, word.collect::<String>()))
    };
    std::iter::from_fn(next).filter(|(range, _)| range.len() >= PIECE)
}

/// Marks the piece of a word that stands openly too: it is hidden only as part of more.
const OPEN: u32 = 1 << 31;

/// A way a value may be written.
struct Form {
    /// Number of the value.
    value: usize,
    length: usize,
}

/// Pieces of all forms of all values.
struct Index {
    forms: Vec<Form>,
    /// Pieces of the values as they are, in lower case, each with the number of its form.
    plain: Pieces,
    /// Pieces of the other forms.
    encoded: Pieces,
}

impl Index {
    fn of(values: &BTreeMap<Vec<u8>, Held>, open: &BTreeSet<String>) -> Self {
        let mut index = Self {
            forms: Vec::new(),
            plain: Pieces::new(PIECE),
            encoded: Pieces::new(ENCODED_PIECE),
        };
        for (number, (value, held)) in values.iter().enumerate() {
            let form = index.form(number, value.len());
            let words = words_of(value).filter(|_| held.is_made_of_words(value));
            let words: Vec<Range<usize>> =
                words.filter(|it| open.contains(&it.1)).map(|it| it.0).collect();
            let lower = value.to_ascii_lowercase();
            for (at, piece) in lower.windows(PIECE).enumerate() {
                let is_open = words.iter().any(|it| it.start <= at && at + PIECE <= it.end);
                let is_line = piece.iter().all(|it| Some(it) == piece.first());
                if !is_line {
                    index.plain.add(piece, if is_open { form | OPEN } else { form });
                }
            }
        }
        for (number, value) in values.keys().enumerate() {
            if value.len() > LONGEST_ENCODED || index.encoded.all.len() > MOST_PIECES {
                continue;
            }
            for text in encoded_forms(value) {
                let form = index.form(number, text.len());
                // What an escape leaves alone is a piece of the value as it is.
                let changed = |piece: &&[u8]| bytes::find(value, piece).is_none();
                for piece in text.windows(ENCODED_PIECE).filter(changed) {
                    index.encoded.add(piece, form);
                }
            }
        }
        index.plain.sort();
        index.encoded.sort();
        index
    }

    fn form(&mut self, value: usize, length: usize) -> u32 {
        self.forms.push(Form { value, length });
        u32::try_from(self.forms.len() - 1).unwrap_or(u32::MAX)
    }

    /// Where pieces stand in a row, each with the longest form that stands there whole.
    fn regions(&self, text: &[u8]) -> Vec<(Range<usize>, Option<u32>)> {
        let lower = text.to_ascii_lowercase();
        let mut found = self.runs(&self.plain, &lower);
        found.extend(self.runs(&self.encoded, text));
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut out: Vec<(Range<usize>, Option<u32>)> = Vec::new();
        for (range, form) in found {
            match out.last_mut() {
                Some((last, _)) if range.end <= last.end => {}
                Some((last, _)) if range.start < last.end => last.end = range.end,
                _ => out.push((range, form)),
            }
        }
        out
    }

    fn runs(&self, pieces: &Pieces, text: &[u8]) -> Vec<(Range<usize>, Option<u32>)> {
        let mut out: Vec<(Range<usize>, Option<u32>)> = Vec::new();
        let mut first: &[(u64, u32)] = &[];
        let mut is_open = false;
        for (at, window) in text.windows(pieces.size).enumerate() {
            let here = pieces.named(window);
            if here.is_empty() {
                continue;
            }
            let here_open = here.iter().all(|it| it.1 & OPEN != 0);
            match out.last_mut() {
                Some((last, form)) if at < last.end => {
                    last.end = at + pieces.size;
                    *form = self.whole(first, last.len()).or(*form);
                    is_open &= here_open;
                }
                _ => {
                    out.pop_if(|_| is_open);
                    (first, is_open) = (here, here_open);
                    out.push((at..at + pieces.size, self.whole(first, pieces.size)));
                }
            }
        }
        out.pop_if(|_| is_open);
        out
    }

    /// The form that starts with a piece and is as long as its run.
    fn whole(&self, starts: &[(u64, u32)], length: usize) -> Option<u32> {
        let mut forms = starts.iter().take(16).map(|it| it.1 & !OPEN);
        forms.find(|it| self.forms.get(*it as usize).is_some_and(|form| form.length == length))
    }
}

/// Pieces of one size, found by search.
struct Pieces {
    size: usize,
    /// In order, each with the number of its form.
    all: Vec<(u64, u32)>,
    /// Which pairs of bytes a piece can start with, so that most places are passed over quickly.
    starts: Vec<bool>,
}

impl Pieces {
    fn new(size: usize) -> Self {
        Self { size, all: Vec::new(), starts: Vec::new() }
    }

    fn add(&mut self, piece: &[u8], form: u32) {
        if self.starts.is_empty() {
            self.starts = vec![false; 1 << 16];
        }
        if let Some(it) = self.starts.get_mut(pair(piece)) {
            *it = true;
        }
        self.all.push((number(piece), form));
    }

    fn sort(&mut self) {
        self.all.sort_unstable();
        self.all.dedup();
    }

    /// The entries of a piece.
    fn named(&self, piece: &[u8]) -> &[(u64, u32)] {
        if !self.starts.get(pair(piece)).copied().unwrap_or_default() {
            return &[];
        }
        let key = number(piece);
        let start = self.all.partition_point(|it| it.0 < key);
        let rest = self.all.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|it| it.0 == key).count();
        rest.get(..length).unwrap_or_default()
    }
}

fn pair(piece: &[u8]) -> usize {
    match piece {
        [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
        _ => 0,
    }
}

/// At most eight bytes as a number.
fn number(piece: &[u8]) -> u64 {
    piece.iter().fold(0, |sum, it| sum << 8 | u64::from(*it))
}

/// Every other way a value may be written in a text.
fn encoded_forms(value: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut out = BTreeSet::new();
    let mut add = |it: String| out.insert(it.into_bytes());
    if let Ok(text) = std::str::from_utf8(value) {
        add(escape(text, |it| matches!(it, '"' | '\\'), "\\"));
        add(text.replace('\n', "\\n"));
        add(escape(text, |it| matches!(it, '"' | '\\'), "\\").replace('\n', "\\n"));
        add(escape(text, |it| !it.is_ascii_alphanumeric() && !"_-./:@%+=,".contains(it), "\\"));
        add(text.replace('\'', "'\\''"));
        add(text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;"));
        add(text.replace('$', "$$"));
    } else {
        add(String::from_utf8_lossy(value).into_owned());
    }
    add(percent(value, |it| it.is_ascii_alphanumeric() || b"-_.~".contains(&it)));
    add(percent(value, |it| it.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@/?".contains(&it)));
    add(percent(value, |_| false));
    // Short values in base64 or hexadecimal are too common to be told from other text.
    if value.len() >= 6 {
        add(value.iter().map(|it| format!("{it:02x}")).collect());
        add(value.iter().map(|it| format!("{it:02X}")).collect());
        for url in [false, true] {
            (0..3).for_each(|offset| {
                add(base64_inside(value, offset, url));
            });
        }
    }
    out.remove(value);
    out
}

/// What base64 makes of the value when `offset` other bytes stand before it: the characters that
/// depend on the value alone.
fn base64_inside(value: &[u8], offset: usize, url: bool) -> String {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(value);
    let encoded = base64_encode(&padded, url);
    let skip = match offset {
        0 => 0,
        1 => 2,
        _ => 3,
    };
    let whole = padded.len() * 8 / 6;
    encoded.get(skip..whole.min(encoded.len())).unwrap_or_default().to_owned()
}

fn escape(text: &str, special: impl Fn(char) -> bool, with: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        if special(it) {
            out.push_str(with);
        }
        out.push(it);
    }
    out
}

fn percent(value: &[u8], plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value {
        if plain(*byte) {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubber(values: &[&str]) -> Scrubber {
        let mut out = Scrubber::new();
        for value in values {
            out.hide(value, "[hidden]");
        }
        out
    }

    #[test]
    fn every_form_of_a_value_is_hidden() {
        let value = "p@ss \"w0rd\"/9z";
        let scrubber = scrubber(&[value]);
        let forms = [
            value.to_owned(),
            r#"p@ss \"w0rd\"/9z"#.to_owned(),
            "p%40ss%20%22w0rd%22%2F9z".to_owned(),
            base64_encode(value.as_bytes(), false),
            base64_encode(format!("user:{value}").as_bytes(), false),
            base64_encode(format!("users:{value}@host").as_bytes(), true),
            value.bytes().map(|it| format!("{it:02x}")).collect(),
        ];
        for form in forms {
            let text = format!("before {form} after");
            let scrubbed = scrubber.scrub(&text);
            assert!(
                scrubbed.contains("[hidden]") && scrubbed.contains("before"),
                "{text}: {scrubbed}"
            );
            for piece in form.as_bytes().windows(8) {
                let piece = std::str::from_utf8(piece).unwrap();
                let edge = form.len() > value.len();
                assert!(edge || !scrubbed.contains(piece), "{scrubbed}");
            }
        }
    }

    #[test]
    fn pieces_are_hidden_in_any_case_of_letters() {
        let scrubber = scrubber(&["kq7vbn2xr", "kq7vbn2xr-mm81pt"]);
        let check = |text: &str, expected: &str| assert_eq!(scrubber.scrub(text), expected);
        check("x:kq7vbn2xr@y", "x:[hidden]@y");
        check("kq7vbn2xr-mm81pt", "[hidden]");
        check("KQ7VBN2XR", "[hidden]");
        check("a/q7vbn2… is cut", "a/…… is cut");
        check("kq7v nothing", "kq7v nothing");
        check("ékq7vbn2xré", "é[hidden]é");
    }

    #[test]
    fn words_that_stand_openly_are_not_hidden_when_a_password_has_them() {
        let mut scrubber = scrubber(&["myproject-k3y!"]);
        let text = "FROM myproject:1\nENV SECRET=myproject-k3y!\n";
        assert_eq!(scrubber.scrub("myproject:1"), "…:1");
        let value = text.find("myproject-").unwrap();
        scrubber.open_words(text, std::iter::once(value..value + 14));
        assert_eq!(scrubber.scrub("myproject:1"), "myproject:1");
        assert_eq!(scrubber.scrub("myproject-k3y!"), "[hidden]");
        let mut one_word = self::scrubber(&["correcthorse"]);
        one_word.open_words("echo correcthorse", []);
        assert_eq!(one_word.scrub("correcthorse"), "[hidden]");
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(scrubber(&["hunter22"]).scrub("nothing here"), Cow::Borrowed(_)));
        assert!(Scrubber::new().is_empty());
        assert!(matches!(scrubber(&["-----=====-----"]).scrub("-----"), Cow::Borrowed(_)));
        assert_eq!(format!("{:?}", scrubber(&["hunter22"])), "Scrubber { .. }");
    }
}
