//! The strip with the four answers, their headline, and what was examined.

use report::{Question, Settle};
use yew::{Callback, Html, Properties, component, html};

use super::{mark::Mark, settle::SettlePanel, tile::Tile};
use crate::shared::Shared;
use crate::state::{About, Action, Answered};

/// What the strip shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The newest answer.
    pub(crate) answered: Option<Shared<Answered>>,
    /// Whether a newer one is overdue.
    pub(crate) pending: bool,
    /// Whether there is an engine to answer.
    pub(crate) alive: bool,
    /// Whether anything was handed in.
    pub(crate) asked: bool,
    /// What the findings are filtered by.
    pub(crate) about: About,
    /// The way to settle a question that is being shown.
    pub(crate) settling: Option<Settle>,
}

/// The strip.
#[component]
pub(crate) fn Strip(props: &Props) -> Html {
    let answered = props.answered.as_ref().filter(|_| props.alive && !props.pending);
    let (headline, examined) = match answered {
        Some(it) => (it.headline.clone(), report::examined(&it.report)),
        None if !props.alive => ("No answer".to_owned(), String::new()),
        None if props.asked => ("Checking…".to_owned(), String::new()),
        None => ("If the container is compromised…".to_owned(), String::new()),
    };
    let (lead, rest) = match headline.split_once(": ") {
        Some((lead, rest)) => (format!("{lead}: "), rest.to_owned()),
        None => (headline, String::new()),
    };
    let tile = |question: Question| {
        let of =
            |it: &Shared<Answered>| it.answers.iter().find(|it| it.question == question).cloned();
        html! {
            <Tile
                act={props.act.clone()}
                {question}
                answer={answered.and_then(of)}
                asked={props.asked}
                pressed={props.about == About::Question(question)}
                settling={props.settling.clone()}
            />
        }
    };
    html! {
        <section class="strip" aria-labelledby="headline">
            <div class="summary">
                <Mark states={answered.map(|it| it.answers.each_ref().map(|it| it.state))} />
                <div>
                    <h2 id="headline"><b>{ lead }</b>{ rest }</h2>
                    <p id="examined">{ examined }</p>
                </div>
            </div>
            <ul id="answers">{ for Question::ALL.map(tile) }</ul>
            if let Some(way) = &props.settling {
                <SettlePanel act={props.act.clone()} way={way.clone()} />
            }
        </section>
    }
}
