//! The report for elsewhere.

use yew::{Callback, Html, Properties, component, html};

use crate::state::Action;

/// What the buttons need to know.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// Whether there is a report.
    pub(crate) ready: bool,
}

/// The export buttons.
#[component]
pub(crate) fn Export(props: &Props) -> Html {
    let copy = props.act.reform(|_| Action::CopyMarkdown);
    let save = props.act.reform(|_| Action::SaveJson);
    html! {
        <>
        <button type="button" id="copy-markdown" disabled={!props.ready} onclick={copy}>
            { "Copy as Markdown" }
        </button>
        <button type="button" id="save-json" disabled={!props.ready} onclick={save}>
            { "Save JSON" }
        </button>
        </>
    }
}
