//! The bar at the foot: the engine, the inputs, the airlock, the version.

use yew::{Callback, Html, Properties, component, html};

use super::chips::Chips;
use crate::shared::Shared;
use crate::state::{Action, Airlock, Answered, Attachment, Engine};
use text::Source;

/// What the bar shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The state of the airlock.
    pub(crate) airlock: Airlock,
    /// What the engine is doing.
    pub(crate) engine: Engine,
    /// The newest answer.
    pub(crate) answered: Option<Shared<Answered>>,
    /// The editor's text, unless it is blank.
    pub(crate) editor: Option<Shared<Source>>,
    /// What the editor's text is taken for, if somebody said.
    pub(crate) editor_taken_for: Option<report::Kind>,
    /// What lies beside it.
    pub(crate) attached: Vec<Attachment>,
}

/// The bar.
#[component]
pub(crate) fn Status(props: &Props) -> Html {
    let (airlock, airlock_text, airlock_title) = airlock(&props.airlock);
    let engine = engine(&props.engine);
    html! {
        <footer id="status" data-airlock={airlock} data-engine={engine}>
            <p class="engine">{ engine_text(props) }</p>
            <Chips
                act={props.act.clone()}
                answered={props.answered.clone()}
                editor={props.editor.clone()}
                editor_taken_for={props.editor_taken_for}
                attached={props.attached.clone()}
            />
            <p class={yew::classes!("airlock", airlock)} title={airlock_title}>
                <span class="sign" aria-hidden="true"></span>{ airlock_text }
            </p>
            <p class="version">{ "Plimsoll " }{ env!("CARGO_PKG_VERSION") }</p>
        </footer>
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

fn engine_text(props: &Props) -> String {
    match (&props.engine, &props.answered) {
        (Engine::Loading, _) if matches!(props.airlock, Airlock::Failed { .. }) => {
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
