//! Accepting a finding: the reason why, and the comment that says so.

use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, TargetCast, html};

use super::card::Card;
use super::on;
use crate::state::{Action, Ignoring};

/// The fields under a finding.
pub(crate) fn ignore(card: &Card<'_>, it: &Ignoring) -> Html {
    let accept = on(card.act, Action::Accept);
    let disabled = it.reason.trim().is_empty();
    html! {
        <div class="ignore" role="group" aria-label="Accept this finding">
            <p>
                { "Writes a comment above the instruction. The finding stays in the report, among " }
                { "what was accepted. If the comment turns out to accept nothing, or its day has " }
                { "passed, that is a finding." }
            </p>
            <label>
                { "Reason" }
                <input
                    type="text"
                    id="reason"
                    autocomplete="off"
                    value={it.reason.clone()}
                    oninput={typed(card.act, Action::Reason)}
                />
            </label>
            <label>
                { "Until (optional)" }
                <input
                    type="date"
                    id="until"
                    value={it.until.clone()}
                    oninput={typed(card.act, Action::Until)}
                />
            </label>
            <p class="buttons">
                <button type="button" id="accept" {disabled} onclick={accept}>
                    { "Write the comment" }
                </button>
                <button type="button" onclick={on(card.act, Action::Ignoring(None))}>
                    { "Cancel" }
                </button>
            </p>
        </div>
    }
}

/// What a field does when somebody types into it.
pub(super) fn typed<T: 'static>(
    act: &Callback<T>,
    action: fn(String) -> T,
) -> Callback<InputEvent> {
    act.reform(move |event: InputEvent| {
        action(event.target_unchecked_into::<HtmlInputElement>().value())
    })
}
