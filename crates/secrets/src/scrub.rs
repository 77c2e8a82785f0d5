//! Takes found secrets out of other strings, in every form they may have there and in pieces. The
//! values stay in here: nothing of this type can be printed, read or serialized.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::verify::base64_encode;
use crate::{bytes, random};

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
    /// Words that stand openly in the texts, whatever they share with a password.
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
        if !self.values.values().any(|it| it.password) {
            return;
        }
        let bytes = text.as_bytes();
        let index = self.index();
        let mut closed: Vec<Range<usize>> = hidden.into_iter().collect();
        for it in index.regions(bytes) {
            if !index.may_be_open(&it, bytes) {
                closed.push(it.range);
            }
        }
        text::order::sort_by_key(&mut closed, |it| it.start);
        let open = words_of(bytes).filter(|word| {
            let end = closed.partition_point(|it| it.start < word.end);
            let before = closed.get(..end).unwrap_or_default().iter().rev().take(64);
            !before.into_iter().any(|it| it.end > word.start)
        });
        let open: Vec<String> = open.filter_map(|it| text.get(it)).map(str::to_owned).collect();
        self.open.extend(open);
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
        self.index.get_or_init(|| Index::of(&self.values))
    }

    fn find<'a>(&'a self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        let index = self.index();
        let regions = index.regions(text.as_bytes()).into_iter();
        let closed = regions.filter(|it| !self.is_open(it, text));
        let mask = |it: Region| {
            let value = it.form.and_then(|it| index.forms.get(it as usize)).map(|it| it.value);
            let held = value.and_then(|it| self.values.values().nth(it));
            (widened(text, it.range), held.map_or(PIECE_MASK, |it| it.mask.as_str()))
        };
        closed.map(mask).collect()
    }

    /// Whether a place is part of a word that stands openly in the texts.
    fn is_open(&self, it: &Region, text: &str) -> bool {
        let word = || text.get(word_around(text.as_bytes(), it.range.start)).unwrap_or_default();
        !self.open.is_empty()
            && self.index().may_be_open(it, text.as_bytes())
            && self.open.contains(word())
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

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether letters look like a word that people write, and not like a part of a token.
fn is_readable(letters: &[u8]) -> bool {
    let rest = letters.get(1..).unwrap_or_default();
    let one_case =
        rest.iter().all(u8::is_ascii_lowercase) || letters.iter().all(u8::is_ascii_uppercase);
    one_case && random::wordiness(&letters.to_ascii_lowercase()) >= -4
}

/// The words of a text that are as long as a piece.
fn words_of(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let next = move || {
        let start = at + text.get(at..)?.iter().position(|it| is_word(*it))?;
        let rest = text.get(start..)?;
        at = start + rest.iter().position(|it| !is_word(*it)).unwrap_or(rest.len());
        Some(start..at)
    };
    std::iter::from_fn(next).filter(|it| it.len() >= PIECE)
}

/// The word that a byte stands in.
fn word_around(text: &[u8], at: usize) -> Range<usize> {
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    let back = before.iter().rev().take_while(|it| is_word(**it)).count();
    let length = rest.iter().take_while(|it| is_word(**it)).count();
    at - back..at + length
}

/// Marks a piece of a value that a person may have chosen.
const PASSWORD: u32 = 1 << 31;

/// A place where pieces of values stand in a row.
struct Region {
    range: Range<usize>,
    /// The longest form that stands there whole.
    form: Option<u32>,
    /// Whether all of the pieces are of values that a person may have chosen.
    password: bool,
}

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
    /// Words that passwords are made of, in lower case.
    words: BTreeSet<Vec<u8>>,
}

impl Index {
    fn of(values: &BTreeMap<Vec<u8>, Held>) -> Self {
        let mut index = Self {
            forms: Vec::new(),
            plain: Pieces::new(PIECE),
            encoded: Pieces::new(ENCODED_PIECE),
            words: BTreeSet::new(),
        };
        for (number, (value, held)) in values.iter().enumerate() {
            let form = index.form(number, value.len());
            let form = if held.password { form | PASSWORD } else { form };
            if held.password {
                let runs = value.split(|it| !it.is_ascii_alphabetic());
                let words = runs.filter(|it| it.len() >= PIECE && is_readable(it));
                index.words.extend(words.map(<[u8]>::to_ascii_lowercase));
            }
            let lower = value.to_ascii_lowercase();
            for piece in lower.windows(PIECE) {
                if !piece.iter().all(|it| Some(it) == piece.first()) {
                    index.plain.add(piece, form);
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

    /// Where pieces stand in a row.
    fn regions(&self, text: &[u8]) -> Vec<Region> {
        let lower = text.to_ascii_lowercase();
        let mut found = self.runs(&self.plain, &lower);
        found.extend(self.runs(&self.encoded, text));
        text::order::sort_by_key(&mut found, |it| {
            (it.range.start, std::cmp::Reverse(it.range.end))
        });
        let mut out: Vec<Region> = Vec::new();
        for it in found {
            match out.last_mut() {
                Some(last) if it.range.start < last.range.end => {
                    last.range.end = last.range.end.max(it.range.end);
                    last.password &= it.password;
                }
                _ => out.push(it),
            }
        }
        out
    }

    fn runs(&self, pieces: &Pieces, text: &[u8]) -> Vec<Region> {
        let mut out: Vec<Region> = Vec::new();
        let mut first: &[(u64, u32)] = &[];
        for (at, window) in text.windows(pieces.size).enumerate() {
            let here = pieces.named(window);
            if here.is_empty() {
                continue;
            }
            let password = here.iter().all(|it| it.1 & PASSWORD != 0);
            match out.last_mut() {
                Some(last) if at < last.range.end => {
                    last.range.end = at + pieces.size;
                    last.form = self.whole(first, last.range.len()).or(last.form);
                    last.password &= password;
                }
                _ => {
                    first = here;
                    let form = self.whole(first, pieces.size);
                    out.push(Region { range: at..at + pieces.size, form, password });
                }
            }
        }
        out
    }

    /// Whether a place may be part of a word that has nothing to do with a value: the pieces are
    /// of passwords, and what stands there is a word of one, or lies inside a longer word.
    fn may_be_open(&self, it: &Region, text: &[u8]) -> bool {
        let word = word_around(text, it.range.start);
        let inside = it.range.start >= word.start && it.range.end <= word.end;
        let place = text.get(it.range.clone()).unwrap_or_default();
        if !it.password || !inside || !place.iter().all(u8::is_ascii_alphabetic) {
            return false;
        }
        let letter =
            |at: Option<usize>| at.and_then(|it| text.get(it)).is_some_and(u8::is_ascii_alphabetic);
        let in_longer = letter(it.range.start.checked_sub(1)) || letter(Some(it.range.end));
        let whole = it.form.is_some() && it.range.len() == word.len();
        !whole && (in_longer || self.words.contains(&place.to_ascii_lowercase()))
    }

    /// The form that starts with a piece and is as long as its run.
    fn whole(&self, starts: &[(u64, u32)], length: usize) -> Option<u32> {
        let mut forms = starts.iter().take(16).map(|it| it.1 & !PASSWORD);
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
        text::order::sort(&mut self.all);
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
        assert_eq!(scrubber.scrub("myproject:1"), "\u{2026}:1");
        let value = text.find("myproject-").unwrap();
        scrubber.open_words(text, std::iter::once(value..value + 14));
        assert_eq!(scrubber.scrub("myproject:1"), "myproject:1");
        assert_eq!(scrubber.scrub("myproject-k3y!"), "[hidden]");
        assert_eq!(scrubber.scrub("a/myproj\u{2026}"), "a/\u{2026}\u{2026}");
    }

    #[test]
    fn names_keep_what_they_share_with_a_password() {
        let mut scrubber = scrubber(&["swordfish17", "postgres", "correcthorse"]);
        let text = "POSTGRES_PASSWORD=swordfish17 DB=postgres echo correcthorse xswordfish17y";
        let at = text.find("swordfish").unwrap();
        scrubber.open_words(text, std::iter::once(at..at + 11));
        assert_eq!(scrubber.scrub("POSTGRES_PASSWORD"), "POSTGRES_PASSWORD");
        assert_eq!(scrubber.scrub("swordfish17 postgres"), "[hidden] [hidden]");
        assert_eq!(scrubber.scrub("correcthorse"), "[hidden]");
        assert_eq!(scrubber.scrub("xswordfish17y"), "x[hidden]y");
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(scrubber(&["hunter22"]).scrub("nothing here"), Cow::Borrowed(_)));
        assert!(Scrubber::new().is_empty());
        assert!(matches!(scrubber(&["-----=====-----"]).scrub("-----"), Cow::Borrowed(_)));
        assert_eq!(format!("{:?}", scrubber(&["hunter22"])), "Scrubber { .. }");
    }
}
