//! What was not examined, and what would settle it.

use report::{Doubt, Question, Sheet};
use yew::{Callback, Html, html};

use super::button_of;
use super::group::group;
use super::message::message;
use super::settled::more;
use crate::state::Action;

/// What was not examined, below the findings.
pub(crate) fn gaps(sheet: &Sheet, act: &Callback<Action>) -> Html {
    let (doubts, all) = &sheet.doubts;
    if doubts.is_empty() {
        return Html::default();
    }
    let item = |it: &Doubt| {
        let settle = it
            .settle
            .as_ref()
            .map(|way| button_of("settle", act, &way.label, Action::Settle(Some(way.clone()))));
        html! {
            <li>
                <p>{ message(&it.message) }</p>
                <p class="about">
                    { for Question::ALL.iter().filter(|one| it.questions.contains(one)).map(tag) }
                    if let Some(place) = &it.place {
                        <span class="place">
                            { place.clone() }
                            { (it.places > 1).then(|| format!(" and {} more", it.places - 1)) }
                        </span>
                    }
                    <span class="rules">{ it.rules.join(", ") }</span>
                    { settle.unwrap_or_default() }
                </p>
            </li>
        }
    };
    let list = html! { <><ul id="gaps">{ for doubts.iter().map(item) }</ul>{ more(*all) }</> };
    group("gaps", "Not examined".into(), list)
}

fn tag(it: &Question) -> Html {
    html! { <span class="tag" title={it.text()}>{ "Q" }{ it.number() }</span> }
}
