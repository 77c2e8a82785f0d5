//! The report and the inputs for elsewhere.

use report::wire::Format;
use yew::{Callback, Html, html};

use super::{button, on};
use crate::state::{Action, State};

/// The export buttons.
pub(crate) fn export(state: &State, act: &Callback<Action>) -> Html {
    let disabled = state.answered.is_none();
    let copy = on(act, Action::Export(Format::Markdown));
    let save = on(act, Action::Export(Format::Json));
    let format = |it: Format| item(act, format!("Save {}", it.names().0), Action::Export(it));
    html! {
        <>
        <button type="button" id="copy-markdown" {disabled} onclick={copy}>
            { "Copy as Markdown" }
        </button>
        <button type="button" id="save-json" {disabled} onclick={save}>{ "Save JSON" }</button>
        if !disabled {
            <details id="exports" class="menu">
                <summary class="button">{ "More" }</summary>
                <ul>
                    // Those before them are beside the menu.
                    { for Format::ALL.into_iter().skip(2).map(format) }
                    { item(act, "Print the report…".to_owned(), Action::Print) }
                    { item(act, "Save the inputs as a session".to_owned(), Action::SaveSession) }
                    { item(act, "Share as a link…".to_owned(), Action::Share) }
                </ul>
            </details>
        }
        </>
    }
}

fn item(act: &Callback<Action>, label: String, action: Action) -> Html {
    html! { <li>{ button(act, &label, action) }</li> }
}
