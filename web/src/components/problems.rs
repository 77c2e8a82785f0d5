//! What kept inputs from being read.

use report::{Problem, Sheet};
use text::visible;
use yew::{Callback, Html, html};

use super::button;
use super::excerpt::excerpt;
use super::message::sentence;
use crate::state::Action;

/// The problems of a report, above its findings.
pub(crate) fn problems(sheet: &Sheet, act: &Callback<Action>) -> Html {
    if sheet.problems.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="problems" aria-label="Problems with the inputs">
            { for sheet.problems.iter().map(|it| problem(sheet, it, act)) }
        </ul>
    }
}

fn problem(sheet: &Sheet, it: &Problem, act: &Callback<Action>) -> Html {
    let name = sheet.sources.get(usize::from(it.source.0)).map_or("?", |it| &it.name);
    let line = it.place.as_ref().and_then(|it| it.start);
    let line = line.map(|it| format!(":{}:{}", it.line, it.column)).unwrap_or_default();
    html! {
        <li class="banner">
            <p><b>{ visible(name).to_string() }{ line }</b>{ " " }{ sentence(&it.message) }</p>
            if let Some(place) = &it.place {
                { excerpt(place) }
            }
            <p>{ sentence(&it.remedy) }</p>
            if !it.choices.is_empty() {
                { choices(&it.choices, act) }
            }
        </li>
    }
}

/// The names to choose from, as a button each: what is chosen is asked no more.
fn choices(all: &[String], act: &Callback<Action>) -> Html {
    let choice = |name: &String| {
        let action = Action::Pick { chosen: name.clone(), of: all.to_vec() };
        button(act, &visible(name).to_string(), action)
    };
    html! { <p class="buttons choices">{ for all.iter().map(choice) }</p> }
}
