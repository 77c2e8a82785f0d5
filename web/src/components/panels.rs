//! The switch between the two panels of a narrow screen.

use yew::{Callback, Html, html};

use super::on;
use crate::state::{Action, Panel, State};

/// The switch. On wide screens both panels are shown and the style sheet hides it.
pub(crate) fn panels(state: &State, act: &Callback<Action>) -> Html {
    let findings = match &state.answered {
        Some(it) => format!("Findings ({})", it.rows.len()),
        None => "Findings".to_owned(),
    };
    let button = |panel: Panel, label: String| {
        let onclick = on(act, Action::Show(panel));
        let pressed = state.panel == panel;
        html! {
            <button type="button" aria-pressed={pressed.to_string()} {onclick}>{ label }</button>
        }
    };
    html! {
        <div class="panels" role="group" aria-label="Panel">
            { button(Panel::Input, "Input".to_owned()) }
            { button(Panel::Findings, findings) }
        </div>
    }
}
