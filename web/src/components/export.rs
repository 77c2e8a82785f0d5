//! The report for elsewhere.

use yew::{Callback, Html, html};

use crate::state::{Action, State};

/// The export buttons.
pub(crate) fn export(state: &State, act: &Callback<Action>) -> Html {
    let disabled = state.answered.is_none();
    let copy = act.reform(|_| Action::CopyMarkdown);
    let save = act.reform(|_| Action::SaveJson);
    html! {
        <>
        <button type="button" id="copy-markdown" {disabled} onclick={copy}>
            { "Copy as Markdown" }
        </button>
        <button type="button" id="save-json" {disabled} onclick={save}>{ "Save JSON" }</button>
        </>
    }
}
