//! Which findings are shown: by severity, by question.

use report::{Question, Severity};
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, Properties, TargetCast, component, html};

use crate::shared::Shared;
use crate::state::{About, Action, Answered, Filter};

/// What the toolbar shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The answer whose findings are listed.
    pub(crate) answered: Shared<Answered>,
    /// Which of them are shown.
    pub(crate) filter: Filter,
    /// How many of them are shown.
    pub(crate) shown: usize,
}

/// The toolbar above the findings.
#[component]
pub(crate) fn Toolbar(props: &Props) -> Html {
    let all = props.answered.rows.len();
    let chip = |severity: Severity| {
        let onclick = props.act.reform(move |_| Action::Toggle(severity));
        let pressed = if props.filter.shows(severity) { "true" } else { "false" };
        html! {
            <button type="button" class={severity.id()} aria-pressed={pressed} {onclick}>
                <span class="shape" aria-hidden="true">{ severity.shape() }</span>
                { severity.id() }{ " " }{ props.answered.count(severity) }
            </button>
        }
    };
    let show_all = props.act.reform(|_| Action::ShowAll);
    html! {
        <div class="toolbar">
            <div class="severities" role="group" aria-label="Severities shown">
                { for Severity::ALL.map(chip) }
            </div>
            { questions(props) }
            if props.shown < all {
                <p class="hidden-findings">
                    { format!("{} of {all} hidden.", all - props.shown) }{ " " }
                    <button type="button" class="link" onclick={show_all}>{ "Show all" }</button>
                </p>
            }
        </div>
    }
}

fn questions(props: &Props) -> Html {
    let onchange = props.act.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let question = Question::ALL.into_iter().find(|it| it.id() == chosen);
        match (&*chosen, question) {
            (_, Some(it)) => Action::Only(About::Question(it)),
            ("other", None) => Action::Only(About::Other),
            _ => Action::Only(About::All),
        }
    });
    let option = |about: About, value: &'static str, label: &'static str| {
        html! { <option {value} selected={props.filter.about == about}>{ label }</option> }
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
