//! The words of variable names, and the table's rules about them.
//!
//! Names are looked up here by the thousand, so the table is read once and its words are
//! found by search: the rules a word is named in come all at once.

use std::cmp::Ordering;
use std::sync::OnceLock;

use crate::table::data_lines;

/// What a row of the table is about, in the order of its rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    Strong,
    StrongLast,
    Glued,
    GluedLast,
    KeyOf,
    AuthNext,
    PointerLast,
    OtherLast,
    Any,
    Public,
    KeyAny,
    CountBefore,
    TextAny,
    GluedOther,
    Frontend,
    FrontendPublic,
    ExactSecret,
    ExactUrl,
    ExactPointer,
    ExactOther,
    Placeholder,
    Default,
    Chosen,
}

/// The table, read once.
struct Index {
    /// The words of each rule, in the order of the file.
    lists: Vec<Vec<&'static str>>,
    /// Every word once, in order of [`order`].
    words: Vec<Known>,
}

/// A word of the table, as the first rule that names it has it, with all of these rules as bits.
/// One that is not there has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    word: &'static str,
    rules: u32,
}

impl Known {
    pub(super) const fn is(self, rule: Rule) -> bool {
        self.rules & 1 << rule as u32 != 0
    }
}

/// The rules of the table and their words.
pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    data_lines(include_str!("../../data/names.tsv")).filter_map(|it| it.split_once('\t'))
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let lists: Vec<Vec<&'static str>> =
            rows().map(|(_, words)| words.split(' ').collect()).collect();
        let mut words: Vec<Known> = Vec::new();
        for (rule, list) in lists.iter().enumerate() {
            for word in list {
                let found = words.binary_search_by(|it| order(it.word, word));
                match found.map(|it| words.get_mut(it)) {
                    Ok(same) => same.into_iter().for_each(|it| it.rules |= 1 << rule),
                    Err(at) => words.insert(at, Known { word, rules: 1 << rule }),
                }
            }
        }
        Index { lists, words }
    })
}

/// Shorter words first: most pairs are told apart by that alone. Case does not matter.
fn order(a: &str, b: &str) -> Ordering {
    let small = |it: u8| it.to_ascii_lowercase();
    a.len().cmp(&b.len()).then_with(|| a.bytes().map(small).cmp(b.bytes().map(small)))
}

/// The words of a rule.
pub(super) fn list(rule: Rule) -> &'static [&'static str] {
    index().lists.get(rule as usize).map(Vec::as_slice).unwrap_or_default()
}

/// What the table has about exactly this word or name.
pub(super) fn known(word: &str) -> Known {
    let words = &index().words;
    let found = words.binary_search_by(|it| order(it.word, word));
    let found = found.ok().and_then(|it| words.get(it));
    found.copied().unwrap_or(Known { word: "", rules: 0 })
}

/// The word of a rule that this is, a number at its end aside.
pub(super) fn find(rule: Rule, word: &str) -> Option<&'static str> {
    Meaning::of(word).find(rule)
}

/// What the table has about a word, and about the word without the number at its end.
#[derive(Clone, Copy)]
pub(super) struct Meaning {
    whole: Known,
    bare: Known,
}

impl Meaning {
    pub(super) fn of(word: &str) -> Self {
        let whole = known(word);
        let bare = bare(word);
        Self { whole, bare: if bare.len() == word.len() { whole } else { known(bare) } }
    }

    pub(super) fn find(self, rule: Rule) -> Option<&'static str> {
        [self.whole, self.bare].into_iter().find(|it| it.is(rule)).map(|it| it.word)
    }
}

/// The word without the number at its end.
pub(super) fn bare(word: &str) -> &str {
    word.trim_end_matches(|it: char| it.is_ascii_digit())
}

/// Whether a word is this one, a number at its end aside.
pub(super) fn is_in(known: &str, word: &str) -> bool {
    known.eq_ignore_ascii_case(bare(word))
}

pub(super) fn is_number(word: &str) -> bool {
    word.bytes().all(|it| it.is_ascii_digit())
}

/// The words of a name: `npmAuthToken_2` is `npm`, `Auth`, `Token`, `2`.
pub(super) fn words(name: &str) -> Words<'_> {
    Words { rest: name }
}

#[derive(Clone)]
pub(super) struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let start = self.rest.bytes().position(|it| it.is_ascii_alphanumeric())?;
        let rest = self.rest.get(start..)?;
        let mut end = rest.len();
        let mut last = None;
        let mut signs = rest.bytes().enumerate().peekable();
        while let Some((at, it)) = signs.next() {
            let next_is_small = signs.peek().is_some_and(|(_, it)| it.is_ascii_lowercase());
            let starts_word = it.is_ascii_uppercase()
                && last.is_some_and(|last: u8| !last.is_ascii_uppercase() || next_is_small);
            if !it.is_ascii_alphanumeric() || starts_word {
                end = at;
                break;
            }
            last = Some(it);
        }
        let (word, rest) = rest.split_at_checked(end)?;
        self.rest = rest;
        Some(word)
    }
}
