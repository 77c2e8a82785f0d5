//! How an open question can be settled: a command, and ways to hand in its output.

use report::Settle;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::{Callback, Html, Properties, TargetCast, component, html};

use crate::dom;
use crate::state::{Action, Attachment, Body};

/// What the panel shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The way that is shown.
    pub(crate) way: Settle,
}

/// The panel under the tiles.
#[component]
pub(crate) fn SettlePanel(props: &Props) -> Html {
    let open_files = |_| {
        if let Some(it) = dom::document().get_element_by_id("open") {
            it.unchecked_into::<web_sys::HtmlElement>().click();
        }
    };
    let act = props.act.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let field: HtmlTextAreaElement = event.target_unchecked_into();
        let text = field.value();
        field.set_value("");
        let body = Body::Text(text.clone());
        let attachment = Attachment { name: "pasted".to_owned(), taken_for: None, body };
        if !text.trim().is_empty() {
            act.emit(Action::Attached(vec![attachment]));
        }
    });
    let copy = props.way.command.clone().map(|command| {
        let text = command.clone();
        let onclick = props.act.reform(move |_| Action::Copy(text.clone()));
        html! {
            <>
            <p>{ "Run this where the image is, and hand in what it prints:" }</p>
            <div class="copyable">
                <pre class="command"><code>{ command }</code></pre>
                <button type="button" {onclick}>{ "Copy" }</button>
            </div>
            </>
        }
    });
    html! {
        <div class="settling" role="group" aria-label={props.way.label.clone()}>
            <div class="how">
                <h3>{ &props.way.label }</h3>
                { copy.unwrap_or_default() }
            </div>
            <div class="where">
                <button type="button" onclick={open_files}>{ "Open its file…" }</button>
                <textarea
                    rows="2"
                    aria-label="Paste its output here"
                    placeholder="or paste its output here"
                    {oninput}
                />
            </div>
            <button
                type="button"
                class="close"
                aria-label="Close"
                onclick={props.act.reform(|_| Action::Settle(None))}
            >
                { "×" }
            </button>
        </div>
    }
}
