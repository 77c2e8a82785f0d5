//! How far the reading of a saved image is.

use report::wire::Progress;
use text::visible;
use yew::{Html, html};

/// The bytes and the layer, as words and as a bar. Behind `button`, so that it stays where it is, the
/// secrets that were found so far.
pub(crate) fn progress(it: &Progress, button: Html) -> Html {
    let found = match it.found {
        0 => String::new(),
        1 => ". Secrets in one file so far".to_owned(),
        n => format!(". Secrets in {n} files so far"),
    };
    let words = format!(
        "Reading {}: {} of {} MB{found}",
        visible(&it.layer),
        it.done / 1_000_000,
        it.total.div_ceil(1_000_000)
    );
    let (done, total) = (it.done.to_string(), it.total.max(1).to_string());
    html! {
        <>
            <p class="reading">{ &words }</p>
            <progress aria-label={words} value={done} max={total}></progress>
            { button }
            if !it.findings.is_empty() {
                <p>{ "Found so far; what containers have of it is known at the end:" }</p>
                <ul aria-label="Found so far">
                    { for it.findings.iter().map(|it| html! { <li>{ it }</li> }) }
                </ul>
                if it.found as usize > it.findings.len() {
                    <p>{ "Not all are listed until then." }</p>
                }
            }
        </>
    }
}
