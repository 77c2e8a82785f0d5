//! A fix: what it would change, and the button that does it.

use report::{Fix, Safety};
use text::visible;
use yew::{Html, html};

use super::button_of;
use super::card::Card;
use super::message::message;
use crate::diff::{Change, Line, diff};
use crate::state::{Action, RowKey, as_handed};

/// The fix of a finding.
pub(crate) fn fix(card: &Card<'_>, key: &RowKey, fix: &Fix) -> Html {
    let masked = |text: String| card.answered.masked(fix.source, &text);
    let text = card.answered.input(fix.source).map(|(_, text)| masked(as_handed(text)));
    let (word, title) = match fix.safety {
        Safety::Safe => ("safe", "The built image behaves the same"),
        Safety::Review => ("to review", "Somebody has to look at what this changes"),
    };
    html! {
        <div class="fix">
            <p><b>{ "Fix: " }</b>{ message(&fix.title) }<span class="tag" {title}>{ word }</span></p>
            if let Some(text) = text {
                { lines(&diff(&text, &fix.edits), "What the fix changes") }
                { button_of("apply", card.act, "Apply", Action::Fix(key.clone())) }
            }
        </div>
    }
}

/// Lines that go and come.
pub(crate) fn lines(lines: &[Line], label: &'static str) -> Html {
    let line = |it: &Line| {
        let (class, sign) = match it.change {
            Change::Goes => ("row goes", "\u{2212}"),
            Change::Comes => ("row comes", "+"),
            Change::Stays => ("row", " "),
        };
        html! {
            <span {class}>
                <span class="number" aria-hidden="true">{ it.number }</span>
                <span class="text">{ sign }{ " " }{ visible(&it.text).to_string() }{ "\n" }</span>
            </span>
        }
    };
    html! {
        <pre class="excerpt diff" tabindex="0" aria-label={label}>{ for lines.iter().map(line) }</pre>
    }
}
