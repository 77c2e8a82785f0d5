//! What needs nobody's attention: what was accepted, and what is in order.

use report::{Aside, MOST, Sheet};
use yew::{Callback, Html, html};

use super::group::{fold, group};
use super::message::sentence;
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
    group("accepted", "Accepted in the file".into(), list("accepted", accepted, *all))
}

/// What was looked at and is in order.
pub(crate) fn cleared(sheet: &Sheet, open: bool, act: &Callback<Action>) -> Html {
    let (cleared, all) = &sheet.cleared;
    if cleared.is_empty() {
        return Html::default();
    }
    let words = format!("Looked at and in order ({all})");
    let content = if open { list("cleared", cleared, *all) } else { Html::default() };
    group("cleared", fold(act, words, open, Action::UnfoldCleared), content)
}

fn list(id: &'static str, asides: &[Aside], all: usize) -> Html {
    html! { <><ul {id}>{ for asides.iter().map(aside) }</ul>{ more(all) }</> }
}

fn aside(it: &Aside) -> Html {
    html! {
        <li>
            <p>{ sentence(&it.message) }</p>
            <p class="about">
                <span class="place">{ it.place.clone() }</span>
                <span class="rules">{ it.rule.clone() }</span>
                { it.by.clone() }
            </p>
        </li>
    }
}
