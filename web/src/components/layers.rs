//! The layers of a saved image: a table of what each does, the tree of files, and the file that was
//! chosen, in the place of the editor.

use report::wire::{Browse, Cells, File, Only};
use report::{Input, Severity, Why};
use text::visible;
use yew::{Callback, Event, Html, classes, html};

use super::files::Files;
use super::history::way_to;
use super::ignore::typed;
use super::message::visible_lines;
use super::toolbar::value;
use super::treemap::Treemap;
use super::{button, button_of, close, on};
use crate::state::{Action, Answered, Layers, Left, RowKey, State};

/// Layers that are drawn. Docker's storage drivers stop at 127.
const MOST: usize = 300;

/// The panel, if it is to be shown.
pub(crate) fn layers(state: &State, act: &Callback<Action>) -> Html {
    if state.left != Left::Layers {
        return Html::default();
    }
    let Some(answered) = state.answered.as_ref().filter(|it| it.has_layers()) else {
        return nothing(act);
    };
    let it = &state.layers;
    if it.gone {
        return html! {
            <div class="layers">
                <h2>{ "Layers and files" }</h2>
                <p>{ "The checker was started again meanwhile and has to read the image once more." }</p>
                <p>{ button(act, "Read it again", Action::Again) }</p>
            </div>
        };
    }
    html! {
        <div class="layers">
            <h2>{ "Layers and files" }</h2>
            { table(it, act) }
            { tools(it, !state.no_areas, act) }
            if !it.tiles.is_empty() && !state.no_areas {
                <Treemap
                    {act}
                    tiles={it.tiles.clone()}
                    marked={it.listing.as_ref().and_then(|it| it.marked)}
                />
            }
            if it.slow {
                <p class="about">
                    { "Unpacking what stands before it. " }
                    { button(act, "Cancel", Action::Cancel) }
                </p>
            }
            if let Some(listing) = &it.listing {
                <Files
                    {act}
                    listing={listing.clone()}
                    label={scope(it.scope)}
                    focus={it.focus}
                />
            }
            if let Some(file) = &it.file {
                { shown(file, answered, act) }
            }
        </div>
    }
}

/// What would be here, and how to get it.
fn nothing(act: &Callback<Action>) -> Html {
    let way = Why::NotProvided(Input::Layers).settle();
    let command = way.and_then(|it| it.command).unwrap_or_default();
    html! {
        <div class="layers">
            <h2>{ "Layers and files" }</h2>
            <p>
                { "A saved image shows here what each of its layers adds, changes and takes away, and every \
                   file with its owner and mode, deleted ones too. None was handed in. Run this where the \
                   image is, and drop the file on this page:" }
            </p>
            <div class="copyable">
                <pre class="command"><code>{ command.clone() }</code></pre>
                { button(act, "Copy", Action::Copy(command)) }
            </div>
            <p>
                { button(act, "Open its file…", Action::OpenFiles) }{ " " }
                { button_of("sample", act, "Take a small example", Action::SampleImage) }
            </p>
        </div>
    }
}

fn scope(it: Option<u16>) -> String {
    it.map_or("What containers have".to_owned(), |it| format!("Layer {it}"))
}

fn table(it: &Layers, act: &Callback<Action>) -> Html {
    const HEADS: [&str; 8] =
        ["Layer", "Made by", "Size", "Added", "Changed", "Removed", "Wasted", "Findings"];
    html! {
        <div class="sheet">
            <table>
                <thead><tr>{ for HEADS.map(|it| html! { <th scope="col">{ it }</th> }) }</tr></thead>
                <tbody>{ for it.table.iter().take(MOST).map(|row| layer(row, it, act)) }</tbody>
            </table>
        </div>
    }
}

fn layer(cells: &Cells, it: &Layers, act: &Callback<Action>) -> Html {
    let cell = |at: usize| cells.get(at).map(|it| &it[..]).unwrap_or_default();
    let number: Option<u16> = cell(0).parse().ok();
    let chosen = it.scope == number;
    let onclick = on(act, Action::Browse(Browse::Scope(number)));
    let name = number.map_or("All".to_owned(), |it| it.to_string());
    let label = number.map_or("All: what containers have".to_owned(), |it| format!("Layer {it}"));
    let plain = |at: usize| html! { <td class="number">{ cell(at).to_owned() }</td> };
    html! {
        <tr class={classes!(chosen.then_some("current"))}>
            <th scope="row">
                <button type="button" aria-pressed={chosen.to_string()} aria-label={label} {onclick}>
                    { name }
                </button>
            </th>
            <td class="made">
                <span>{ cell(1).to_owned() }</span>
                if !cell(10).is_empty() {
                    { " " }<span class="tag">{ cell(10).to_owned() }</span>
                }
            </td>
            <td class="number">{ bar(cell(2), cell(3)) }{ cell(4).to_owned() }</td>
            { for (5..9).map(plain) }
            <td class="number">{ findings(cell(9)) }</td>
        </tr>
    }
}

/// The share of the largest layer, and the part of it that is there in vain. The numbers beside it
/// say the same.
fn bar(share: &str, wasted: &str) -> Html {
    if share == "0" {
        return Html::default();
    }
    html! {
        <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect width={share.to_owned()} height="8" />
            <rect class="wasted" width={wasted.to_owned()} height="8" />
        </svg>
    }
}

/// A severity and a number, as the worker writes it, as shape and number.
pub(super) fn findings(cell: &str) -> Html {
    let Some((word, number)) = cell.split_once(' ') else { return Html::default() };
    let severity = Severity::ALL.into_iter().find(|it| it.id() == word);
    html! {
        <span class={word.to_owned()}>
            <span class="shape" aria-hidden="true">{ severity.map(Severity::shape) }</span>
            { number.to_owned() }
            <span class="unseen">{ " findings, worst: " }{ word.to_owned() }</span>
        </span>
    }
}

/// Which files are listed.
fn tools(it: &Layers, is_drawn: bool, act: &Callback<Action>) -> Html {
    let only = it.only;
    let find = act.reform(move |text| Action::Browse(Browse::Find { text, only }));
    let text = it.find.clone();
    let choose = act.reform(move |event: Event| {
        let chosen = value(&event);
        let only = Only::ALL.into_iter().find(|it| it.1 == chosen).map(|it| it.0);
        Action::Browse(Browse::Find { text: text.clone(), only: only.unwrap_or_default() })
    });
    let option = |(value, word): (Only, &'static str)| {
        html! { <option value={word} selected={only == value}>{ word }</option> }
    };
    let rows = it.listing.as_ref().map_or(0, |it| it.total);
    html! {
        <div class="fields">
            <input
                type="search"
                id="find-path"
                aria-label="Show only paths with these words"
                placeholder="Path"
                autocomplete="off"
                value={it.find.clone()}
                oninput={typed(&find, |it| it)}
            />
            <select aria-label="Files shown" onchange={choose}>{ for Only::ALL.map(option) }</select>
            <button type="button" aria-pressed={is_drawn.to_string()} onclick={on(act, Action::Draw)}>
                { "Areas" }
            </button>
            <p class="about">{ format!("{}: {rows} rows", scope(it.scope)) }</p>
        </div>
    }
}

/// A file, its content only ever as text.
fn shown(file: &File, answered: &Answered, act: &Callback<Action>) -> Html {
    let about = |at: usize| file.about.get(at).cloned().unwrap_or_default();
    let finding = |(rule, ordinal): &(String, usize)| {
        let key = RowKey { rule: (&**rule).into(), ordinal: *ordinal };
        Some(way_to(answered, answered.index(&key)?, act))
    };
    html! {
        <section class="file" aria-labelledby="file-heading">
            <div class="head">
                <h3 id="file-heading" tabindex="-1"><bdi>{ visible(&about(0)).to_string() }</bdi></h3>
                { close(act, "Close the file".to_owned(), Action::CloseFile) }
            </div>
            <p class="about">{ visible(&about(1)).to_string() }</p>
            <p class="about">{ visible(&about(2)).to_string() }</p>
            <ul>{ for file.findings.iter().filter_map(finding) }</ul>
            if !file.text.is_empty() {
                <pre tabindex="0" role="region" aria-label="Content, secrets masked">{ visible_lines(&file.text) }</pre>
            }
        </section>
    }
}
