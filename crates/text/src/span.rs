//! A range of byte offsets into one source.

use std::ops::Range;

/// A half-open range of byte offsets into one source. Invariant: `start <= end`.
///
/// Offsets are 32 bits wide: readers refuse larger texts before a span is ever made, and the
/// engine keeps hundreds of thousands of spans.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "(u32, u32)", into = "(u32, u32)"))]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span from `start` up to `end`. An `end` before `start` gives the empty span at `start`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty span at `at`.
    pub fn at(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// The span of a range of `usize` offsets, as string functions give them.
    ///
    /// Offsets past `u32::MAX` are clamped; no reader lets such a text in.
    pub fn of(range: Range<usize>) -> Self {
        Self::new(clamp(range.start), clamp(range.end))
    }

    /// First byte offset inside the span.
    pub fn start(self) -> u32 {
        self.start
    }

    /// First byte offset after the span.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies wholly within this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<(u32, u32)> for Span {
    fn from((start, end): (u32, u32)) -> Self {
        Self::new(start, end)
    }
}

impl From<Span> for (u32, u32) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
