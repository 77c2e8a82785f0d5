//! The switch between the two panels of a narrow screen.

use yew::{Callback, Html, Properties, component, html};

use crate::state::{Action, Panel};

/// What the switch shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The panel that is shown.
    pub(crate) panel: Panel,
    /// Number of findings.
    pub(crate) findings: Option<usize>,
}

/// The switch. On wide screens both panels are shown and the style sheet hides it.
#[component]
pub(crate) fn Panels(props: &Props) -> Html {
    let findings = match props.findings {
        Some(n) => format!("Findings ({n})"),
        None => "Findings".to_owned(),
    };
    let button = |panel: Panel, label: String| {
        let onclick = props.act.reform(move |_| Action::Show(panel));
        let pressed = if props.panel == panel { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} {onclick}>{ label }</button> }
    };
    html! {
        <div class="panels" role="group" aria-label="Panel">
            { button(Panel::Input, "Input".to_owned()) }
            { button(Panel::Findings, findings) }
        </div>
    }
}
