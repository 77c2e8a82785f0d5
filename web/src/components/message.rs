//! A message of the engine: its own words, and what it quotes.

use report::{Piece, Severity, pieces};
use text::visible;
use yew::{Html, html};

/// A message with its quotations set apart.
pub(crate) fn message(text: &str) -> Html {
    let part = |it| match it {
        Piece::Prose(it) => html! { { visible(it).to_string() } },
        Piece::Code(it) => html! { <code>{ visible(it).to_string() }</code> },
    };
    pieces(text).map(part).collect()
}

/// A message as a sentence of its own.
pub(crate) fn sentence(text: &str) -> Html {
    message(&report::sentence(text))
}

/// The shape of a severity and its word.
pub(crate) fn severity(it: Severity) -> Html {
    html! {
        <span class={it.id()}>
            <span class="shape" aria-hidden="true">{ it.shape() }</span>
            <span class="severity">{ it.id() }</span>
        </span>
    }
}

/// Several lines, each with what is hidden in it shown.
pub(crate) fn visible_lines(text: &str) -> String {
    text.lines().map(|it| format!("{}\n", visible(it))).collect()
}
