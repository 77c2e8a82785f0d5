//! The load line: a ring crossed by a bar, four ticks, and the water. Decoration; what it shows is
//! said by the headline.

use report::{State, Verdict};
use yew::{Html, html};

/// The mark; `answers` are the four answers, once there are any.
pub(crate) fn mark(answers: Option<[State; 4]>) -> Html {
    let states = answers.unwrap_or([State::Moot; 4]);
    let any = |verdict| states.iter().any(|it| it.verdict() == verdict);
    // A mark under water means overloaded.
    let surface = match (answers, any(Verdict::Fails)) {
        (None, _) => 176,
        (Some(_), true) => 52,
        (Some(_), false) => 124,
    };
    let water = if any(Verdict::Unknown) { "water unsure" } else { "water" };
    html! {
        <svg class="mark" viewBox="0 0 176 176" width="72" height="72" aria-hidden="true">
            <rect class={water} x="0" y={surface.to_string()} width="176" height="176" />
            <path class="surface" d={format!("M0 {surface}H176")} />
            <circle class="ring" cx="72" cy="88" r="50" />
            <path class="bar" d="M2 88H142" />
            <path class="ladder" d="M158 32V144" />
            { for (0..).zip(states).map(|(index, state)| tick(index, state)) }
        </svg>
    }
}

fn tick(index: i32, state: State) -> Html {
    let (y, class) = match state.verdict() {
        Verdict::Passes => (76 - 13 * index, "tick ok"),
        Verdict::Fails => (100 + 13 * index, "tick high"),
        Verdict::Unknown => (88, "tick unknown"),
        Verdict::Moot => return Html::default(),
    };
    html! { <path {class} d={format!("M146 {y}H172")} /> }
}
