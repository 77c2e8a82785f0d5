//! What is drawn, each part in its own file. Components show the state and emit actions; they
//! decide nothing.

pub(crate) mod advice;
pub(crate) mod banner;
pub(crate) mod card;
pub(crate) mod editor;
pub(crate) mod evidence;
pub(crate) mod excerpt;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod fix;
pub(crate) mod gaps;
pub(crate) mod group;
pub(crate) mod history;
pub(crate) mod ignore;
pub(crate) mod layers;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod mark;
pub(crate) mod message;
pub(crate) mod notice;
pub(crate) mod outcome;
pub(crate) mod palette;
pub(crate) mod panels;
pub(crate) mod problems;
pub(crate) mod progress;
pub(crate) mod prose;
pub(crate) mod settle;
pub(crate) mod settled;
pub(crate) mod share;
pub(crate) mod status;
pub(crate) mod strip;
pub(crate) mod tabs;
pub(crate) mod tile;
pub(crate) mod told;
pub(crate) mod toolbar;
mod treemap;

use yew::{AttrValue, Callback, Html, MouseEvent, html};

use crate::state::Action;

/// What a button does. One function for all of them, since every closure is compiled by itself.
pub(crate) fn on(act: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    act.reform(move |_| action.clone())
}

/// A button with some words. What `html!` makes of a button is compiled anew at each place that has one.
pub(crate) fn button(act: &Callback<Action>, words: &str, action: Action) -> Html {
    button_of("", act, words, action)
}

/// The same, of a class.
pub(crate) fn button_of(
    class: &'static str,
    act: &Callback<Action>,
    words: &str,
    action: Action,
) -> Html {
    let words = words.to_owned();
    html! { <button type="button" {class} onclick={on(act, action)}>{ words }</button> }
}

/// The button that closes something, or takes it away.
pub(crate) fn close(act: &Callback<Action>, label: String, action: Action) -> Html {
    let label = AttrValue::from(label);
    html! {
        <button type="button" class="close" aria-label={label} onclick={on(act, action)}>
            { "×" }
        </button>
    }
}
