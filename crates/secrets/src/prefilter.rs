//! Finds the literals that start a try: a filter over grams of three bytes, then an exact
//! comparison. Every second gram is looked at, eight bytes to a step, so that most text costs
//! less than a table look-up a byte.

use crate::bytes::{self, Set};

/// What a literal stands for.
#[derive(Clone, Debug)]
pub(crate) struct Literal<T> {
    /// Lower case if `fold`.
    pub(crate) text: &'static str,
    /// Whether case does not count.
    pub(crate) fold: bool,
    /// What may stand behind it.
    pub(crate) next: Set,
    /// What to do where it stands.
    pub(crate) tasks: Vec<T>,
}

/// The literals in a form that is fast to look for.
#[derive(Debug)]
pub(crate) struct Prefilter<T> {
    literals: Vec<Literal<T>>,
    /// One bit for each hash of a gram.
    bits: Box<Bits>,
    /// One bit for each hash of a gram with the byte behind it; asked after the first.
    wide: Box<Bits>,
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

type Bits = [u64; BITS / 64];

const BITS: usize = 1 << 16;
const BUCKETS: usize = 1 << 12;
/// Merges upper and lower case, and some bytes that do not matter.
const FOLD: u32 = 0x20_2020;

impl<T> Prefilter<T> {
    /// Prepares the literals, each of at least three bytes.
    pub(crate) fn new(literals: Vec<Literal<T>>) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let (mut bits, mut wide) = (Box::new([0; BITS / 64]), Box::new([0; BITS / 64]));
        for (index, literal) in literals.iter().enumerate() {
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            for (offset, gram) in grams(literal.text.as_bytes(), literal.next) {
                let gram = gram | FOLD;
                entries.push(Entry { gram, literal: index, offset });
                set(&mut bits, hash(gram));
                for fourth in fourth_bytes(literal, offset) {
                    set(&mut wide, wide_hash(gram | u32::from(fourth) << 24));
                }
            }
        }
        entries.sort_unstable_by_key(|it| (bucket(it.gram), it.gram, it.literal, it.offset));
        entries.dedup_by_key(|it| (it.gram, it.literal, it.offset));
        let start = |it: usize| entries.partition_point(|entry| bucket(entry.gram) < it);
        let heads = (0..=BUCKETS).map(|it| u16::try_from(start(it)).unwrap_or(u16::MAX)).collect();
        Self { literals, bits, wide, heads, entries }
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
        // A literal that starts before `from` may have its gram after it, and the other way round.
        let first = from.saturating_sub(LONGEST_REACH);
        let last = to.saturating_add(LONGEST_REACH).min(hay.len());
        let area = bytes::slice(hay, first, last);
        let (words, _) = area.as_chunks::<8>();
        let mut position = first;
        for (index, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let next = area.get(index * 8 + 8).copied().unwrap_or_default();
            let tail = word >> 48 | u64::from(next) << 16;
            let hits = self.bit(word)
                | self.bit(word >> 16) << 1
                | self.bit(word >> 32) << 2
                | self.bit(tail) << 3;
            if hits != 0 {
                let grams = [word, word >> 16, word >> 32, tail];
                for (place, gram) in grams.into_iter().enumerate() {
                    if hits >> place & 1 == 1 {
                        let at = position + place * 2;
                        if self.is_wide(hay, at, low24(gram)) {
                            looked += self.confirm(hay, at, low24(gram), from..to, found);
                        }
                    }
                }
            }
            position += 8;
        }
        let rest = slice_tail(area, words.len() * 8);
        for place in (0..rest.len()).step_by(2) {
            let byte = |it: usize| rest.get(place + it).map_or(0, |it| u32::from(*it));
            let gram = byte(0) | byte(1) << 8 | byte(2) << 16;
            if self.bit(u64::from(gram)) != 0 && self.is_wide(hay, position + place, gram) {
                looked += self.confirm(hay, position + place, gram, from..to, found);
            }
        }
        looked
    }

    #[inline]
    fn bit(&self, word: u64) -> u64 {
        let hash = hash(low24(word) | FOLD);
        self.bits.get(usize::from(hash >> 6)).copied().unwrap_or_default() >> (hash & 63) & 1
    }

    #[inline]
    fn is_wide(&self, hay: &[u8], at: usize, gram: u32) -> bool {
        let fourth = bytes::at(hay, at + 3).unwrap_or_default() | 0x20;
        let hash = wide_hash(gram | FOLD | u32::from(fourth) << 24);
        let word = self.wide.get(usize::from(hash >> 6)).copied().unwrap_or_default();
        word >> (hash & 63) & 1 == 1
    }

    fn confirm(
        &self,
        hay: &[u8],
        at: usize,
        gram: u32,
        within: std::ops::Range<usize>,
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
            if equal && next.is_none_or(|it| it >= 128 || literal.next.has(it)) {
                found(literal, start);
            }
        }
        looked
    }
}

/// How far the gram of a literal may lie behind its start, made even.
const LONGEST_REACH: usize = 64;

fn slice_tail(area: &[u8], from: usize) -> &[u8] {
    bytes::slice(area, from, area.len())
}

#[inline]
fn low24(word: u64) -> u32 {
    let [first, second, third, ..] = word.to_le_bytes();
    u32::from_le_bytes([first, second, third, 0])
}

#[inline]
fn hash(gram: u32) -> u16 {
    let mixed = gram.wrapping_mul(0x9E37_79B1) >> 16;
    let [low, high, ..] = mixed.to_le_bytes();
    u16::from_le_bytes([low, high])
}

fn bucket(gram: u32) -> usize {
    usize::try_from(gram.wrapping_mul(0x85EB_CA6B) >> 20).unwrap_or_default()
}

fn set(bits: &mut Bits, hash: u16) {
    if let Some(word) = bits.get_mut(usize::from(hash >> 6)) {
        *word |= 1 << (hash & 63);
    }
}

#[inline]
fn wide_hash(gram: u32) -> u16 {
    let mixed = gram.wrapping_mul(0xC2B2_AE35) >> 16;
    let [low, high, ..] = mixed.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// The bytes that may stand behind the gram at `offset` of a literal, folded.
fn fourth_bytes<T>(literal: &Literal<T>, offset: i8) -> Vec<u8> {
    let place = usize::try_from(i32::from(offset) + 3).unwrap_or_default();
    let text = literal.text.as_bytes();
    match place.checked_sub(text.len()) {
        None => text.get(place).map(|it| it | 0x20).into_iter().collect(),
        Some(0) => {
            // The end of the input reads as a zero.
            let ascii = literal.next.bytes().map(|it| it | 0x20).chain([0x20]);
            ascii.chain((128..=255).map(|it| it | 0x20)).collect()
        }
        Some(_) => (0..=255).map(|it: u8| it | 0x20).collect(),
    }
}

/// The two neighboring grams of a literal that are rarest in text, with their offsets. Of a
/// literal of three bytes there is one; the other is every gram that ends or starts with it.
fn grams(text: &[u8], next: Set) -> Vec<(i8, u32)> {
    let gram = |at: usize| match bytes::slice(text, at, at + 3) {
        [first, second, third] => Some(u32::from_le_bytes([*first, *second, *third, 0])),
        _ => None,
    };
    let most = text.len().min(LONGEST_REACH).saturating_sub(3);
    let best = (0..most).min_by_key(|it| commonness(bytes::slice(text, *it, it + 4)));
    if let Some(best) = best {
        let offset = |it: usize| i8::try_from(it).unwrap_or_default();
        return [best, best + 1]
            .into_iter()
            .filter_map(|it| Some((offset(it), gram(it)?)))
            .collect();
    }
    let [first, second, third] = text else { return Vec::new() };
    let mut out = vec![(0, u32::from_le_bytes([*first, *second, *third, 0]))];
    let before = commonness(&[*first, *second]) + 8 < commonness(&[*second, *third]);
    for other in 0..=u8::MAX {
        let allowed = other >= 128 || other == 0 || next.has(other);
        if before {
            out.push((-1, u32::from_le_bytes([other, *first, *second, 0]) | FOLD));
        } else if allowed {
            out.push((1, u32::from_le_bytes([*second, *third, other, 0]) | FOLD));
        }
    }
    out
}

/// How often a text of these bytes is to be expected, roughly.
fn commonness(text: &[u8]) -> u32 {
    let single: u32 = text.iter().map(|it| letter_frequency(it.to_ascii_lowercase())).sum();
    // Pairs that words have are common beyond the frequency of their letters.
    let words = crate::random::wordiness(text).clamp(-40, 40) + 40;
    single * 2 + u32::try_from(words).unwrap_or_default() / 2
}

/// Larger for letters that are frequent in source text and prose.
fn letter_frequency(byte: u8) -> u32 {
    match byte {
        b'e' | b't' | b' ' => 12,
        b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 10,
        b'l' | b'd' | b'c' | b'u' | b'_' | b'm' | b'p' => 8,
        b'f' | b'h' | b'g' | b'-' | b'"' | b'/' => 6,
        b'b' | b'y' | b'w' | b'v' | b'.' | b'0' => 5,
        b'k' | b'x' | b'=' | b':' | b'1'..=b'9' => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefilter(words: &[(&'static str, bool)]) -> Prefilter<()> {
        let literal = |(text, fold): &(&'static str, bool)| Literal {
            text,
            fold: *fold,
            next: Set::EMPTY.not(),
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
