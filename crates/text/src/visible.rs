//! Makes characters visible that would otherwise act on a terminal or hide from a reader.

use std::fmt;

/// Text for people: control characters, direction marks and other invisible characters are shown
/// as what they are instead of taking effect.
///
/// Input is hostile: a file name or a label can carry terminal escapes that rewrite the screen,
/// or direction overrides that make a line read differently from what it says.
/// Line ends show as `␊`, tabs as one space, so that columns stay as counted.
pub fn visible(text: &str) -> Visible<'_> {
    Visible(text)
}

/// Displays a text with its invisible characters shown; see [`visible`].
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a>(&'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(is_hidden) {
            let (plain, hidden) = rest.split_at(at);
            f.write_str(plain)?;
            let mut chars = hidden.chars();
            if let Some(it) = chars.next() {
                show(it, f)?;
            }
            rest = chars.as_str();
        }
        f.write_str(rest)
    }
}

/// Whether a character is one that [`visible`] shows as something else: it would act on a terminal
/// or hide from a reader.
pub fn is_hidden(it: char) -> bool {
    match it {
        '\0'..='\x1f' | '\x7f'..='\u{9f}' => true,
        // Zero-width and direction characters, soft hyphen, invisible operators, byte order mark.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        // Interlinear annotation, tags, variation selectors of the supplementary plane.
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

fn show(it: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match it {
        '\t' => f.write_str(" "),
        // Unicode has a picture for each of the C0 controls, 0x2400 above them.
        '\0'..='\x1f' => {
            let picture = char::from_u32(0x2400 + u32::from(it)).unwrap_or('\u{fffd}');
            write!(f, "{picture}")
        }
        '\x7f' => f.write_str("\u{2421}"),
        _ => write!(f, "<U+{:04X}>", u32::from(it)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_are_shown() {
        let shown = visible("a\x1b[2Jb\u{202e}c\n\td\u{9b}\u{7f}").to_string();
        assert_eq!(shown, "a\u{241b}[2Jb<U+202E>c\u{240a} d<U+009B>\u{2421}");
    }

    #[test]
    fn plain_text_stays() {
        let text = "gr\u{fc}\u{df} \u{65e5}\u{672c}";
        assert_eq!(visible(text).to_string(), text);
    }
}
