//! One of the four answers.

use report::{Answer, Question, Settle, State as Verdict};
use yew::{Callback, Html, html};

use super::message::message;
use super::on;
use crate::state::{About, Action, State};

/// A tile: a button that filters the findings, and beside it the ways to settle what is open.
pub(crate) fn tile(
    state: &State,
    act: &Callback<Action>,
    question: Question,
    answer: Option<&Answer>,
) -> Html {
    let onclick = on(act, Action::Look(About::Question(question)));
    let (name, sign, word) = match answer {
        Some(it) => (id(it.state), sign(it.state), it.state.word()),
        None => ("waiting", "\u{25cb}", "…"),
    };
    let pressed = state.filter.about == About::Question(question);
    html! {
        <li class={name}>
            <button
                type="button"
                class="tile"
                data-question={question.id()}
                data-state={name}
                aria-pressed={pressed.to_string()}
                {onclick}
            >
                <span class="question">{ question.text() }</span>
                if answer.is_some() || !state.is_empty() {
                    <span class="answer">
                        <span class="sign" aria-hidden="true">{ sign }</span>
                        <span class="word">{ word }</span>
                    </span>
                }
                if let Some(it) = answer {
                    <span class="reason">{ message(&it.sentence) }</span>
                    { counts(it) }
                }
            </button>
            if let Some(it) = answer.filter(|it| !it.settle.is_empty()) {
                <div class="ways">{ for it.settle.iter().map(|way| settle(state, act, way)) }</div>
            }
        </li>
    }
}

fn settle(state: &State, act: &Callback<Action>, way: &Settle) -> Html {
    let open = state.settling.as_ref() == Some(way);
    let onclick = on(act, Action::Settle(Some(way.clone())));
    html! {
        <button type="button" class="settle" aria-expanded={open.to_string()} {onclick}>
            { &way.label }
        </button>
    }
}

fn counts(it: &Answer) -> Html {
    let findings = match it.findings {
        0 => None,
        1 => Some("1 finding".to_owned()),
        n => Some(format!("{n} findings")),
    };
    let accepted = (it.accepted > 0).then(|| format!("{} accepted", it.accepted));
    let parts: Vec<String> = findings.into_iter().chain(accepted).collect();
    if parts.is_empty() {
        return Html::default();
    }
    html! { <span class="counts">{ parts.join(", ") }</span> }
}

/// The word for a state in styles and tests.
fn id(state: Verdict) -> &'static str {
    match state {
        Verdict::Fails => "fails",
        Verdict::FailsIncomplete => "fails-incomplete",
        Verdict::Unknown => "unknown",
        Verdict::Accepted => "accepted",
        Verdict::Passes => "passes",
        Verdict::Moot => "moot",
    }
}

/// The shape of a state, which the style sheet completes.
fn sign(state: Verdict) -> &'static str {
    match state {
        Verdict::Fails | Verdict::FailsIncomplete => "\u{25b2}",
        Verdict::Unknown => "?",
        Verdict::Accepted | Verdict::Passes => "\u{2713}",
        Verdict::Moot => "\u{2013}",
    }
}
