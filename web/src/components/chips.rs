//! The inputs: what each is called, what it was taken for, how long it is.

use report::{Kind, SourceInfo};
use text::visible;
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, TargetCast, html};

use super::on;
use crate::state::{Action, State};

/// One input.
struct Chip<'a> {
    /// Its number beside the editor; the editor has none.
    index: Option<usize>,
    name: &'a str,
    taken_for: Option<Kind>,
    /// What the engine says of it, once it has.
    info: Option<&'a SourceInfo>,
}

/// The chips.
pub(crate) fn chips(state: &State, act: &Callback<Action>) -> Html {
    let answered = state.answered.as_ref();
    let info = |index: usize, name: &str| {
        let info = answered.and_then(|it| it.report.sources.get(index));
        info.filter(|it| it.name == name)
    };
    let first = usize::from(answered.is_some_and(|it| it.editor));
    let editor = (!state.editor.is_blank()).then(|| {
        let name = &*state.editor.source.name;
        let info = info(0, name).filter(|_| first == 1);
        Chip { index: None, name, taken_for: state.editor.taken_for, info }
    });
    let attached = state.attached.iter().enumerate().map(|(index, it)| {
        let info = info(first + index, &it.name);
        Chip { index: Some(index), name: &it.name, taken_for: it.taken_for, info }
    });
    let chips = editor.into_iter().chain(attached).map(|it| chip(&it, act));
    html! { <ul id="inputs" aria-label="Inputs">{ for chips }</ul> }
}

fn chip(chip: &Chip<'_>, act: &Callback<Action>) -> Html {
    let name = visible(chip.name).to_string();
    let size = chip.info.map(|it| match it.lines {
        0 => bytes(it.bytes),
        1 => format!("1 line, {}", bytes(it.bytes)),
        n => format!("{n} lines, {}", bytes(it.bytes)),
    });
    let remove = chip.index.map(|index| {
        let onclick = on(act, Action::Detached(index));
        let label = format!("Remove {name}");
        html! { <button type="button" class="close" aria-label={label} {onclick}>{ "×" }</button> }
    });
    html! {
        <li data-input={name.clone()}>
            <b>{ &name }</b>
            { kinds(chip, act) }
            <span class="size">{ size }</span>
            { remove.unwrap_or_default() }
        </li>
    }
}

/// What the input was taken for, and the way to say otherwise.
fn kinds(chip: &Chip<'_>, act: &Callback<Action>) -> Html {
    let (index, taken_for) = (chip.index, chip.taken_for);
    let onchange = act.reform(move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        Action::TakenFor(index, Kind::ALL.into_iter().find(|it| it.name() == chosen))
    });
    let automatic = match (taken_for, chip.info) {
        (None, Some(info)) => info.kind.name(),
        _ => "as recognized",
    };
    let option = |it: Kind| {
        html! { <option value={it.name()} selected={taken_for == Some(it)}>{ it.name() }</option> }
    };
    html! {
        <select aria-label={format!("{} is taken for", visible(chip.name))} {onchange}>
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
