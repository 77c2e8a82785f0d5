//! Accepting a finding: the reason why, and the comment that says so.

use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};
use yew::{Html, TargetCast, html};

use super::card::Card;
use super::on;
use crate::state::{Action, RowKey};

/// The form under a finding.
pub(crate) fn ignore(card: &Card<'_>, key: &RowKey) -> Html {
    let chosen = key.clone();
    let onsubmit = card.act.reform(move |event: SubmitEvent| {
        event.prevent_default();
        let form: HtmlFormElement = event.target_unchecked_into();
        let data = FormData::new_with_form(form.unchecked_ref()).ok();
        let value = |name: &str| data.as_ref()?.get(name).as_string();
        let (reason, until) = (value("reason"), value("until"));
        Action::Accept(chosen.clone(), reason.unwrap_or_default(), until.unwrap_or_default())
    });
    html! {
        <form class="ignore" {onsubmit} aria-label="Accept this finding">
            <p>
                { "Writes a comment above the instruction. The finding stays in the report, among " }
                { "what was accepted. If the comment turns out to accept nothing, or its day has " }
                { "passed, that is a finding." }
            </p>
            <label>
                { "Reason" }
                <input type="text" id="reason" name="reason" required=true autocomplete="off" pattern=".*\\S.*" />
            </label>
            <label>
                { "Until (optional)" }
                <input type="date" name="until" />
            </label>
            <p class="buttons">
                <button type="submit">{ "Write the comment" }</button>
                <button type="button" onclick={on(card.act, Action::Ignoring(None))}>
                    { "Cancel" }
                </button>
            </p>
        </form>
    }
}
