//! Sets of bytes and small questions about slices, without indexing.
//!
//! Here and in the rest of the crate, what runs only where something was found is kept out of
//! line: a visitor pays for its size once, and the scan does not pay for the call.

/// A set of ASCII bytes. Bytes above 127 are in none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Set(u128);

impl Set {
    pub(crate) const EMPTY: Self = Self(0);
    pub(crate) const DIGIT: Self = Self::EMPTY.range(b'0', b'9');
    pub(crate) const LOWER: Self = Self::EMPTY.range(b'a', b'z');
    pub(crate) const UPPER: Self = Self::EMPTY.range(b'A', b'Z');
    pub(crate) const ALPHA: Self = Self::LOWER.or(Self::UPPER);
    pub(crate) const ALNUM: Self = Self::ALPHA.or(Self::DIGIT);
    pub(crate) const WORD: Self = Self::ALNUM.with(b"_");
    pub(crate) const BASE64: Self = Self::ALNUM.with(b"+/");
    pub(crate) const BASE64_URL: Self = Self::ALNUM.with(b"_-");
    pub(crate) const HEX_LOWER: Self = Self::DIGIT.range(b'a', b'f');
    pub(crate) const HEX_UPPER: Self = Self::DIGIT.range(b'A', b'F');
    pub(crate) const HEX: Self = Self::HEX_LOWER.or(Self::HEX_UPPER);
    pub(crate) const BLANK: Self = Self::EMPTY.with(b" \t");
    pub(crate) const SPACE: Self = Self::EMPTY.with(b" \t\r\n\x0b\x0c");

    pub(crate) const fn range(self, from: u8, to: u8) -> Self {
        let mut bits = self.0;
        let mut byte = from;
        while byte <= to && byte < 128 {
            bits |= 1 << byte;
            byte += 1;
        }
        Self(bits)
    }

    pub(crate) const fn with(self, mut bytes: &[u8]) -> Self {
        let mut bits = self.0;
        while let [first, rest @ ..] = bytes {
            bits |= 1 << (*first & 127);
            bytes = rest;
        }
        Self(bits)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn not(self) -> Self {
        Self(!self.0)
    }

    pub(crate) const fn has(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 == 1
    }

    /// The members, in order.
    #[cfg(test)]
    pub(crate) fn bytes(self) -> impl Iterator<Item = u8> {
        (0..128).filter(move |it| self.has(*it))
    }
}

/// The byte at `at`.
pub(crate) fn at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// The byte before `at`.
pub(crate) fn before(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at.checked_sub(1)?).copied()
}

/// The bytes from `start` up to `end`, cut to what there is.
pub(crate) fn slice(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    let end = end.min(bytes.len());
    bytes.get(start.min(end)..end).unwrap_or_default()
}

/// Where the run of members that starts at `from` ends; it is cut after `most` bytes.
pub(crate) fn run_end(bytes: &[u8], from: usize, set: Set, most: usize) -> usize {
    let rest = slice(bytes, from, from.saturating_add(most));
    from + rest.iter().position(|it| !set.has(*it)).unwrap_or(rest.len())
}

/// Where the run of members that ends at `to` starts; at most `most` bytes before it.
#[inline(never)]
pub(crate) fn run_start(bytes: &[u8], to: usize, set: Set, most: usize) -> usize {
    let rest = slice(bytes, to.saturating_sub(most), to);
    to - rest.iter().rev().position(|it| !set.has(*it)).unwrap_or(rest.len())
}

/// Whether `needle`, in lower case, stands in `hay` in any case.
pub(crate) fn contains_fold(hay: &[u8], needle: &[u8]) -> bool {
    find_fold(hay, needle).is_some()
}

/// Where `needle`, in lower case, first stands in `hay` in any case.
#[inline(never)]
pub(crate) fn find_fold(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let starts = |at: &usize| {
        let there = bytes_at(hay, *at, needle.len());
        there.is_some_and(|it| it.eq_ignore_ascii_case(needle))
    };
    let candidates = hay.iter().enumerate();
    let candidates = candidates.filter(|(_, it)| it.to_ascii_lowercase() == first);
    candidates.map(|(at, _)| at).find(starts)
}

/// Where `needle` first stands in `hay`.
#[inline(never)]
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    // A comparison of slices is a call, and hardly ever worth one.
    let candidates = hay.iter().enumerate().filter(|(_, it)| **it == first);
    let starts = |at: &usize| bytes_at(hay, *at, needle.len()) == Some(needle);
    candidates.map(|(at, _)| at).find(starts)
}

/// Whether any of the words, in lower case if case counts for nothing, stands in `hay`. One pass,
/// whatever their number.
#[inline(never)]
pub(crate) fn holds_any(hay: &[u8], words: &[&str], fold: bool) -> bool {
    let firsts = words.iter().filter_map(|it| it.as_bytes().first().copied());
    let firsts = firsts.fold(Set::EMPTY, |set, it| set.with(&[it]));
    let stands = |at: usize, first: u8| {
        words.iter().map(|it| it.as_bytes()).any(|word| {
            word.first() == Some(&first)
                && bytes_at(hay, at, word.len())
                    .is_some_and(|it| if fold { it.eq_ignore_ascii_case(word) } else { it == word })
        })
    };
    hay.iter().enumerate().any(|(at, it)| {
        let first = if fold { it.to_ascii_lowercase() } else { *it };
        firsts.has(first) && stands(at, first)
    })
}

fn bytes_at(hay: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    hay.get(at..at.checked_add(length)?)
}

/// Whether `bytes` has `word` at `at`.
pub(crate) fn starts(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    slice(bytes, at, at + word.len()) == word
}

/// The line around `at`, at most `most` bytes to either side, as start and end.
#[inline(never)]
pub(crate) fn line(bytes: &[u8], at: usize, most: usize) -> (usize, usize) {
    let newline = Set::EMPTY.with(b"\n\r\0");
    let is_newline = |it: &u8| newline.has(*it);
    let left = slice(bytes, at.saturating_sub(most), at);
    let right = slice(bytes, at, at.saturating_add(most));
    let start = at - left.iter().rev().position(is_newline).unwrap_or(left.len());
    (start, at + right.iter().position(is_newline).unwrap_or(right.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = Set::HEX.with(b"-");
        assert!(set.has(b'F') && set.has(b'-') && !set.has(b'g') && !set.has(200));
        assert_eq!(Set::DIGIT.bytes().count(), 10);
    }

    #[test]
    fn runs_and_lines_are_cut() {
        let bytes = b"ab 12345\ncd";
        assert_eq!(run_end(bytes, 3, Set::DIGIT, 100), 8);
        assert_eq!(run_end(bytes, 3, Set::DIGIT, 2), 5);
        assert_eq!(run_start(bytes, 8, Set::DIGIT, 100), 3);
        assert_eq!(line(bytes, 5, 100), (0, 8));
        assert_eq!(line(bytes, 5, 1), (4, 6));
    }

    #[test]
    fn words_are_found_where_they_first_stand() {
        assert_eq!(find_fold(b"x-API-Key", b"api"), Some(2));
        assert_eq!(find_fold(b"x-AP", b"api"), None);
        assert_eq!(find(b"aab-aabc-aabc", b"aabc"), Some(4));
        assert_eq!(find(b"aab", b"aabc"), None);
        assert_eq!(find(b"ab", b"ab"), Some(0));
        assert!(holds_any(b"an API-key", &["none", "api-"], true));
        assert!(!holds_any(b"an API-key", &["none", "api-"], false));
        assert!(!holds_any(b"an ap", &["api-"], true) && !holds_any(b"x", &[], true));
    }
}
