//! Texts on their way out of the page: by a file the person saves, by the clipboard.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::dom;

/// Offers a text as a file to be saved.
pub(crate) fn offer(name: &str, text: &str) {
    // A browser that refuses has said so to the person already.
    let _ = try_offer(name, text);
}

fn try_offer(name: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = dom::document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has its own hold on the blob only once it has started.
    let late = move || drop(Url::revoke_object_url(&url));
    gloo_timers::callback::Timeout::new(10_000, late).forget();
    Ok(())
}

/// Puts a text on the clipboard; if the browser refuses, the text comes back.
pub(crate) fn copy(text: String, done: impl FnOnce(Result<(), String>) + 'static) {
    // Where the page is not served securely there is no clipboard at all.
    let navigator = dom::window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !clipboard.is_ok_and(|it| it.is_object()) {
        return done(Err(text));
    }
    let written = navigator.clipboard().write_text(&text);
    spawn_local(async move {
        done(JsFuture::from(written).await.map(|_| ()).map_err(|_| text));
    });
}
