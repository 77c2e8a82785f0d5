//! The palette: every action by its name, and the help on keys at once.

use yew::{Callback, Html, html};

use super::ignore::typed;
use super::on;
use crate::state::{Action, Command, State};

/// The palette, while it is open.
pub(crate) fn palette(state: &State, act: &Callback<Action>) -> Html {
    let Some(palette) = &state.palette else { return Html::default() };
    let oninput = typed(act, Action::Query);
    let commands = state.commands();
    let item = |(index, it): (usize, &Command)| {
        let chosen = index == palette.chosen;
        html! {
            <li
                id={format!("command-{index}")}
                role="option"
                aria-selected={chosen.to_string()}
                onclick={on(act, Action::RunCommand(Some(index)))}
            >
                <span>{ &it.name }</span>
                if !it.keys.is_empty() {
                    <kbd>{ it.keys }</kbd>
                }
            </li>
        }
    };
    html! {
        <>
        <input
            id="query"
            role="combobox"
            aria-label="Find a command, a rule or an example"
            aria-expanded="true"
            aria-controls="commands"
            aria-activedescendant={format!("command-{}", palette.chosen)}
            placeholder="Find a command, a rule or an example"
            autocomplete="off"
            value={palette.query.clone()}
            {oninput}
        />
        <ul id="commands" role="listbox" aria-label="Commands">
            { for commands.iter().enumerate().map(item) }
        </ul>
        </>
    }
}
