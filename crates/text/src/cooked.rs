//! Text with the noise taken out that still knows where it came from.

use std::ops::Range;

use crate::Span;

/// A text made of pieces of a source, in order: what is left once line continuations and the
/// comments between them are gone.
///
/// A word split over two lines (`--inse\⏎cure`) is read as `--insecure` and can still be
/// underlined where it stands. Invariants: both numbers of the breaks ascend, and every break
/// lies on a character boundary of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cooked {
    text: String,
    /// Source offset of the first byte.
    start: u32,
    /// Where the text stops following the source byte by byte: (offset here, offset there).
    breaks: Vec<(u32, u32)>,
}

impl Cooked {
    /// An empty text that stands at `start` of the source.
    pub fn empty(start: u32) -> Self {
        Self { text: String::new(), start, breaks: Vec::new() }
    }

    /// A text that stands in the source as it is, from `start` on.
    pub fn plain(text: &str, start: u32) -> Self {
        Self { text: text.to_owned(), start, breaks: Vec::new() }
    }

    /// Adds the piece of the source that starts at `raw`.
    pub fn push(&mut self, piece: &str, raw: u32) {
        if piece.is_empty() {
            return;
        }
        let here = offset(self.text.len());
        if self.text.is_empty() {
            self.start = raw;
        } else if self.raw_at(here) != raw {
            self.breaks.push((here, raw));
        }
        self.text.push_str(piece);
    }

    /// Adds another text with its places.
    pub fn append(&mut self, other: &Cooked) {
        let mut from = 0;
        for (here, _) in other.breaks.iter().chain([&(offset(other.text.len()), 0)]) {
            let piece = other.text.get(from..*here as usize).unwrap_or_default();
            self.push(piece, other.raw_at(offset(from)));
            from = *here as usize;
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the text follows the source without a break.
    pub fn is_contiguous(&self) -> bool {
        self.breaks.is_empty()
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
        self.span(0..self.text.len())
    }

    /// A part of this text that keeps its places. Ranges off character boundaries give nothing.
    pub fn slice(&self, range: Range<usize>) -> Cooked {
        let Some(text) = self.text.get(range.clone()) else { return Self::empty(self.start) };
        let (from, to) = (offset(range.start), offset(range.end));
        let inside = self.breaks.iter().filter(|(here, _)| *here > from && *here < to);
        let breaks = inside.map(|(here, raw)| (here - from, *raw)).collect();
        Self { text: text.to_owned(), start: self.raw_at(from), breaks }
    }

    fn raw_at(&self, here: u32) -> u32 {
        let index = self.breaks.partition_point(|(start, _)| *start <= here);
        match index.checked_sub(1).and_then(|it| self.breaks.get(it)) {
            Some((start, raw)) => raw + (here - start),
            None => self.start + here,
        }
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
}
