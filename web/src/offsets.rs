//! Two ways to count: the engine counts bytes of the text as handed in, the browser counts UTF-16
//! units of a text whose lines end in a bare line feed.

use text::Span;

/// The number of UTF-16 units before a byte offset. Offsets inside a character count it whole,
/// offsets past the end give the length.
pub(crate) fn utf16(text: &str, byte: u32) -> u32 {
    let before = text.char_indices().take_while(|(at, _)| *at < byte as usize);
    let units: usize = before.map(|(_, it)| it.len_utf16()).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// The byte offset after a number of UTF-16 units.
pub(crate) fn byte(text: &str, units: u32) -> u32 {
    let mut left = units as usize;
    let mut bytes = 0;
    for it in text.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(it.len_utf16());
        bytes += it.len_utf8();
    }
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// A span of a text with `\r\n` line ends, in the same text with bare `\n`.
///
/// The editor knows bare line feeds only; a file with the other kind is handed to the engine as it
/// was, since some rules are about just that.
pub(crate) fn without_carriage_returns(lf: &str, span: Span) -> Span {
    Span::new(lf_offset(lf, span.start()), lf_offset(lf, span.end()))
}

fn lf_offset(lf: &str, crlf_offset: u32) -> u32 {
    let mut ahead = 0;
    for (at, _) in lf.match_indices('\n') {
        // The line feed at `at` stands at `at + ahead + 1` with carriage returns.
        if at + ahead >= crlf_offset as usize {
            break;
        }
        ahead += 1;
    }
    crlf_offset - u32::try_from(ahead).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\u{e9}\u{1f433}b";

    #[test]
    fn bytes_and_units_agree_at_every_character() {
        let mut units = 0;
        for (at, it) in TEXT.char_indices() {
            let at = u32::try_from(at).unwrap();
            assert_eq!(utf16(TEXT, at), units);
            assert_eq!(byte(TEXT, units), at);
            units += u32::try_from(it.len_utf16()).unwrap();
        }
        assert_eq!(utf16(TEXT, 99), 5);
        assert_eq!(byte(TEXT, 99), 8);
    }

    #[test]
    fn spans_survive_the_loss_of_carriage_returns() {
        let lf = "FROM a\n\nUSER b\n";
        let crlf = lf.replace('\n', "\r\n");
        for word in ["FROM", "USER", "b"] {
            let at = crlf.find(word).unwrap();
            let mapped = without_carriage_returns(lf, Span::of(at..at + word.len()));
            assert_eq!(&lf[mapped.range()], word);
        }
        // A line with its end.
        let line = without_carriage_returns(lf, Span::new(0, 8));
        assert_eq!(&lf[line.range()], "FROM a\n");
        let all = without_carriage_returns(lf, Span::of(0..crlf.len()));
        assert_eq!(all.range(), 0..lf.len());
    }
}
