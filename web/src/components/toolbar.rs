//! Which findings are shown, and in which order.

use report::{Applies, Question, Severity};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, html};

use super::ignore::typed;
use super::{button_of, on};
use crate::state::{About, Action, Answered, Filter, Group};

/// The toolbar above the findings of an answer, of which `shown` are shown.
pub(crate) fn toolbar(
    act: &Callback<Action>,
    answered: &Answered,
    filter: &Filter,
    shown: usize,
) -> Html {
    let all = answered.rows.len();
    let chip = |severity: Severity| {
        let onclick = on(act, Action::Toggle(severity));
        let pressed = filter.shows(severity);
        html! {
            <button
                type="button"
                class={severity.id()}
                aria-pressed={pressed.to_string()}
                {onclick}
            >
                <span class="shape" aria-hidden="true">{ severity.shape() }</span>
                { severity.id() }{ " " }{ answered.count(severity) }
            </button>
        }
    };
    html! {
        <div class="toolbar">
            <div class="severities" role="group" aria-label="Severities shown">
                { for Severity::ALL.map(chip) }
            </div>
            { questions(act, filter) }
            <input
                type="search"
                id="filter"
                aria-label="Show only findings with these words"
                placeholder="Filter"
                autocomplete="off"
                value={filter.text.clone()}
                oninput={typed(act, Action::Search)}
            />
            { more(act, filter) }
            if answered.safe_fixes > 0 {
                <button type="button" id="fix-all" onclick={on(act, Action::FixAll(None))}>
                    { match answered.safe_fixes {
                        1 => "Apply 1 safe fix".to_owned(),
                        n => format!("Apply {n} safe fixes"),
                    } }
                </button>
            }
            if shown < all {
                <p class="hidden-findings">
                    { format!("{} of {all} hidden.", all - shown) }{ " " }
                    { button_of("link", act, "Show all", Action::ShowAll) }
                </p>
            }
        </div>
    }
}

/// What is needed less often.
fn more(act: &Callback<Action>, filter: &Filter) -> Html {
    let groups =
        [("question", "by question"), ("rule", "by rule"), ("place", "by line"), ("", "not")];
    let applies = [
        ("", "anywhere"),
        ("build", "the build"),
        ("image", "the image"),
        ("registry", "the registry"),
        ("host", "the host"),
    ];
    let sorts = [("severity", "worst first"), ("place", "by place")];
    let fixable = [("", "with or without a fix"), ("fixable", "with a fix")];
    let where_it = filter.applies.map(Applies::id).unwrap_or_default();
    let sort = if filter.by_place { "place" } else { "severity" };
    html! {
        <details class="more">
            <summary class="button">{ "View" }</summary>
            <div class="fields">
                { choice("Grouped", &groups, filter.group.id(), act, |it| Action::Group(Group::of(&it))) }
                { choice("Sorted", &sorts, sort, act, |it| Action::SortByPlace(it == "place")) }
                { choice("The control applies to", &applies, where_it, act, |it| {
                    let all = [Applies::Build, Applies::Image, Applies::Registry, Applies::Host];
                    Action::OnlyApplies(all.into_iter().find(|one| one.id() == it))
                }) }
                { choice("Findings", &fixable, if filter.fixable { "fixable" } else { "" }, act, |it| {
                    Action::OnlyFixable(!it.is_empty())
                }) }
            </div>
        </details>
    }
}

/// A choice from a few words.
pub(super) fn choice(
    label: &'static str,
    options: &[(&'static str, &'static str)],
    chosen: &str,
    act: &Callback<Action>,
    action: fn(String) -> Action,
) -> Html {
    let onchange = act.reform(move |event: Event| action(value(&event)));
    let option = |(value, label): &(&'static str, &'static str)| {
        html! { <option value={*value} selected={*value == chosen}>{ *label }</option> }
    };
    html! {
        <label>
            { label }{ " " }
            <select {onchange}>{ for options.iter().map(option) }</select>
        </label>
    }
}

/// What was chosen.
pub(super) fn value(event: &Event) -> String {
    let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
    select.map(|it| it.value()).unwrap_or_default()
}

fn questions(act: &Callback<Action>, filter: &Filter) -> Html {
    let onchange = act.reform(|event: Event| {
        let chosen = value(&event);
        let question = Question::ALL.into_iter().find(|it| it.id() == chosen);
        match (&*chosen, question) {
            (_, Some(it)) => Action::Only(About::Question(it)),
            ("other", None) => Action::Only(About::Other),
            _ => Action::Only(About::All),
        }
    });
    let option = |about: About, value: &'static str, label: &'static str| {
        html! { <option {value} selected={filter.about == about}>{ label }</option> }
    };
    let question = |it: Question| option(About::Question(it), it.id(), it.text());
    html! {
        <select aria-label="Question" {onchange}>
            { option(About::All, "all", "All questions") }
            { for Question::ALL.map(question) }
            { option(About::Other, "other", "Correctness and style") }
        </select>
    }
}
