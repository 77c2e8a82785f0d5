//! The browser's document, as far as it is static: `index.html` promises these elements.

use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, HtmlElement, HtmlTextAreaElement, Window};

/// The window.
pub(crate) fn window() -> Window {
    web_sys::window().expect_throw("the page runs in a window")
}

/// The document.
pub(crate) fn document() -> Document {
    window().document().expect_throw("the window shows a document")
}

/// An element of `index.html`.
pub(crate) fn by_id(id: &str) -> HtmlElement {
    let element = document().get_element_by_id(id);
    element.and_then(|it| it.dyn_into().ok()).expect_throw("index.html has this element")
}

/// An element of `index.html` that the app fills; what stood in it until now goes.
pub(crate) fn slot(id: &str) -> Element {
    let element = by_id(id);
    element.set_text_content(None);
    element.into()
}

/// The editor.
pub(crate) fn editor() -> HtmlTextAreaElement {
    by_id("input").dyn_into().expect_throw("the editor is a text area")
}

/// Sets a style property through the object model, which the policy of the page allows.
pub(crate) fn style(element: &HtmlElement, name: &str, value: &str) {
    // Only an invalid name or a read-only declaration could fail.
    let _ = element.style().set_property(name, value);
}

/// A length that the style sheet gave an element, in pixels.
pub(crate) fn pixels(element: &Element, property: &str) -> Option<f64> {
    let style = window().get_computed_style(element).ok().flatten()?;
    // The browser's own reading of numbers: ours would be kilobytes to download.
    let length = js_sys::parse_float(&style.get_property_value(property).ok()?);
    length.is_finite().then_some(length)
}

/// Whether nothing has the keyboard's place.
pub(crate) fn focus_is_lost() -> bool {
    document().active_element().is_none_or(|it| it.tag_name() == "BODY")
}

/// The message of a caught exception.
pub(crate) fn message(error: &wasm_bindgen::JsValue) -> String {
    let error = error.dyn_ref::<js_sys::Error>().map(|it| String::from(it.message()));
    error.unwrap_or_else(|| "unknown error".to_owned())
}

/// Moves the keyboard's place to an element, if it can take it.
pub(crate) fn focus(element: &Element) {
    if let Some(it) = element.dyn_ref::<HtmlElement>() {
        // Focus is a courtesy.
        let _ = it.focus();
    }
}
