//! The report for elsewhere.

use yew::{Callback, Html, html};

use super::on;
use crate::state::{Action, State};

/// The export buttons.
pub(crate) fn export(state: &State, act: &Callback<Action>) -> Html {
    let disabled = state.answered.is_none();
    let copy = on(act, Action::CopyMarkdown);
    let save = on(act, Action::SaveJson);
    html! {
        <>
        <button type="button" id="copy-markdown" {disabled} onclick={copy}>
            { "Copy as Markdown" }
        </button>
        <button type="button" id="save-json" {disabled} onclick={save}>{ "Save JSON" }</button>
        </>
    }
}
