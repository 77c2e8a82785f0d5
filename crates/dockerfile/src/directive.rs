//! Parser directives: `# syntax=…`, `# escape=…`, `# check=…` at the very top of a file.

use text::{Cooked, Span};

use crate::Word;
use crate::lines::Line;

/// A parser directive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// Its line, with the line end.
    pub span: Span,
    /// Its name as written.
    pub name: Word,
    /// Its value, without surrounding blanks.
    pub value: Word,
}

/// The names that make a comment a directive. Any other comment ends the directives.
const NAMES: [&str; 3] = ["syntax", "escape", "check"];

impl Directive {
    /// Reads a line as a directive, if it is one.
    pub(crate) fn read(line: Line<'_>) -> Option<Self> {
        let (name, value) = split(line.text)?;
        if !NAMES.iter().any(|it| it.eq_ignore_ascii_case(name)) || value.is_empty() {
            return None;
        }
        let word = |part: &str| {
            // Both are slices of the line: their distance from its start is their place.
            let at = part.as_ptr() as usize - line.text.as_ptr() as usize;
            let start = Span::of(line.start + at..line.start + at).start();
            Word::new(Cooked::plain(part, start))
        };
        let span = Span::of(line.start..line.next);
        Some(Self { span, name: word(name), value: word(value) })
    }
}

/// The name and value of a line of the form `# name = value`.
fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start().strip_prefix('#')?.split_once('=')?;
    let name = name.trim();
    let mut letters = name.bytes();
    let starts = letters.next().is_some_and(|it| it.is_ascii_alphabetic());
    let named = starts && letters.all(|it| it.is_ascii_alphanumeric());
    named.then(|| (name, value.trim()))
}
