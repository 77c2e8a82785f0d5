//! One line beside and under the editor's text.

use report::Severity;
use text::Source;
use yew::{Html, html};

use crate::marks::{Mark, Piece, Word, continues, pieces};

/// The number of a line; the shape of the worst mark that starts on it, how many do if it is not the only
/// one, and a sign if any of them can be fixed.
pub(crate) fn number(line: u32, source: &Source, marks: &[Mark]) -> Html {
    let span = source.line(line).unwrap_or_default();
    let starts = |it: &&Mark| span.start() <= it.span.start() && it.span.start() <= span.end();
    let (mut worst, mut count, mut is_fixable) = (None::<Severity>, 0_usize, false);
    for it in marks.iter().filter(starts) {
        worst = Some(worst.map_or(it.severity, |worst| worst.min(it.severity)));
        count += 1;
        is_fixable |= it.is_fixable;
    }
    let Some(worst) = worst else { return html! { <div>{ line }</div> } };
    let more = (count > 1).then(|| count.to_string());
    html! {
        <div class={is_fixable.then_some("fixable")}>
            <span class={worst.id()}>{ worst.shape() }<small>{ more }</small></span>
            { line }
        </div>
    }
}

/// The line again, with its marks.
pub(crate) fn mirrored(line: u32, source: &Source, marks: &[Mark]) -> Html {
    let Some(span) = source.line(line) else { return html! { <div>{ "\n" }</div> } };
    let before = line.checked_sub(1).and_then(|it| source.line(it));
    let continued = before.is_some_and(|it| continues(source.slice(it)));
    let parts = pieces(source.slice(span), span.start(), continued, marks);
    html! { <div>{ for parts.iter().map(piece) }{ "\n" }</div> }
}

fn piece(it: &Piece<'_>) -> Html {
    let word = it.word.map(|it| match it {
        Word::Keyword => "keyword",
        Word::Comment => "comment",
        Word::Variable => "variable",
    });
    let mark = it.mark.map(|it| ["flaw", it.id()]);
    if word.is_none() && mark.is_none() {
        return html! { { it.text } };
    }
    let mark: Vec<&str> = mark.into_iter().flatten().collect();
    html! { <span class={yew::classes!(word, mark)}>{ it.text }</span> }
}
