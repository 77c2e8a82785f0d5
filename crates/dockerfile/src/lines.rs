//! Physical lines, and the logical lines that continuations make of them.

use text::{Cooked, Span};

/// Walks a text line by line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
}

/// One physical line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Its text without the line end.
    pub(crate) text: &'a str,
    /// Where its text starts.
    pub(crate) start: usize,
    /// Where the next line starts.
    pub(crate) next: usize,
}

impl<'a> Lines<'a> {
    /// The lines from byte offset `at` on.
    pub(crate) fn from(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Where the next line starts.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|it| !it.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |it| it + 1);
        let start = self.at;
        self.at += length;
        // BuildKit takes any number of carriage returns before a line end for part of it.
        let text = rest.get(..length).unwrap_or(rest).trim_end_matches(['\r', '\n']);
        Some(Line { text, start, next: self.at })
    }
}

/// Several physical lines read as one.
#[derive(Debug)]
pub(crate) struct Logical {
    /// The line without continuations, comments between them and leading white space.
    pub(crate) text: Cooked,
    /// Comments between the lines, without their line ends.
    pub(crate) comments: Vec<Span>,
    /// Blank lines between the lines.
    pub(crate) blanks: Vec<Span>,
}

/// Reads the logical line that starts with `first`, taking further lines as needed.
pub(crate) fn logical(first: Line<'_>, lines: &mut Lines<'_>, escape: char) -> Logical {
    let mut out = Logical { text: Cooked::default(), comments: Vec::new(), blanks: Vec::new() };
    let lead = first.text.len() - first.text.trim_start().len();
    let (head, mut more) = without_continuation(first.text.get(lead..).unwrap_or_default(), escape);
    out.text = Cooked::empty(offset(first.start + lead));
    out.text.push(head, offset(first.start + lead));
    while more && let Some(line) = lines.next() {
        let lead = line.text.len() - line.text.trim_start().len();
        let code = line.text.get(lead..).unwrap_or_default();
        if code.starts_with('#') {
            out.comments.push(Span::of(line.start + lead..line.start + line.text.len()));
        } else if code.is_empty() {
            out.blanks.push(Span::of(line.start..line.next));
        } else {
            let (piece, goes_on) = without_continuation(line.text, escape);
            out.text.push(piece, offset(line.start));
            more = goes_on;
        }
    }
    out
}

/// The line without its continuation character, and whether it had one.
///
/// A doubled escape is an escaped escape and continues nothing; blanks after it do not matter.
fn without_continuation(line: &str, escape: char) -> (&str, bool) {
    let Some(body) = line.trim_end_matches([' ', '\t']).strip_suffix(escape) else {
        return (line, false);
    };
    if body.ends_with(escape) { (line, false) } else { (body, true) }
}

fn offset(at: usize) -> u32 {
    Span::of(at..at).start()
}
