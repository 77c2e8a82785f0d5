//! The bar at the foot: the engine and the airlock.

use yew::{Callback, Html, html};

use super::on;
use crate::state::{Action, Airlock, Engine, State};

/// The bar.
pub(crate) fn status(state: &State, act: &Callback<Action>) -> Html {
    let theme = Action::Theme(state.theme.next());
    let (airlock, airlock_text, airlock_title) = airlock(&state.airlock);
    html! {
        <div
            id="status"
            data-airlock={airlock}
            data-engine={engine(&state.work.engine)}
            data-memory={(state.work.memory / 1_000_000).to_string()}
        >
            <p class="engine">{ engine_text(state) }</p>
            <p class={yew::classes!("airlock", airlock)} title={airlock_title}>
                <span class="sign" aria-hidden="true"></span>{ airlock_text }
            </p>
            <button type="button" class="link" id="theme" onclick={on(act, theme)}>
                { "Theme: " }{ state.theme.name() }
            </button>
            <button type="button" class="link" id="help" onclick={on(act, Action::Palette(true))}>
                { "Commands and keys" }
            </button>
        </div>
    }
}

fn airlock(airlock: &Airlock) -> (&'static str, &'static str, &'static str) {
    match airlock {
        Airlock::Open => ("open", "Airlock open", "The page is still loading its parts."),
        Airlock::Closed => (
            "closed",
            "Airlock closed",
            "The browser refuses every request of this page. That was tried.",
        ),
        Airlock::Failed { what: _, go_on: _ } => (
            "failed",
            "Airlock not enforced",
            "The browser did not refuse a request when it was tried.",
        ),
    }
}

fn engine(engine: &Engine) -> &'static str {
    match engine {
        Engine::Loading => "loading",
        Engine::Ready => "ready",
        Engine::Busy => "busy",
        Engine::Restarting => "restarting",
        Engine::Dead(_) => "dead",
    }
}

fn engine_text(state: &State) -> String {
    match (&state.work.engine, &state.answered) {
        (Engine::Loading, _) if matches!(state.airlock, Airlock::Failed { .. }) => {
            "Waiting for your word".to_owned()
        }
        (Engine::Loading, _) => "Loading the checker".to_owned(),
        (Engine::Ready, Some(it)) if it.millis == 0 => "Checked in less than 1 ms".to_owned(),
        (Engine::Ready, Some(it)) => format!("Checked in {} ms", it.millis),
        (Engine::Ready, None) => "Ready".to_owned(),
        (Engine::Busy, _) => "Checking".to_owned(),
        (Engine::Restarting, _) => "Starting the checker again".to_owned(),
        (Engine::Dead(_), _) => "No checker".to_owned(),
    }
}
