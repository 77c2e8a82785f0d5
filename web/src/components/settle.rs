//! How an open question can be settled: a command, and ways to hand in its output.

use report::{Input, Settle};
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::{Callback, Html, TargetCast, html};

use super::{button, close};
use crate::state::{Action, Attachment, PASTED};

/// Lists what is built from: the names of its files and what the ignore file says.
const LIST: &str = "find . -type f; echo .dockerignore:; sed 's/^/  /' .dockerignore";

/// The panel under the tiles.
pub(crate) fn settle(way: &Settle, act: &Callback<Action>) -> Html {
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
        let copy = button(act, "Copy", Action::Copy(command.clone()));
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
                { copy }
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
                    { button(act, "Open its file…", Action::OpenFiles) }
                }
                <textarea
                    rows="2"
                    aria-label="Paste its output here"
                    placeholder="or paste its output here"
                    {oninput}
                />
            </div>
            { close(act, "Close".to_owned(), Action::Settle(None)) }
        </div>
    }
}
