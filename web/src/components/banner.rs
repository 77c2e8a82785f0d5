//! What stands above the findings when something is not as it should be: what happened, what still
//! holds, what to do.

use text::visible;
use yew::{Callback, Html, html};

use super::progress::progress;
use super::{button, button_of};
use crate::state::{Action, Airlock, Body, Death, Engine, State};

/// The state of the airlock and of the engine, as far as it needs words.
pub(crate) fn banner(state: &State, act: &Callback<Action>) -> Html {
    let airlock = match &state.airlock {
        Airlock::Open | Airlock::Closed => None,
        Airlock::Failed { what, go_on } => Some(not_enforced(act, what, *go_on)),
    };
    let engine = match &state.work.engine {
        Engine::Loading | Engine::Ready | Engine::Restarting => None,
        Engine::Busy => state.work.slow.then(|| {
            let button = button(act, "Cancel", Action::Cancel);
            let content = match &state.work.progress {
                Some(it) => progress(it, button),
                None => html! { <><p>{ "Still checking." }</p>{ button }</> },
            };
            html! { <div class="banner">{ content }</div> }
        }),
        Engine::Dead(death) => Some(dead(act, death, &command(state))),
    };
    html! { <>{ airlock.unwrap_or_default() }{ engine.unwrap_or_default() }</> }
}

fn not_enforced(act: &Callback<Action>, what: &str, go_on: bool) -> Html {
    html! {
        <div class="banner bad">
            <h3>{ "Not enforced in this browser" }</h3>
            <p>
                { "The page asked the browser to refuse every request from now on, and tried it: " }
                { what }{ ". Nothing was read or sent, and this page still sends nothing; but " }
                { "here that is a promise, not something the browser enforces. An extension, or a " }
                { "missing Content Security Policy, can be the cause." }
            </p>
            if !go_on {
                { button(act, "Check anyway", Action::GoOn) }
            }
        </div>
    }
}

/// The command that checks the same files without a browser.
fn command(state: &State) -> String {
    let files = state.attached.iter().filter(|it| matches!(it.body, Body::File(_)));
    let names: Vec<String> = files.map(|it| visible(&it.name).to_string()).collect();
    let names = if names.is_empty() { "Dockerfile".to_owned() } else { names.join(" ") };
    format!("The same checker is there for the command line: plimsoll check {names}.")
}

fn dead(act: &Callback<Action>, death: &Death, cli: &str) -> Html {
    let again = || button(act, "Try again", Action::Again);
    let reload = || button(act, "Load the page again", Action::Reload);
    let (title, text, way) = match death {
        Death::NotLoaded(what) => {
            let text = format!("A part of it is missing ({what}). What you typed is kept. {cli}");
            ("The checker did not load", text, reload())
        }
        Death::Version(version) => {
            let text = format!(
                "The page is of version {}, its checker of version {version}. What you typed \
                 should be copied first: loading the page again starts it empty.",
                env!("CARGO_PKG_VERSION")
            );
            ("The page has changed meanwhile", text, reload())
        }
        Death::Trapped(what) => {
            let text = format!(
                "It failed twice over this input ({what}), which is a defect of the checker. \
                 The input is kept; changing it, or trying again, starts the checker anew. An image \
                 may also need more memory than a browser gives. {cli}"
            );
            ("The checker failed", text, again())
        }
        Death::Stuck => {
            let text = format!(
                "It did not come to an end with this input, twice. The input is kept. {cli}"
            );
            ("The checker was stopped", text, again())
        }
    };
    // What to tell those who can mend it, without a word of the input.
    let copy = match death {
        Death::Trapped(what) => {
            let report = format!("Plimsoll {} failed twice: {what}", env!("CARGO_PKG_VERSION"));
            button_of("report", act, "Copy a report of this", Action::Copy(report))
        }
        _ => Html::default(),
    };
    html! {
        <div class="banner bad"><h3>{ title }</h3><p>{ text }</p>{ way }{ " " }{ copy }</div>
    }
}
