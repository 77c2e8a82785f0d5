//! Markdown for the summary of a step, which has an end.

use crate::{Report, markdown};

/// GitHub takes 1 MiB and drops a larger summary whole.
const MOST: usize = 1000 * 1024;

/// Renders a report as Markdown that fits into the summary of a step of GitHub Actions.
pub fn summary(report: &Report) -> String {
    cut(markdown(report), MOST)
}

/// Cut at a line end, where it is too long.
fn cut(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let fits = text.char_indices().map(|it| it.0).take_while(|it| *it <= most).last();
    let fits = text.get(..fits.unwrap_or_default()).unwrap_or_default();
    let end = fits.rfind('\n').map_or(0, |it| it + 1);
    let kept = fits.get(..end).unwrap_or_default();
    format!("{kept}\nThe report is longer than a summary may be; another format has all of it.\n")
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn what_is_too_long_ends_with_a_line() {
        assert_eq!(cut("a\nb\n".to_owned(), 4), "a\nb\n");
        let got = cut("a\n\u{e9}\u{e9}\n".to_owned(), 5);
        assert!(got.starts_with("a\n\nThe report is longer"), "{got}");
    }
}
