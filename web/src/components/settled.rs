//! What needs nobody's attention: what was accepted, and what is in order.

use report::{Aside, MOST, Sheet};
use yew::{Callback, Html, html};

use super::message::message;
use super::on;
use crate::state::Action;

/// Says how many of a group are not shown.
pub(super) fn more(all: usize) -> Html {
    if all <= MOST {
        return Html::default();
    }
    html! { <p>{ format!("And {} more, which Save JSON lists.", all - MOST) }</p> }
}

/// What was accepted in the file, by whose comment and why.
pub(crate) fn accepted(sheet: &Sheet) -> Html {
    let (accepted, all) = &sheet.accepted;
    if accepted.is_empty() {
        return Html::default();
    }
    html! {
        <section class="group" aria-labelledby="accepted-heading">
            <h3 id="accepted-heading">{ "Accepted in the file" }</h3>
            <ul id="accepted">{ for accepted.iter().map(aside) }</ul>
            { more(*all) }
        </section>
    }
}

/// What was looked at and is in order.
pub(crate) fn cleared(sheet: &Sheet, open: bool, act: &Callback<Action>) -> Html {
    let (cleared, all) = &sheet.cleared;
    if cleared.is_empty() {
        return Html::default();
    }
    html! {
        <section class="group" aria-labelledby="cleared-heading">
            <h3 id="cleared-heading">
                <button
                    type="button"
                    class="link"
                    aria-expanded={open.to_string()}
                    onclick={on(act, Action::UnfoldCleared)}
                >
                    { format!("Looked at and in order ({all})") }
                </button>
            </h3>
            if open {
                <ul id="cleared">{ for cleared.iter().map(aside) }</ul>
                { more(*all) }
            }
        </section>
    }
}

fn aside(it: &Aside) -> Html {
    html! {
        <li>
            <p>{ message(&it.message) }</p>
            <p class="about">
                <span class="place">{ it.place.clone() }</span>
                <span class="rules">{ it.rule.clone() }</span>
                { it.by.clone() }
            </p>
        </li>
    }
}
