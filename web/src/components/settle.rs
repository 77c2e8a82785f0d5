//! How an open question can be settled: a command, and ways to hand in its output.

use report::{Input, Settle};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::{Callback, Html, TargetCast, html};

use super::on;
use crate::dom;
use crate::state::{Action, Attachment, PASTED};

/// Lists what is built from: the names of its files and what the ignore file says.
const LIST: &str = "find . -type f; echo .dockerignore:; sed 's/^/  /' .dockerignore";

/// The panel under the tiles.
pub(crate) fn settle(way: &Settle, act: &Callback<Action>) -> Html {
    let open_files = |_| {
        if let Some(it) = dom::document().get_element_by_id("open") {
            it.unchecked_into::<web_sys::HtmlElement>().click();
        }
    };
    let folder = way.input == Input::Context;
    let hand_in = act.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let field: HtmlTextAreaElement = event.target_unchecked_into();
        let text = field.value();
        field.set_value("");
        if !text.trim().is_empty() {
            hand_in.emit(match folder {
                true => Action::Surrounded(text),
                false => Action::Attached(vec![Attachment::text(PASTED, &text)]),
            });
        }
    });
    let command = way.command.clone().or_else(|| folder.then(|| LIST.to_owned()));
    let copy = command.map(|command| {
        let text = command.clone();
        let onclick = on(act, Action::Copy(text));
        html! {
            <>
            <p>
                { match folder {
                    true => "Only names and .dockerignore are read. In the folder, run this and paste what it prints:",
                    false => "Run this where the image is, and hand in what it prints:",
                } }
            </p>
            <div class="copyable">
                <pre class="command"><code>{ command }</code></pre>
                <button type="button" {onclick}>{ "Copy" }</button>
            </div>
            </>
        }
    });
    html! {
        <div class="settling" role="group" aria-label={way.label.clone()}>
            <div class="how">
                <h3>{ &way.label }</h3>
                { copy.unwrap_or_default() }
            </div>
            <div class="where">
                if folder {
                    <label class="button" for="folder">{ "Open the folder…" }</label>
                    <input class="unseen" type="file" id="folder" webkitdirectory=true aria-label="Folder that is built from" />
                } else {
                    <button type="button" onclick={open_files}>{ "Open its file…" }</button>
                }
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
                onclick={on(act, Action::Settle(None))}
            >
                { "×" }
            </button>
        </div>
    }
}
