//! The groups below the findings.

use yew::{Callback, Html, html};

use super::on;
use crate::state::Action;

/// A group with a heading.
pub(crate) fn group(name: &str, heading: Html, content: Html) -> Html {
    let id = format!("{name}-heading");
    html! {
        <section class="group" aria-labelledby={id.clone()}>
            <h3 {id}>{ heading }</h3>
            { content }
        </section>
    }
}

/// The heading of a group that opens and closes.
pub(crate) fn fold(act: &Callback<Action>, words: String, open: bool, action: Action) -> Html {
    html! {
        <button
            type="button"
            class="link"
            aria-expanded={open.to_string()}
            onclick={on(act, action)}
        >
            { words }
        </button>
    }
}
