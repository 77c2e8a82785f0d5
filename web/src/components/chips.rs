//! The inputs: what each is called, what it was taken for, how long it is.

use report::{Kind, SourceInfo};
use text::{Source, visible};
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, Properties, TargetCast, component, html};

use crate::shared::Shared;
use crate::state::{Action, Answered, Attachment};

/// What the chips show.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The newest answer, which knows what each input is.
    pub(crate) answered: Option<Shared<Answered>>,
    /// The editor's text, unless it is blank.
    pub(crate) editor: Option<Shared<Source>>,
    /// What the editor's text is taken for, if somebody said.
    pub(crate) editor_taken_for: Option<Kind>,
    /// What lies beside it.
    pub(crate) attached: Vec<Attachment>,
}

const KINDS: [Kind; 3] = [Kind::Dockerfile, Kind::ImageInspect, Kind::ContainerInspect];

/// The chips.
#[component]
pub(crate) fn Chips(props: &Props) -> Html {
    let info = |index: usize| props.answered.as_ref()?.report.sources.get(index).cloned();
    let answered_editor = props.answered.as_ref().is_some_and(|it| it.editor);
    let editor = props.editor.as_ref().map(|it| {
        let info = info(0).filter(|_| answered_editor);
        chip(props, None, &it.name, props.editor_taken_for, info)
    });
    let first = usize::from(answered_editor);
    let attached = props.attached.iter().enumerate();
    let attached = attached.map(|(index, it)| {
        let info = info(first + index).filter(|info| info.name == it.name);
        chip(props, Some(index), &it.name, it.taken_for, info)
    });
    html! { <ul id="inputs" aria-label="Inputs">{ for editor.into_iter().chain(attached) }</ul> }
}

fn chip(
    props: &Props,
    index: Option<usize>,
    name: &str,
    taken_for: Option<Kind>,
    info: Option<SourceInfo>,
) -> Html {
    let name = visible(name).to_string();
    let size = info.as_ref().map(|it| match it.lines {
        0 => bytes(it.bytes),
        1 => format!("1 line, {}", bytes(it.bytes)),
        n => format!("{n} lines, {}", bytes(it.bytes)),
    });
    let remove = index.map(|index| {
        let onclick = props.act.reform(move |_| Action::Detached(index));
        let label = format!("Remove {name}");
        html! { <button type="button" class="close" aria-label={label} {onclick}>{ "×" }</button> }
    });
    html! {
        <li data-input={name.clone()}>
            <b>{ &name }</b>
            { kinds(props, index, &name, taken_for, info.map(|it| it.kind)) }
            <span class="size">{ size }</span>
            { remove.unwrap_or_default() }
        </li>
    }
}

/// What the input was taken for, and the way to say otherwise.
fn kinds(
    props: &Props,
    index: Option<usize>,
    name: &str,
    taken_for: Option<Kind>,
    recognized: Option<Kind>,
) -> Html {
    let onchange = props.act.reform(move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        Action::TakenFor(index, KINDS.into_iter().find(|it| it.name() == chosen))
    });
    let automatic = match (taken_for, recognized) {
        (None, Some(kind)) => kind.name(),
        _ => "as recognized",
    };
    let option = |it: Kind| {
        html! { <option value={it.name()} selected={taken_for == Some(it)}>{ it.name() }</option> }
    };
    html! {
        <select aria-label={format!("{name} is taken for")} {onchange}>
            <option value="" selected={taken_for.is_none()}>{ automatic }</option>
            { for KINDS.map(option) }
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
