//! One line beside and under the editor's text.

use text::Source;
use yew::{Html, html};

use crate::marks::{Mark, Piece, Word, continues, pieces};

/// The number of a line, and the shape of the worst mark that starts on it.
pub(crate) fn number(line: u32, source: &Source, marks: &[Mark]) -> Html {
    let span = source.line(line).unwrap_or_default();
    let starts = |it: &&Mark| span.start() <= it.span.start() && it.span.start() <= span.end();
    let worst = marks.iter().filter(starts).map(|it| it.severity).min();
    let shape = worst.map(|it| html! { <span class={it.id()}>{ it.shape() }</span> });
    html! { <div>{ shape.unwrap_or_default() }{ line }</div> }
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
