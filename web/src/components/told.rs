//! What the inputs tell together: where they disagree, and what the process may write.

use report::{Disagreement, Evidence, MOST};
use yew::{Callback, Html, html};

use super::group::group;
use super::history::place;
use super::message::{message, sentence};
use super::settled::more;
use crate::state::{Action, Answered};

/// Where inputs tell different things, and who says what.
pub(crate) fn dissent(answered: &Answered, act: &Callback<Action>) -> Html {
    let all = &answered.sheet.disagreements;
    if all.is_empty() {
        return Html::default();
    }
    let item = |it: &Disagreement| {
        html! {
            <li>
                <p>{ sentence(&it.message) }</p>
                { evidence(&it.places, answered, act) }
            </li>
        }
    };
    let list = all.iter().take(MOST).map(item);
    let list = html! { <><ul id="dissent">{ for list }</ul>{ more(all.len()) }</> };
    group("dissent", "The inputs disagree".into(), list)
}

/// The paths that the main process may write.
pub(crate) fn writable(answered: &Answered, act: &Callback<Action>) -> Html {
    let all = &answered.sheet.writable;
    if all.is_empty() {
        return Html::default();
    }
    let list = html! {
        <><div id="writable">{ evidence(all, answered, act) }</div>{ more(all.len()) }</>
    };
    group("writable", "What the main process may write".into(), list)
}

fn evidence(all: &[Evidence], answered: &Answered, act: &Callback<Action>) -> Html {
    let item = |it: &Evidence| {
        html! {
            <li class="about">
                { place(answered, &it.place, act) }
                <span>{ message(&it.note) }</span>
            </li>
        }
    };
    html! { <ul class="witnesses">{ for all.iter().take(MOST).map(item) }</ul> }
}
