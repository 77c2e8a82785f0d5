//! Accepting a finding: the reason why, and the comment that says so.

use text::visible;
use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, TargetCast, html};

use super::card::Card;
use super::toolbar::choice;
use super::{button, on};
use crate::state::{Action, Ignoring};

/// The fields under a finding, and the comment that they make.
pub(crate) fn ignore(card: &Card<'_>, it: &Ignoring, comment: &str) -> Html {
    let accept = on(card.act, Action::Accept);
    let disabled = it.reason.trim().is_empty();
    html! {
        <div class="ignore" role="group" aria-label="Accept this finding">
            <p>
                { "Writes a comment above the instruction. The finding stays in the report, among " }
                { "what was accepted. If the comment turns out to accept nothing, or its day has " }
                { "passed, that is a finding." }
            </p>
            { choice(
                "Counts",
                &[("", "for this instruction"), ("file", "in the whole file")],
                if it.whole { "file" } else { "" },
                card.act,
                |it| Action::Whole(!it.is_empty()),
            ) }
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
            <pre class="command" aria-label="The comment" tabindex="0"><code>{ visible(comment.trim()).to_string() }</code></pre>
            <p class="buttons">
                <button type="button" id="accept" {disabled} onclick={accept}>
                    { "Write the comment" }
                </button>
                { button(card.act, "Cancel", Action::Ignoring(None)) }
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
