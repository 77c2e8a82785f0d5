//! Input text inside our sentences, taken apart again.

pub use text::quote;

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
    fn messages_come_apart_at_backticks() {
        let parts: Vec<_> = pieces("runs as `root` here").collect();
        assert_eq!(parts, [Piece::Prose("runs as "), Piece::Code("root"), Piece::Prose(" here")]);
    }
}
