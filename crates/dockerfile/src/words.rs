//! Splitting a logical line into words, in the two ways BuildKit does it.

use std::ops::Range;

use text::Cooked;

use crate::Word;

/// White space as BuildKit's splitting pattern has it; a line never contains a line feed.
pub(crate) fn is_blank(it: char) -> bool {
    matches!(it, ' ' | '\t' | '\x0b' | '\x0c' | '\r')
}

/// Words between runs of blanks; quotes mean nothing.
pub(crate) fn plain(text: &Cooked) -> Vec<Word> {
    let line = text.as_str();
    let mut words = Vec::new();
    let mut at = 0;
    for part in line.split(is_blank) {
        if !part.is_empty() {
            words.push(word(text, at..at + part.len()));
        }
        // Every blank is one byte long.
        at += part.len() + 1;
    }
    words
}

/// Words between white space outside quotes. Quotes and escapes stay in the words.
pub(crate) fn quoted(text: &Cooked, escape: char) -> Vec<Word> {
    ranges(text.as_str(), escape).into_iter().map(|it| word(text, it)).collect()
}

/// The word that is a part of `text`.
pub(crate) fn word(text: &Cooked, range: Range<usize>) -> Word {
    let part = text.slice(range.clone());
    Word { span: text.span(range), text: part }
}

fn ranges(line: &str, escape: char) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut chars = line.char_indices();
    while let Some((at, it)) = chars.next() {
        match (start, quote) {
            (None, _) if it.is_whitespace() => {}
            (Some(from), None) if it.is_whitespace() => {
                found.push(from..at);
                start = None;
            }
            _ => {
                start.get_or_insert(at);
                match quote {
                    None if it == '\'' || it == '"' => quote = Some(it),
                    Some(open) if it == open => quote = None,
                    // Inside single quotes nothing escapes.
                    _ if it == escape && quote != Some('\'') => {
                        chars.next();
                    }
                    _ => {}
                }
            }
        }
    }
    found.extend(start.map(|from| from..line.len()));
    found
}

/// Parts of a text by byte range, without leading and trailing white space.
pub(crate) fn trimmed(text: &Cooked, range: Range<usize>) -> Cooked {
    let part = text.as_str().get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    text.slice(start..start + part.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<String> {
        let words = quoted(&Cooked::plain(line, 0), '\\');
        words.into_iter().map(|it| it.as_str().to_owned()).collect()
    }

    #[test]
    fn quotes_and_escapes_keep_words_together() {
        assert_eq!(split(r#"a="b c" d=e\ f g='h\' i"#), [r#"a="b c""#, r"d=e\ f", r"g='h\'", "i"]);
        assert_eq!(split("  x  "), ["x"]);
        assert_eq!(split("a\\"), ["a\\"]);
        assert_eq!(split("\"open quote"), ["\"open quote"]);
    }
}
