//! Text with the noise taken out that still knows where it came from.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::Span;

/// A text made of pieces of a source, in order: what is left once line continuations and the
/// comments between them are gone.
///
/// A word split over two lines (`--inse\⏎cure`) is read as `--insecure` and can still be
/// underlined where it stands. Parts of a text share it: taking one costs next to nothing.
#[derive(Clone, Default)]
pub struct Cooked {
    /// Nothing when the text is empty.
    whole: Option<Arc<Whole>>,
    /// Which part of the whole this is, on character boundaries. When the text is empty, both are
    /// the place in the source where it stands.
    from: u32,
    to: u32,
}

/// Invariants: both numbers of the breaks ascend, and every break lies on a character boundary of
/// the text, neither at its start nor at its end.
#[derive(Clone, Default)]
struct Whole {
    text: String,
    /// Source offset of the first byte.
    start: u32,
    /// Where the text stops following the source byte by byte: (offset here, offset there).
    breaks: Vec<(u32, u32)>,
}

impl Cooked {
    /// An empty text that stands at `start` of the source.
    pub fn empty(start: u32) -> Self {
        Self { whole: None, from: start, to: start }
    }

    /// A text that stands in the source as it is, from `start` on.
    pub fn plain(text: &str, start: u32) -> Self {
        let mut it = Self::empty(start);
        it.push(text, start);
        it
    }

    /// Adds the piece of the source that starts at `raw`.
    pub fn push(&mut self, piece: &str, raw: u32) {
        if piece.is_empty() {
            return;
        }
        let here = offset(self.as_str().len());
        let goes_on = self.raw_at(here) == raw;
        let whole = self.own();
        if whole.text.is_empty() {
            whole.start = raw;
        } else if !goes_on {
            whole.breaks.push((here, raw));
        }
        whole.text.push_str(piece);
        self.to = here + offset(piece.len());
    }

    /// Adds another text with its places.
    pub fn append(&mut self, other: &Cooked) {
        let same = match (&self.whole, &other.whole) {
            (_, None) => return,
            (None, Some(_)) => return self.clone_from(other),
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
        };
        // What is next to each other in the same text only has to be joined again.
        if same && self.to == other.from {
            self.to = other.to;
            return;
        }
        for (range, raw) in other.pieces() {
            self.push(other.as_str().get(range).unwrap_or_default(), raw);
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        let range = self.from as usize..self.to as usize;
        self.whole.as_ref().and_then(|it| it.text.get(range)).unwrap_or_default()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.whole.is_none()
    }

    /// Whether the text follows the source without a break.
    pub fn is_contiguous(&self) -> bool {
        self.breaks().is_empty()
    }

    /// The place in the source of a range of this text. A range that crosses breaks covers what
    /// lies between them too.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.raw_at(offset(range.start));
        if range.end <= range.start {
            return Span::at(start);
        }
        // The end is where the last byte ends, not where the next piece starts.
        Span::new(start, self.raw_at(offset(range.end - 1)) + 1)
    }

    /// The place in the source of the whole text.
    pub fn whole(&self) -> Span {
        self.span(0..self.as_str().len())
    }

    /// A part of this text that keeps its places. Ranges off character boundaries give nothing.
    pub fn slice(&self, range: Range<usize>) -> Cooked {
        match self.as_str().get(range.clone()) {
            None => Self::empty(self.raw_at(0)),
            Some("") => Self::empty(self.raw_at(offset(range.start))),
            Some(_) => Self {
                whole: self.whole.clone(),
                from: self.from + offset(range.start),
                to: self.from + offset(range.end),
            },
        }
    }

    /// The breaks inside this text, by their offsets in the whole.
    fn breaks(&self) -> &[(u32, u32)] {
        let Some(whole) = &self.whole else { return &[] };
        let first = whole.breaks.partition_point(|(here, _)| *here <= self.from);
        let end = whole.breaks.partition_point(|(here, _)| *here < self.to);
        whole.breaks.get(first..end).unwrap_or_default()
    }

    /// The stretches that follow the source byte by byte, each with where it stands there.
    fn pieces(&self) -> impl Iterator<Item = (Range<usize>, u32)> {
        let starts = [(self.from, self.raw_at(0))].into_iter().chain(self.breaks().iter().copied());
        let ends = self.breaks().iter().map(|(here, _)| *here).chain([self.to]);
        let local = |it: u32| (it - self.from) as usize;
        starts.zip(ends).map(move |((here, raw), end)| (local(here)..local(end), raw))
    }

    fn raw_at(&self, here: u32) -> u32 {
        let here = self.from + here;
        let Some(whole) = &self.whole else { return here };
        // A break at the very end is where something else goes on.
        let index = whole.breaks.partition_point(|(at, _)| *at <= here && *at < self.to);
        match index.checked_sub(1).and_then(|it| whole.breaks.get(it)) {
            Some((at, raw)) => raw + (here - at),
            None => whole.start + here,
        }
    }

    /// The whole text, with nothing else in it and nobody else who has it.
    fn own(&mut self) -> &mut Whole {
        let length = self.whole.as_ref().map_or(0, |it| it.text.len());
        if self.whole.is_none() || self.from != 0 || self.to as usize != length {
            let breaks = self.breaks().iter().map(|(here, raw)| (here - self.from, *raw)).collect();
            let whole = Whole { text: self.as_str().to_owned(), start: self.raw_at(0), breaks };
            (self.from, self.to) = (0, offset(whole.text.len()));
            self.whole = Some(Arc::new(whole));
        }
        Arc::make_mut(self.whole.get_or_insert_default())
    }
}

impl PartialEq for Cooked {
    /// The same text at the same places.
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() && self.pieces().eq(other.pieces())
    }
}

impl Eq for Cooked {}

impl fmt::Debug for Cooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entry(&self.as_str()).entries(self.pieces()).finish()
    }
}

fn offset(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `curl --inse\⏎cure x`, read as one line.
    fn split_word() -> (&'static str, Cooked) {
        let source = "curl --inse\\\ncure x";
        let mut cooked = Cooked::default();
        cooked.push(&source[0..11], 0);
        cooked.push(&source[13..], 13);
        (source, cooked)
    }

    #[test]
    fn a_split_word_is_found_whole_and_underlined_where_it_stands() {
        let (source, cooked) = split_word();
        let at = cooked.as_str().find("--insecure").unwrap();
        let span = cooked.span(at..at + "--insecure".len());
        assert_eq!(&source[span.range()], "--inse\\\ncure");
    }

    #[test]
    fn a_word_that_ends_at_a_break_does_not_cover_it() {
        let (source, cooked) = split_word();
        let span = cooked.span(5..11);
        assert_eq!(&source[span.range()], "--inse");
    }

    #[test]
    fn slices_keep_their_places() {
        let (source, cooked) = split_word();
        let word = cooked.slice(5..15);
        assert_eq!(word.as_str(), "--insecure");
        assert_eq!(&source[word.whole().range()], "--inse\\\ncure");
        assert_eq!(&source[word.span(6..10).range()], "cure");
        assert!(cooked.slice(0..4).is_contiguous());
    }

    #[test]
    fn pieces_that_meet_make_no_break() {
        let mut cooked = Cooked::empty(0);
        cooked.push("ab", 7);
        cooked.push("cd", 9);
        assert!(cooked.is_contiguous());
        assert_eq!(cooked.whole(), Span::new(7, 11));
    }

    #[test]
    fn parts_are_put_together_again() {
        let (source, cooked) = split_word();
        let mut parts = cooked.slice(5..8);
        parts.append(&cooked.slice(8..15));
        assert_eq!(parts, cooked.slice(5..15));
        parts.append(&cooked.slice(16..17));
        assert_eq!(parts.as_str(), "--insecurex");
        assert_eq!(&source[parts.span(10..11).range()], "x");
        assert_eq!(&source[parts.whole().range()], "--inse\\\ncure x");
        // What was taken from stays as it was.
        assert_eq!(cooked, split_word().1);
        assert_ne!(cooked.slice(5..15), Cooked::plain("--insecure", 5));
    }

    #[test]
    fn empty_parts_stand_somewhere() {
        let (_, cooked) = split_word();
        assert_eq!(cooked.slice(11..11).whole(), Span::at(13));
        assert_eq!(cooked.slice(5..11).slice(6..6).whole(), Span::at(11));
        let mut empty = cooked.slice(3..3);
        assert!(empty.is_empty() && empty.is_contiguous());
        empty.append(&cooked.slice(11..15));
        assert_eq!(empty.whole(), Span::new(13, 17));
        assert_eq!(Cooked::plain("", 4).whole(), Span::at(4));
    }
}
