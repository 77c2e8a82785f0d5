//! One of the four answers.

use report::{Answer, Question, Settle, State};
use yew::{Callback, Html, Properties, component, html};

use super::message::message;
use crate::state::{About, Action};

/// What a tile shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The question.
    pub(crate) question: Question,
    /// Its answer, unless that is still open.
    pub(crate) answer: Option<Answer>,
    /// Whether anything was handed in.
    pub(crate) asked: bool,
    /// Whether the findings are filtered by it.
    pub(crate) pressed: bool,
    /// The way to settle a question that is being shown.
    pub(crate) settling: Option<Settle>,
}

/// A tile: a button that filters the findings, and beside it the ways to settle what is open.
#[component]
pub(crate) fn Tile(props: &Props) -> Html {
    let question = props.question;
    let onclick = props.act.reform(move |_| Action::Look(About::Question(question)));
    let (state, sign, word) = match &props.answer {
        Some(it) => (id(it.state), sign(it.state), it.state.word()),
        None if props.asked => ("waiting", "\u{25cb}", "…"),
        None => ("waiting", "\u{25cb}", "Nothing to check yet"),
    };
    let pressed = if props.pressed { "true" } else { "false" };
    html! {
        <li class={state}>
            <button
                type="button"
                class="tile"
                data-question={question.id()}
                data-state={state}
                aria-pressed={pressed}
                {onclick}
            >
                <span class="question">{ question.text() }</span>
                <span class="answer">
                    <span class="sign" aria-hidden="true">{ sign }</span>
                    <span class="word">{ word }</span>
                </span>
                if let Some(it) = &props.answer {
                    <span class="reason">{ message(&it.sentence) }</span>
                    { counts(it) }
                }
            </button>
            if let Some(it) = &props.answer {
                { for it.settle.iter().map(|way| settle(props, way)) }
            }
        </li>
    }
}

fn settle(props: &Props, way: &Settle) -> Html {
    let open = if props.settling.as_ref() == Some(way) { "true" } else { "false" };
    let (label, way) = (way.label.clone(), way.clone());
    let onclick = props.act.reform(move |_| Action::Settle(Some(way.clone())));
    html! {
        <button type="button" class="settle" aria-expanded={open} {onclick}>{ label }</button>
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
fn id(state: State) -> &'static str {
    match state {
        State::Fails => "fails",
        State::FailsIncomplete => "fails-incomplete",
        State::Unknown => "unknown",
        State::Passes => "passes",
        State::Moot => "moot",
    }
}

/// The shape of a state, which the style sheet completes.
fn sign(state: State) -> &'static str {
    match state {
        State::Fails | State::FailsIncomplete => "\u{25b2}",
        State::Unknown => "?",
        State::Passes => "\u{2713}",
        State::Moot => "\u{2013}",
    }
}
