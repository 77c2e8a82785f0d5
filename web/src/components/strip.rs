//! The strip with the four answers, their headline, and what was examined.

use report::Question;
use yew::{Callback, Html, html};

use super::{mark::mark, settle::settle, tile::tile};
use crate::state::{Action, Engine, State};

/// The strip.
pub(crate) fn strip(state: &State, act: &Callback<Action>) -> Html {
    let alive = !matches!(state.work.engine, Engine::Dead(_));
    let answered = state.answered.as_ref().filter(|_| alive && !state.work.pending);
    let (headline, examined) = match answered {
        Some(it) => (it.sheet.headline.clone(), it.sheet.examined.clone()),
        None if !alive => ("No answer".to_owned(), String::new()),
        None if !state.is_empty() && state.work.engine == Engine::Loading => {
            ("Not checked yet".to_owned(), String::new())
        }
        None if !state.is_empty() => ("Checking…".to_owned(), String::new()),
        None => (
            "If this container is compromised: what then?".to_owned(),
            "Four questions, each answered with its evidence.".to_owned(),
        ),
    };
    let (lead, rest) = match headline.split_once(':') {
        Some((lead, rest)) => (format!("{lead}: "), rest.trim_start().to_owned()),
        None => (headline, String::new()),
    };
    let tile = |question: Question| {
        let answer =
            answered.and_then(|it| it.sheet.answers.iter().find(|it| it.question == question));
        tile(state, act, question, answer)
    };
    html! {
        <section class="strip" aria-labelledby="headline">
            <div class="summary">
                { mark(answered.map(|it| it.sheet.answers.each_ref().map(|it| it.state))) }
                <div>
                    <h2 id="headline"><b>{ lead }</b>{ rest }</h2>
                    <p id="examined">{ examined }</p>
                </div>
            </div>
            <ul id="answers">{ for Question::ALL.map(tile) }</ul>
            if let Some(way) = &state.settling {
                { settle(way, act) }
            }
        </section>
    }
}
