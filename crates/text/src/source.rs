//! One text that was handed in, with its line table.

use crate::Span;

/// Names one source of a case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct SourceId(pub u16);

/// A place as people count: both numbers start at 1, the column counts characters, not bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Character within the line, from 1.
    pub column: u32,
}

/// A text that was handed in. Lines end at `\n`; a `\r` before it belongs to the line end.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name it came under: a file name, or a word such as `pasted`.
    pub name: Box<str>,
    text: Box<str>,
    line_starts: Vec<u32>,
    /// Columns at some offsets inside long lines, so that finding a column stays cheap there.
    marks: Vec<(u32, u32)>,
}

/// Lines longer than this get a mark every so many bytes.
const STRIDE: usize = 4096;

impl Source {
    /// Keeps `text` and notes where its lines start.
    pub fn new(name: &str, text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| number(at + 1));
        // A byte order mark is no part of the first line: editors neither show nor count it.
        let mark = if text.starts_with('\u{feff}') { number('\u{feff}'.len_utf8()) } else { 0 };
        let line_starts: Vec<u32> = std::iter::once(mark).chain(starts).collect();
        let marks = marks(text, &line_starts);
        Self { name: name.into(), text: text.into(), line_starts, marks }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text under `span`; empty where the span does not fit this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Number of lines. A final line end does not start another line.
    pub fn lines(&self) -> u32 {
        let starts = u32::try_from(self.line_starts.len()).unwrap_or(u32::MAX);
        if self.text.is_empty() || self.text.ends_with('\n') { starts - 1 } else { starts }
    }

    /// The position of a byte offset. Offsets past the end give the end.
    pub fn position(&self, offset: u32) -> Position {
        let index = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(index).copied().unwrap_or_default();
        let end = (offset as usize).min(self.text.len());
        let mark = self.marks.partition_point(|(at, _)| *at as usize <= end).checked_sub(1);
        let mark = mark.and_then(|it| self.marks.get(it)).filter(|(at, _)| *at > start);
        let (from, column) = mark.copied().unwrap_or((start, 1));
        let between = self.text.get(from as usize..end).unwrap_or_default();
        Position { line: number(index + 1), column: column + number(between.chars().count()) }
    }

    /// The span of a line counted from 1, without its line end.
    pub fn line(&self, line: u32) -> Option<Span> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.line_starts.get(index)?;
        let next = self.line_starts.get(index + 1).map_or(self.text.len(), |it| *it as usize);
        let text = self.text.get(start as usize..next)?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Some(Span::of(start as usize..start as usize + text.len()))
    }
}

fn marks(text: &str, line_starts: &[u32]) -> Vec<(u32, u32)> {
    let mut marks = Vec::new();
    for (index, start) in line_starts.iter().enumerate() {
        let end = line_starts.get(index + 1).map_or(text.len(), |it| *it as usize);
        let (mut at, mut column) = (*start as usize, 1);
        while end - at > STRIDE {
            let next = (at + STRIDE..end).find(|it| text.is_char_boundary(*it)).unwrap_or(end);
            column += text.get(at..next).unwrap_or_default().chars().count();
            marks.push((number(next), number(column)));
            at = next;
        }
    }
    marks
}

fn number(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("x", "a\u{e9}b\r\nc");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(6), Position { line: 2, column: 1 });
        assert_eq!(source.position(99), Position { line: 2, column: 2 });
    }

    #[test]
    fn a_byte_order_mark_is_not_counted() {
        let source = Source::new("x", "\u{feff}ab\nc");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(4), Position { line: 1, column: 2 });
        assert_eq!(source.position(6), Position { line: 2, column: 1 });
        assert_eq!(source.line(1).map(|it| source.slice(it)), Some("ab"));
        assert_eq!(Source::new("x", "\u{feff}").line(1).map(Span::is_empty), Some(true));
    }

    #[test]
    fn columns_of_long_lines_are_right() {
        let text = format!("x\n{}\ny", "\u{e9}a".repeat(9000));
        let source = Source::new("x", &text);
        for (index, (at, _)) in text.char_indices().enumerate().step_by(97) {
            let position = source.position(number(at));
            let line = text[..at].matches('\n').count() + 1;
            let column = text[..at].rsplit('\n').next().unwrap().chars().count() + 1;
            assert_eq!((position.line, position.column), (number(line), number(column)), "{index}");
        }
    }

    #[test]
    fn lines_leave_their_ends_out() {
        let source = Source::new("x", "one\r\ntwo\n");
        assert_eq!(source.lines(), 2);
        assert_eq!(source.line(1).map(|it| source.slice(it)), Some("one"));
        assert_eq!(source.line(2).map(|it| source.slice(it)), Some("two"));
        assert_eq!(source.line(0), None);
        assert_eq!(Source::new("x", "").lines(), 0);
        assert_eq!(Source::new("x", "a").lines(), 1);
    }
}
