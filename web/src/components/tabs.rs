//! The inputs side by side: what each is called, what it was taken for, how long it is.

use report::{Kind, SourceInfo};
use text::visible;
use yew::{Callback, Event, Html, MouseEvent, html};

use super::toolbar::value;
use super::{close, on};
use crate::state::{Action, Attachment, Left, State};

/// The tabs above the editor.
pub(crate) fn tabs(state: &State, act: &Callback<Action>) -> Html {
    let inputs = state.tabs();
    let alone = inputs.len() == 1;
    let add = on(act, Action::NewTab);
    html! {
        <div class="tabs">
            <ul id="inputs" aria-label="Inputs">
                { for inputs.iter().map(|it| tab(state, it, alone, act)) }
                { recovered(state, act) }
                { layers(state, act) }
            </ul>
            if !state.editor.is_blank() {
                <button type="button" class="close" id="new-input" aria-label="Add an input" onclick={add}>
                    { "+" }
                </button>
            }
            { meant(state, act) }
        </div>
    }
}

/// What was chosen where the inputs leave a choice.
fn meant(state: &State, act: &Callback<Action>) -> Html {
    let stages = state.answered.as_ref().map(|it| &it.stages[..]).unwrap_or_default();
    let target = state.choices.target.as_deref();
    let onchange =
        act.reform(|event: Event| Action::Target(Some(value(&event)).filter(|it| !it.is_empty())));
    // Numbers, since a name may hold what no attribute shows.
    let option = |(index, it): (usize, &String)| {
        let name = visible(it).to_string();
        html! { <option value={index.to_string()} selected={target == Some(it)}>{ name }</option> }
    };
    let leave = |label, action| close(act, label, action);
    let pick = |it: &String| {
        let action = Action::Pick { chosen: String::new(), of: vec![it.clone()] };
        html! {
            <span class="meant">
                { "Chosen: " }{ visible(it).to_string() }
                { leave(format!("No longer choose {}", visible(it)), action) }
            </span>
        }
    };
    // Behind the names stands what the ignore file says.
    let names = |it: &str| it.lines().take_while(|it| *it != ".dockerignore:").count();
    html! {
        <>
        if state.choices.settings.is_some() {
            <span class="meant" id="settings">
                { "Settings: " }<code>{ "plimsoll.toml" }</code>
                { leave("Leave out the settings of plimsoll.toml".to_owned(), Action::Configured(String::new())) }
            </span>
        }
        if let Some(it) = &state.choices.context {
            <span class="meant" id="context">
                { format!("Build context: {} files", names(it)) }
                { leave("Leave out the build context".to_owned(), Action::Surrounded(String::new())) }
            </span>
        }
        { for state.choices.picks.iter().map(pick) }
        if !stages.is_empty() || target.is_some() {
            <label class="meant">
                { "Stage " }
                <select id="target" {onchange}>
                    <option value="" selected={target.is_none()}>{ "last" }</option>
                    { for stages.iter().enumerate().map(option) }
                </select>
            </label>
        }
        </>
    }
}

/// What the engine says of an input, once it has.
fn info<'a>(state: &'a State, it: &Attachment) -> Option<&'a SourceInfo> {
    let answered = state.answered.as_ref()?;
    let index = answered.texts.iter().position(|(id, _)| *id == it.id)?;
    answered.sheet.sources.get(index)
}

fn tab(state: &State, it: &Attachment, alone: bool, act: &Callback<Action>) -> Html {
    let current = it.id == state.editor.id;
    let blank = current && state.editor.is_blank();
    let name = visible(&it.name).to_string();
    let info = info(state, it);
    let size = info.map(|it| match it.lines {
        0 => bytes(it.bytes),
        1 => format!("1 line, {}", bytes(it.bytes)),
        n => format!("{n} lines, {}", bytes(it.bytes)),
    });
    let title = (!it.is_editable())
        .then_some("Only the checker reads this; it is no text, or too long for the editor.");
    let shown = current && state.left == Left::Editor;
    html! {
        <li data-input={name.clone()} class={yew::classes!(shown.then_some("current"))}>
            if title.is_none() {
                <button
                    type="button"
                    class="tab"
                    aria-current={shown.then_some("true")}
                    onclick={on(act, Action::OpenTab(it.id))}
                >
                    { &name }
                </button>
            } else {
                <b {title}>{ &name }</b>
            }
            if !blank {
                { kinds(it, info, act) }
                <span class="size">{ size }</span>
            }
            if !(alone && blank) {
                { close(act, format!("Remove {name}"), Action::Detached(it.id)) }
            }
        </li>
    }
}

/// What was recovered from a history, as an input that nobody handed in.
fn recovered(state: &State, act: &Callback<Action>) -> Html {
    let history = state.answered.as_ref().and_then(|it| it.sheet.history.as_ref());
    if history.is_none() {
        return Html::default();
    }
    let title = "The Dockerfile that the history tells of; read only";
    let current = state.left == Left::Recovered;
    other("recovered", "Recovered from the history", title, current, on(act, Action::OpenRecovered))
}

/// The layers of a saved image, likewise; without one it leads to what they would show.
fn layers(state: &State, act: &Callback<Action>) -> Html {
    let id = if state.has_layers() { "layers" } else { "no-layers" };
    let title = "What each layer adds and takes away, and all files";
    let current = state.left == Left::Layers;
    other(id, "Layers and files", title, current, on(act, Action::OpenLayers))
}

fn other(
    id: &'static str,
    name: &'static str,
    title: &'static str,
    current: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <li data-input={id} class={yew::classes!(current.then_some("current"))}>
            <button type="button" class="tab" aria-current={current.then_some("true")} {title} {onclick}>
                { name }
            </button>
        </li>
    }
}

/// What the input was taken for, and the way to say otherwise.
fn kinds(it: &Attachment, info: Option<&SourceInfo>, act: &Callback<Action>) -> Html {
    let (id, taken_for) = (it.id, it.taken_for);
    let onchange = act.reform(move |event: Event| {
        let chosen = value(&event);
        Action::TakenFor(id, Kind::ALL.into_iter().find(|it| it.name() == chosen))
    });
    let automatic = match (taken_for, info) {
        (None, Some(info)) => info.kind.name(),
        _ => "as recognized",
    };
    let option = |it: Kind| {
        html! { <option value={it.name()} selected={taken_for == Some(it)}>{ it.name() }</option> }
    };
    html! {
        <select aria-label={format!("{} is taken for", visible(&it.name))} {onchange}>
            <option value="" selected={taken_for.is_none()}>{ automatic }</option>
            { for Kind::ALL.map(option) }
        </select>
    }
}

fn bytes(it: u64) -> String {
    match it {
        0..1_000 => format!("{it} B"),
        1_000..1_000_000 => format!("{}.{} kB", it / 1_000, it % 1_000 / 100),
        _ => format!("{}.{} MB", it / 1_000_000, it % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_short() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_999), "1.9 kB");
        assert_eq!(bytes(5_242_880), "5.2 MB");
    }
}
