//! The lines a place covers, with the place marked. The engine has masked them.

use report::{ExcerptLine, Place};
use yew::{Html, html};

/// The excerpt of a place, if it has one.
pub(crate) fn excerpt(place: &Place) -> Html {
    if place.excerpt.is_empty() {
        return Html::default();
    }
    html! {
        <pre class="excerpt" tabindex="0" aria-label="Excerpt">
            { for place.excerpt.iter().map(line) }
        </pre>
    }
}

fn line(it: &ExcerptLine) -> Html {
    let (before, marked, after) = cut(&it.text, it.mark);
    html! {
        <span class="row">
            <span class="number" aria-hidden="true">{ it.line }</span>
            <span class="text">{ before }<mark>{ marked }</mark>{ after }{ "\n" }</span>
        </span>
    }
}

/// Cuts a text at two positions that count characters.
fn cut(text: &str, (start, end): (u32, u32)) -> (String, String, String) {
    let take = |from: u32, to: u32| {
        let (from, length) = (from as usize, to.saturating_sub(from) as usize);
        text.chars().skip(from).take(length).collect()
    };
    (take(0, start), take(start, end), take(end, u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn marks_count_characters() {
        let cut = |mark| {
            let (a, b, c) = cut("a\u{e9}\u{1f433}d", mark);
            format!("{a}|{b}|{c}")
        };
        assert_eq!(cut((1, 3)), "a|\u{e9}\u{1f433}|d");
        assert_eq!(cut((0, 9)), "|a\u{e9}\u{1f433}d|");
        assert_eq!(cut((4, 4)), "a\u{e9}\u{1f433}d||");
    }
}
