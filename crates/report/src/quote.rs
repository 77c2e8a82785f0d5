//! Input text inside our sentences.

use text::visible;

/// How many characters of an input text a sentence shows.
const SHOWN: usize = 80;

/// An input text as it may stand in a message: between backticks, on one line, shortened, with
/// invisible characters shown and its own backticks replaced, so that no renderer can be led out
/// of the quotation.
pub fn quote(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('\u{2026}');
    }
    let shown = visible(&shown).to_string().replace('`', "\u{2b9}");
    // Markdown has no empty code span.
    if shown.is_empty() { "` `".to_owned() } else { format!("`{shown}`") }
}

/// A part of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Our own words.
    Prose(&'a str),
    /// What stood between backticks.
    Code(&'a str),
}

/// Takes a message apart at its backticks, for renderers that mark code in their own way.
pub fn pieces(message: &str) -> impl Iterator<Item = Piece<'_>> {
    let parts = message.split('`').enumerate();
    parts
        .filter(|(_, it)| !it.is_empty())
        .map(|(index, it)| if index.is_multiple_of(2) { Piece::Prose(it) } else { Piece::Code(it) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_cannot_be_left() {
        assert_eq!(quote("a`b\x1b\nc"), "`a\u{2b9}b\u{241b}\u{240a}c`");
        assert_eq!(quote(""), "` `");
        assert_eq!(quote(&"x".repeat(200)).chars().count(), SHOWN + 3);
    }

    #[test]
    fn messages_come_apart_at_backticks() {
        let parts: Vec<_> = pieces("runs as `root` here").collect();
        assert_eq!(parts, [Piece::Prose("runs as "), Piece::Code("root"), Piece::Prose(" here")]);
    }
}
