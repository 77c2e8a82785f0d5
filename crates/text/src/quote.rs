//! Input text inside our sentences.

use crate::visible;

/// How many characters of an input text a sentence shows.
const SHOWN: usize = 80;

/// An input text as it may stand in a message: between backticks, on one line, shortened, with
/// invisible characters shown and its own backticks replaced, so that no renderer can be led out
/// of the quotation.
pub fn quote(text: &str) -> String {
    // Most texts are short and plain: they need nothing but their backticks.
    let is_plain = |it: u8| (b' '..=b'~').contains(&it) && it != b'`';
    if (1..=SHOWN).contains(&text.len()) && text.bytes().all(is_plain) {
        return ["`", text, "`"].concat();
    }
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('\u{2026}');
    }
    let shown = visible(&shown).to_string().replace('`', "\u{2b9}");
    // Markdown has no empty code span.
    if shown.is_empty() { "` `".to_owned() } else { format!("`{shown}`") }
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
}
