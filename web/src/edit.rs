//! The text area: reading it, filling it such that it can be undone, showing a place in it.

use text::Span;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlDocument};

use crate::components::editor::line_height;
use crate::dom;
use crate::offsets::{byte, utf16};
use crate::state::Editor;

/// The caret as a byte offset.
pub(crate) fn caret(text: &str) -> u32 {
    let units = dom::editor().selection_start().ok().flatten().unwrap_or_default();
    byte(text, units)
}

/// Replaces the text; if `undoable`, through the browser's own editing, so that Ctrl-Z brings the
/// old one back. With `stay`, the view stays where it is.
pub(crate) fn fill(text: &str, undoable: bool, stay: bool) {
    let editor = dom::editor();
    let scroller = dom::by_id("scroller");
    // Behind the change, asking for the place or setting it would lay out all of the text at once.
    if !stay && scroller.scroll_top() != 0 {
        scroller.set_scroll_top(0);
    }
    let old = editor.value();
    let inserted = old != text && undoable && insert(&old, text);
    if old != text && !inserted {
        editor.set_value(text);
    }
    if !stay {
        // Nothing is lost if the caret stays.
        let _ = editor.set_selection_range(0, 0);
    }
    // What is inserted is scrolled to.
    if !stay && inserted {
        scroller.set_scroll_top(0);
    }
}

/// Writes something where the caret is, as if it were typed: it can be undone, and is told as an input.
pub(crate) fn write(text: &str) {
    if let Ok(document) = dom::document().dyn_into::<HtmlDocument>() {
        // Where the browser writes nothing, the key has done nothing.
        let _ = document.exec_command_with_show_ui_and_value("insertText", false, text);
    }
}

/// Puts in only what differs, so that undoing it shows where that was.
fn insert(old: &str, text: &str) -> bool {
    let editor = dom::editor();
    let had_focus = dom::document().active_element();
    if focus().is_err() {
        return false;
    }
    let (head, tail) = common(old, text);
    let end = utf16(old, u32::try_from(old.len() - tail).unwrap_or(u32::MAX));
    let start = utf16(old, u32::try_from(head).unwrap_or(u32::MAX));
    if editor.set_selection_range(start, end).is_err() {
        return false;
    }
    let Ok(document) = dom::document().dyn_into::<HtmlDocument>() else { return false };
    let new = text.get(head..text.len() - tail).unwrap_or_default();
    let command = if new.is_empty() { "delete" } else { "insertText" };
    let done = document.exec_command_with_show_ui_and_value(command, false, new);
    match had_focus.filter(|it| it.tag_name() != "BODY") {
        Some(it) => dom::focus(&it),
        // Where nothing had the keyboard's place, nothing has it now.
        None => drop(editor.blur()),
    }
    done.is_ok_and(|it| it) && editor.value() == text
}

/// How many bytes two texts have in common, at the start and behind that at the end.
fn common(a: &str, b: &str) -> (usize, usize) {
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = a.chars().zip(b.chars()).take_while(same).map(|(it, _)| it.len_utf8()).sum();
    let rest = |it: &str| it.get(head..).unwrap_or_default().chars().rev().collect::<String>();
    let (a, b) = (rest(a), rest(b));
    let tail = a.chars().zip(b.chars()).take_while(same).map(|(it, _)| it.len_utf8()).sum();
    (head, tail)
}

fn focus() -> Result<(), wasm_bindgen::JsValue> {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    dom::editor().focus_with_options(&options)
}

/// Selects a part of the text and brings it into view.
pub(crate) fn show(editor: &Editor, span: Span) {
    let text = editor.source.text();
    let (start, end) = (utf16(text, span.start()), utf16(text, span.end()));
    // A browser that cannot do one of these can still do the others.
    let _ = focus();
    let _ = dom::editor().set_selection_range(start, end);
    let position = editor.source.position(span.start());
    let line = line_height();
    let top = f64::from(position.line - 1) * line;
    let scroller = dom::by_id("scroller");
    let (seen, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
    if top < seen + line || top > seen + height - 3.0 * line {
        scroller.set_scroll_top((top - height / 3.0).max(0.0) as i32);
    }
    // Letters of a fixed width are about this wide; near enough to bring a place into view.
    let letter = dom::pixels(&dom::editor(), "font-size").unwrap_or(14.0) * 0.6;
    let left = f64::from(position.column) * letter;
    let (seen, width) = (f64::from(scroller.scroll_left()), f64::from(scroller.client_width()));
    if left < seen || left > seen + width * 0.8 {
        scroller.set_scroll_left((left - width / 3.0).max(0.0) as i32);
    }
}
