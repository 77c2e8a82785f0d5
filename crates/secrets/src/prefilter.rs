//! Finds the literals that start a try: a filter over grams of four bytes, then an exact
//! comparison. Every second gram is looked at, eight bytes to a step, so that most text costs
//! less than a table look-up a byte.

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::random;
use crate::table::data_lines;

/// What a literal stands for.
#[derive(Clone, Debug)]
pub(crate) struct Literal<T> {
    /// Lower case if `fold`.
    pub(crate) text: &'static str,
    /// Whether case does not count.
    pub(crate) fold: bool,
    /// What may stand behind it; `None` for anything.
    pub(crate) next: Option<Set>,
    /// What to do where it stands.
    pub(crate) tasks: Vec<T>,
}

/// The literals in a form that is fast to look for.
#[derive(Debug)]
pub(crate) struct Prefilter<T> {
    literals: Vec<Literal<T>>,
    /// Three bits for each gram, in one word: all are set for every gram of a literal, and hardly
    /// ever for another.
    bits: Box<Bits>,
    /// Where the entries of each bucket start; one more than there are buckets.
    heads: Vec<u16>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    gram: u32,
    literal: u16,
    /// Where in the literal the gram stands; it may start one byte before it.
    offset: i8,
}

impl Entry {
    /// A number that sorts by bucket, gram, literal and offset.
    fn key(&self) -> u128 {
        let offset = self.offset.cast_unsigned() ^ 0x80;
        ((bucket(self.gram) as u128) << 56)
            | (u128::from(self.gram) << 24)
            | (u128::from(self.literal) << 8)
            | u128::from(offset)
    }

    /// The entry of a key.
    fn of(key: u128) -> Self {
        let [offset, first, second, a, b, c, d, ..] = key.to_le_bytes();
        Self {
            gram: u32::from_le_bytes([a, b, c, d]),
            literal: u16::from_le_bytes([first, second]),
            offset: (offset ^ 0x80).cast_signed(),
        }
    }
}

/// Words of the filter: 64 kilobytes. Half as many would fit the nearest cache, and let twice as
/// many wrong grams through, which cost more.
const WORDS: usize = 1 << 13;
const BUCKETS: usize = 1 << 14;
/// Merges upper and lower case, and some bytes that do not matter.
const FOLD: u32 = 0x2020_2020;
/// How far the gram of a literal may lie behind its start, made even.
const LONGEST_REACH: usize = 64;

type Bits = [u64; WORDS];

impl<T> Prefilter<T> {
    /// Prepares the literals, each of at least three bytes.
    pub(crate) fn new(literals: Vec<Literal<T>>) -> Self {
        let common = data_lines(include_str!("../data/grams.txt"));
        let common = common.flat_map(|it| it.split(' ')).filter_map(|it| lower(it.as_bytes()));
        let mut common: Vec<(u32, i32)> = common.zip(0..).collect();
        text::order::sort(&mut common);
        let mut entries: Vec<Entry> = Vec::new();
        for (index, literal) in literals.iter().enumerate() {
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            for (offset, gram) in grams(literal.text.as_bytes(), literal.next, &common) {
                entries.push(Entry { gram: gram | FOLD, literal: index, offset });
            }
        }
        // As numbers they are sorted many times faster, and by less code.
        let mut keys: Vec<u128> = entries.iter().map(Entry::key).collect();
        keys.sort_unstable();
        keys.dedup();
        let entries: Vec<Entry> = keys.into_iter().map(Entry::of).collect();
        let mut bits = Box::new([0; WORDS]);
        for entry in &entries {
            let (word, mask) = place(entry.gram);
            if let Some(it) = bits.get_mut(word) {
                *it |= mask;
            }
        }
        let mut heads = Vec::with_capacity(BUCKETS + 1);
        for (entry, at) in entries.iter().zip(0..) {
            heads.resize(heads.len().max(bucket(entry.gram) + 1), at);
        }
        heads.resize(BUCKETS + 1, u16::try_from(entries.len()).unwrap_or(u16::MAX));
        Self { literals, bits, heads, entries }
    }

    /// The literals.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'static str> {
        self.literals.iter().map(|it| it.text)
    }

    /// Calls `found` with every literal that starts in `from..to` of `hay`, and where. `from`
    /// must be even. Returns how many candidates were looked at.
    pub(crate) fn scan(
        &self,
        hay: &[u8],
        from: usize,
        to: usize,
        found: &mut dyn FnMut(&Literal<T>, usize),
    ) -> u64 {
        let mut looked = 0;
        // A literal that starts before `to` may have its gram behind it.
        let first = from.saturating_sub(2);
        let last = to.saturating_add(LONGEST_REACH).min(hay.len());
        let area = bytes::slice(hay, first, last);
        let (words, _) = area.as_chunks::<8>();
        let mut position = first;
        let mut low = words.first().copied().map(folded).unwrap_or_default();
        for next in words.iter().skip(1) {
            let next = folded(*next);
            let grams = [
                low as u32,
                (low >> 16) as u32,
                (low >> 32) as u32,
                (low >> 48 | next << 16) as u32,
            ];
            let [one, two, three, four] = grams.map(|it| self.has(it));
            if one | two | three | four {
                for (place, hit) in [one, two, three, four].into_iter().enumerate() {
                    if hit {
                        let gram = grams.get(place).copied().unwrap_or_default();
                        looked += self.confirm(hay, position + place * 2, gram, from..to, found);
                    }
                }
            }
            low = next;
            position += 8;
        }
        // The last word and what is left of it, byte by byte; behind the end stand zeros.
        while position < last {
            let byte = |it: usize| bytes::at(hay, position + it).map_or(0, u32::from);
            let gram = byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
            if self.has(gram | FOLD) {
                looked += self.confirm(hay, position, gram, from..to, found);
            }
            position += 2;
        }
        looked
    }

    #[inline(always)]
    fn has(&self, gram: u32) -> bool {
        let (word, mask) = place(gram);
        self.bits.get(word).copied().unwrap_or_default() & mask == mask
    }

    #[inline(never)]
    fn confirm(
        &self,
        hay: &[u8],
        at: usize,
        gram: u32,
        within: Range<usize>,
        found: &mut dyn FnMut(&Literal<T>, usize),
    ) -> u64 {
        let gram = gram | FOLD;
        let bucket = bucket(gram);
        let head = |it: usize| self.heads.get(it).map_or(0, |it| usize::from(*it));
        let mut looked = 1;
        for entry in self.entries.get(head(bucket)..head(bucket + 1)).unwrap_or_default() {
            looked += 1;
            if entry.gram != gram {
                continue;
            }
            let start = at.checked_add_signed(-isize::from(entry.offset));
            let Some(start) = start.filter(|it| within.contains(it)) else { continue };
            let Some(literal) = self.literals.get(usize::from(entry.literal)) else { continue };
            let text = literal.text.as_bytes();
            let stands = bytes::slice(hay, start, start + text.len());
            let equal =
                if literal.fold { stands.eq_ignore_ascii_case(text) } else { stands == text };
            let next = bytes::at(hay, start + text.len());
            if equal && literal.next.is_none_or(|all| next.is_some_and(|it| all.has(it))) {
                found(literal, start);
            }
        }
        looked
    }
}

/// The word of a gram and its bits: two parts of one product.
#[inline(always)]
fn place(gram: u32) -> (usize, u64) {
    let product = u64::from(gram).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mask = MASKS.get((product >> 43) as usize & (MASKS.len() - 1));
    ((product >> 51) as usize, mask.copied().unwrap_or_default())
}

/// Words with three bits each: to look one up is less work than to shift three bits into place.
static MASKS: [u64; 256] = {
    let mut masks = [0; 256];
    let mut state: u64 = 0x853C_49E6_748F_EA9B;
    let mut left: &mut [u64] = &mut masks;
    while let Some((mask, rest)) = left.split_first_mut() {
        while mask.count_ones() < 3 {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
            *mask |= 1 << (state >> 58);
        }
        left = rest;
    }
    masks
};

fn folded(word: [u8; 8]) -> u64 {
    u64::from_le_bytes(word) | 0x2020_2020_2020_2020
}

fn bucket(gram: u32) -> usize {
    (gram.wrapping_mul(0x85EB_CA6B) >> 18) as usize
}

/// The grams by which a literal is found at an even and at an odd place, with their offsets: of a
/// long literal the rarest in text of either kind, of a short one also such as take in the byte
/// before or behind it.
fn grams(text: &[u8], next: Option<Set>, common: &[(u32, i32)]) -> Vec<(i8, u32)> {
    let gram = |at: usize| {
        let four = bytes::slice(text, at, at + 4).first_chunk::<4>()?;
        Some((i8::try_from(at).ok()?, u32::from_le_bytes(*four)))
    };
    let rarest = |parity: usize| {
        let places = (parity..text.len().min(LONGEST_REACH).saturating_sub(3)).step_by(2);
        places.min_by_key(|it| commonness(bytes::slice(text, *it, it + 4), common))
    };
    if let Some((even, odd)) = rarest(0).zip(rarest(1)) {
        return [even, odd].into_iter().filter_map(gram).collect();
    }
    // What may stand behind: the end of the input reads as a zero.
    let behind = || (0..=u8::MAX).filter(move |it| next.is_none_or(|next| next.has(*it)));
    let four = |a: u8, b: u8, c: u8, d: u8| u32::from_le_bytes([a, b, c, d]) | FOLD;
    match *text {
        [a, b, c, d] => {
            let mut out = vec![(0, four(a, b, c, d))];
            out.extend(behind().map(|it| (1, four(b, c, d, it))));
            out
        }
        [a, b, c] => {
            let mut out: Vec<(i8, u32)> = behind().map(|it| (0, four(a, b, c, it))).collect();
            out.extend((0..=u8::MAX).map(|it| (-1, four(it, a, b, c))));
            out
        }
        _ => Vec::new(),
    }
}

/// Four letters in lower case as a number, which is compared at once.
fn lower(gram: &[u8]) -> Option<u32> {
    let mut four = *gram.first_chunk::<4>().filter(|_| gram.len() == 4)?;
    four.make_ascii_lowercase();
    Some(u32::from_le_bytes(four))
}

/// How often a gram is to be expected, on a rough logarithmic scale: as counted if it is among
/// the commonest, by its pairs if not. `common`: those, in order, with their ranks.
fn commonness(gram: &[u8], common: &[(u32, i32)]) -> i32 {
    let found = lower(gram).and_then(|gram| common.binary_search_by_key(&gram, |it| it.0).ok());
    if let Some((_, rank)) = found.and_then(|it| common.get(it)) {
        return 1_000 - rank;
    }
    let pairs = gram.iter().zip(gram.iter().skip(1));
    // Rows of one sign are lines drawn in comments.
    let other = |first, second| if first == second { 40 } else { 10 };
    pairs.map(|(a, b)| random::pair(*a, *b).unwrap_or_else(|| other(a, b))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefilter(words: &[(&'static str, bool)]) -> Prefilter<()> {
        let literal = |(text, fold): &(&'static str, bool)| Literal {
            text,
            fold: *fold,
            next: None,
            tasks: vec![()],
        };
        Prefilter::new(words.iter().map(literal).collect())
    }

    fn found(prefilter: &Prefilter<()>, hay: &[u8]) -> Vec<(&'static str, usize)> {
        let mut out = Vec::new();
        prefilter.scan(hay, 0, hay.len(), &mut |literal, at| out.push((literal.text, at)));
        out.sort_unstable_by_key(|it| (it.1, it.0));
        out
    }

    #[test]
    fn literals_are_found_at_every_offset_and_once() {
        let words = [
            ("ghp_", false),
            ("key", true),
            ("-----BEGIN ", false),
            ("eyJ", false),
            ("password", true),
        ];
        let prefilter = prefilter(&words);
        for lead in 0..40 {
            for (word, fold) in words {
                for word in [word.to_owned(), word.to_ascii_uppercase()] {
                    let text = format!("{}{word}", ".".repeat(lead));
                    let expected = words.iter().any(|it| it.0 == word) || fold;
                    let names: Vec<_> = found(&prefilter, text.as_bytes());
                    assert_eq!(names.len(), usize::from(expected), "{text} {names:?}");
                    for (_, at) in names {
                        assert_eq!(at, lead);
                    }
                }
            }
        }
    }

    #[test]
    fn agrees_with_plain_search_on_dense_text() {
        let words = [("aab", false), ("abba", false), ("ba--", false), ("a-b", true)];
        let prefilter = prefilter(&words);
        let mut text = Vec::new();
        let mut state = 7u32;
        for _ in 0..3000 {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            text.push(b"abA-"[(state >> 20 & 3) as usize]);
        }
        let mut expected = Vec::new();
        for (word, fold) in words {
            for (at, it) in text.windows(word.len()).enumerate() {
                if it == word.as_bytes() || fold && it.eq_ignore_ascii_case(word.as_bytes()) {
                    expected.push((word, at));
                }
            }
        }
        expected.sort_unstable_by_key(|it| (it.1, it.0));
        assert_eq!(found(&prefilter, &text), expected);
    }
}
