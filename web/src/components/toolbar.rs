//! Which findings are shown: by severity, by question.

use report::{Question, Severity};
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, TargetCast, html};

use super::on;
use crate::state::{About, Action, Answered, Filter};

/// The toolbar above the findings of an answer, of which `shown` are shown.
pub(crate) fn toolbar(
    act: &Callback<Action>,
    answered: &Answered,
    filter: Filter,
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
    let show_all = on(act, Action::ShowAll);
    html! {
        <div class="toolbar">
            <div class="severities" role="group" aria-label="Severities shown">
                { for Severity::ALL.map(chip) }
            </div>
            { questions(act, filter) }
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
                    <button type="button" class="link" onclick={show_all}>{ "Show all" }</button>
                </p>
            }
        </div>
    }
}

fn questions(act: &Callback<Action>, filter: Filter) -> Html {
    let onchange = act.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
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
