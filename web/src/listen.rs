//! Everything that comes in from outside the components: typing, pasting, dropping, opening,
//! fragments, keys.

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::{Array, Function, Promise, Uint8Array};
use report::wire::SESSION;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ClipboardEvent, DragEvent, Event, File, HtmlInputElement, InputEvent, KeyboardEvent,
};
use yew::Callback;

use crate::app::Message;
use crate::keys::{self, Focus, Key};
use crate::sort::{self, Belongs};
use crate::state::{Action, Attachment, PASTED, State, Theme};
use crate::{dom, edit, examples, fragment};

/// How much of a file decides where it belongs.
const HEAD: f64 = 4_096.0;

/// Listens to everything, and looks at what was there before.
/// `folder` reads what is dropped, or a folder that was chosen.
pub(crate) fn all(send: &Callback<Message>, folder: &Function) -> Vec<EventListener> {
    let mut listeners = editing(send);
    listeners.extend(dropping(send, folder));
    listeners.extend(pasting(send, folder));
    listeners.extend(keyboard(send));
    listeners.extend(by_fragment(send));
    listeners.push(opening(send, folder));
    listeners.push(EventListener::new(&dom::document(), "click", leave_menu));
    let contrast = dom::window().match_media("(prefers-contrast: more)").ok().flatten();
    if contrast.is_some_and(|it| it.matches()) {
        send.emit(Message::Act(Action::Theme(Theme::Contrast)));
    }
    let text = dom::editor().value();
    if !text.is_empty() {
        send.emit(Message::Act(Action::Edited { text, at_once: true }));
    }
    listeners
}

/// Menus close when something else is clicked, something in them included.
fn leave_menu(event: &Event) {
    let target = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let summary = target.and_then(|it| it.closest(".menu > summary").ok().flatten());
    close_menus(summary.and_then(|it| it.parent_element()).as_ref());
}

/// Closes all menus but one; true if any was open.
fn close_menus(kept: Option<&web_sys::Element>) -> bool {
    let mut any = false;
    for id in ["examples", "exports"] {
        let menu = dom::document().get_element_by_id(id).filter(|it| kept != Some(it));
        if let Some(menu) = menu.filter(|it| it.has_attribute("open")) {
            any |= menu.remove_attribute("open").is_ok();
        }
    }
    any
}

/// What a key means where the keyboard's place is. A key with a meaning has no other.
pub(crate) fn meaning(state: &State, event: &KeyboardEvent) -> Option<Action> {
    let target = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let focus = match target {
        Some(it) if it.id() == "query" => Focus::Palette,
        Some(it) if it.matches("#reason, #until").is_ok_and(|it| it) => Focus::Reason,
        Some(it) if it.id() == "input" => Focus::Editor(edit::caret(state.editor.source.text())),
        Some(it) if it.matches("input, textarea, select").is_ok_and(|it| it) => Focus::Field,
        Some(it) if it.closest("#findings .fold").is_ok_and(|it| it.is_some()) => Focus::List,
        Some(it) if it.closest("#files").is_ok_and(|it| it.is_some()) => Focus::Files,
        _ => Focus::Elsewhere,
    };
    let name = event.key();
    let key = Key {
        name: &name,
        shift: event.shift_key(),
        control: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
    };
    if name == "Escape" && close_menus(None) {
        return None;
    }
    let action = keys::action(state, &key, focus)?;
    event.prevent_default();
    Some(action)
}

fn act(send: &Callback<Message>) -> Callback<Action> {
    send.reform(Message::Act)
}

fn editing(send: &Callback<Message>) -> Vec<EventListener> {
    let editor = dom::editor();
    let input = act(send);
    let input = move |event: &Event| {
        let how = event.dyn_ref::<InputEvent>().map(InputEvent::input_type).unwrap_or_default();
        let at_once = how.starts_with("insertFrom") || how == "deleteByCut";
        input.emit(Action::Edited { text: dom::editor().value(), at_once });
    };
    let caret = act(send);
    let caret = move |event: &Event| {
        let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
        if key.is_none_or(|it| keys::MOVES.contains(&&*it)) {
            caret.emit(Action::Caret(edit::caret(&dom::editor().value())));
        }
    };
    vec![
        EventListener::new(&editor, "input", input),
        EventListener::new(&editor, "click", caret.clone()),
        EventListener::new(&editor, "keyup", caret),
    ]
}

/// Files can be dropped anywhere. Text that is dragged within the editor is the browser's affair.
fn dropping(send: &Callback<Message>, folder: &Function) -> Vec<EventListener> {
    let files = |event: &Event| {
        let transfer = event.dyn_ref::<DragEvent>()?.data_transfer()?;
        let has_files = transfer.types().iter().any(|it| it == "Files");
        has_files.then_some(transfer)
    };
    let active = EventListenerOptions::enable_prevent_default;
    let window = dom::window();
    let shown = act(send);
    let over = move |event: &Event| {
        if let Some(transfer) = files(event) {
            event.prevent_default();
            transfer.set_drop_effect("copy");
            if event.type_() == "dragenter" {
                shown.emit(Action::Drag(true));
            }
        }
    };
    let gone = act(send);
    let leave = move |event: &Event| {
        // Leaving one element for another is not leaving the window.
        if event.dyn_ref::<DragEvent>().is_some_and(|it| it.related_target().is_none()) {
            gone.emit(Action::Drag(false));
        }
    };
    let (send, folder) = (send.clone(), folder.clone());
    let dropped = move |event: &Event| {
        if let Some(transfer) = files(event) {
            event.prevent_default();
            send.emit(Message::Act(Action::Drag(false)));
            hand_in(&send, &folder, &transfer);
        }
    };
    vec![
        EventListener::new_with_options(&window, "dragenter", active(), over.clone()),
        EventListener::new_with_options(&window, "dragover", active(), over),
        EventListener::new(&window, "dragleave", leave),
        EventListener::new_with_options(&window, "drop", active(), dropped),
    ]
}

/// What is pasted outside of text fields is handed in, and so is what no text field can hold
/// without the browser standing still.
fn pasting(send: &Callback<Message>, folder: &Function) -> Vec<EventListener> {
    let (send, folder) = (send.clone(), folder.clone());
    let paste = move |event: &Event| {
        let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data)
        else {
            return;
        };
        let files = data.files().filter(|it| it.length() > 0);
        let target = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let in_field = target.is_some_and(|it| it.matches("input, textarea").is_ok_and(|it| it));
        let text = data.get_data("text/plain").unwrap_or_default();
        if files.is_some() {
            event.prevent_default();
            hand_in(&send, &folder, &data);
        } else if sort::is_settings(&text) && (!in_field || is_empty_editor()) {
            event.prevent_default();
            send.emit(Message::Act(Action::Configured(text)));
        } else if !in_field || !sort::is_editable(text.len() as u64) {
            event.prevent_default();
            pasted(&send, text);
        }
    };
    let active = EventListenerOptions::enable_prevent_default();
    vec![EventListener::new_with_options(&dom::document(), "paste", active, paste)]
}

/// Whether the keyboard's place is in an editor with nothing in it.
fn is_empty_editor() -> bool {
    let editor = dom::editor();
    let here = dom::document().active_element().is_some_and(|it| it.id() == editor.id());
    here && editor.value().trim().is_empty()
}

fn pasted(send: &Callback<Message>, text: String) {
    if text.trim().is_empty() {
        return;
    }
    send.emit(Message::Act(match sort::text(text.as_bytes()) {
        Belongs::Editor => editor_text("Dockerfile".to_owned(), text),
        Belongs::Beside => Action::Attached(vec![Attachment::text(PASTED, &text)]),
    }));
}

/// A text for the editor, which knows only one kind of line end.
fn editor_text(name: String, text: String) -> Action {
    let carriage_returns = sort::has_carriage_returns(&text);
    let text = sort::without_carriage_returns(&text);
    Action::Replaced { name, text, carriage_returns }
}

fn opening(send: &Callback<Message>, folder: &Function) -> EventListener {
    let field: HtmlInputElement = dom::by_id("open").unchecked_into();
    if field.files().is_some_and(|it| it.length() > 0) {
        hand_in(send, folder, &field);
    }
    let (send, folder) = (send.clone(), folder.clone());
    // The field for a folder comes and goes with the question that it settles.
    EventListener::new(&dom::document(), "change", move |event| {
        let field = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field.filter(|it| it.type_() == "file") {
            hand_in(&send, &folder, &field);
            // The same file can be opened again after it was changed.
            field.set_value("");
        }
    })
}

/// Hands in what a field or a transfer holds, which has it only until the event is over.
fn hand_in(send: &Callback<Message>, folder: &Function, source: &JsValue) {
    let handed = folder.call1(&JsValue::UNDEFINED, source).and_then(|it| it.dyn_into::<Promise>());
    let Ok(handed) = handed else { return };
    let send = send.clone();
    send.emit(Message::Act(Action::Reading(true)));
    spawn_local(async move {
        let Ok(it) = JsFuture::from(handed).await.map(|it| Array::from(&it)) else {
            send.emit(Message::Act(Action::Tell("The folder could not be read.".to_owned())));
            return send.emit(Message::Act(Action::Reading(false)));
        };
        if let Some(names) = it.get(1).as_string().filter(|it| !it.is_empty()) {
            send.emit(Message::Act(Action::Surrounded(names)));
        }
        let (mut files_beside, mut beside) = (Vec::new(), Vec::new());
        let mut edited = false;
        for file in Array::from(&it.get(0)).iter().map(File::from) {
            match read(&file).await {
                Ok((_, Some(text))) if sort::is_settings_file(&file.name()) => {
                    send.emit(Message::Act(Action::Configured(text)));
                }
                Ok((_, Some(text))) if text.starts_with(SESSION) => {
                    send.emit(Message::Act(Action::OpenSession { text, by_link: false }));
                }
                Ok((Belongs::Editor, Some(text))) if !edited => {
                    edited = true;
                    send.emit(Message::Act(editor_text(file.name(), text)));
                }
                Ok((_, Some(text))) => beside.push(Attachment::text(&file.name(), &text)),
                Ok((_, None)) => files_beside.push(file),
                Err(()) => {
                    let what = format!("{} could not be read. Is it a folder?", file.name());
                    send.emit(Message::Act(Action::Tell(what)));
                }
            }
        }
        if !beside.is_empty() {
            send.emit(Message::Act(Action::Attached(beside)));
        }
        if !files_beside.is_empty() {
            send.emit(Message::Files(files_beside));
        }
        send.emit(Message::Act(Action::Reading(false)));
    });
}

/// Where a file belongs, and its text, if it is one that an editor can hold.
async fn read(file: &File) -> Result<(Belongs, Option<String>), ()> {
    let head = file.slice_with_f64_and_f64(0.0, HEAD).map_err(drop)?;
    let head = JsFuture::from(head.array_buffer()).await.map_err(drop)?;
    let head = Uint8Array::new(&head).to_vec();
    let belongs = sort::file(&file.name(), file.size() as u64, &head);
    if belongs == Belongs::Beside && !sort::is_text(file.size() as u64, &head) {
        return Ok((belongs, None));
    }
    let text = JsFuture::from(file.text()).await.map_err(drop)?.as_string().unwrap_or_default();
    // What is not text goes to the engine as it is, which says so.
    let kept = belongs == Belongs::Editor || sort::is_kept(&text);
    Ok((belongs, (kept && !text.contains('\u{fffd}')).then_some(text)))
}

fn keyboard(send: &Callback<Message>) -> Vec<EventListener> {
    let send = send.clone();
    let active = EventListenerOptions::enable_prevent_default();
    let press = move |event: &Event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|it| !it.is_composing()) {
            send.emit(Message::Key(event.clone()));
        }
    };
    vec![EventListener::new_with_options(&dom::window(), "keydown", active, press)]
}

/// `#example=NAME` loads an example, `#rule=ID` explains a rule, `#text=…` brings texts along, `#s=…`
/// brings Dockerfiles along. Those leave the address at once: it stays in the history, and is
/// copied without a thought.
fn by_fragment(send: &Callback<Message>) -> Vec<EventListener> {
    let all = send.clone();
    let send = act(send);
    let look = move || {
        let fragment = dom::window().location().hash().unwrap_or_default();
        let action = match fragment.trim_start_matches('#').split_once('=') {
            Some(("example", name)) => examples::load(name),
            Some(("rule", id)) => Some(Action::Explain(id.to_owned())),
            Some(("s", packed)) => {
                let history = dom::window().history();
                // Where the address cannot be changed it stays.
                let _ = history.map(|it| {
                    it.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("#"))
                });
                all.emit(Message::Linked(packed.to_owned()));
                None
            }
            Some(("text" | "beside", _)) => fragment::taken_in(&fragment),
            _ => None,
        };
        if let Some(action) = action {
            send.emit(action);
        }
    };
    look();
    vec![EventListener::new(&dom::window(), "hashchange", move |_| look())]
}
