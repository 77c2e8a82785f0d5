//! A link that carries the Dockerfiles: exactly what is in it, how long it is, ways to take it.

use text::visible;
use yew::{Callback, Html, html};

use super::{button, on};
use crate::dom;
use crate::state::{Action, Sharing, State};

/// The link, while it is being made.
pub(crate) fn share(state: &State, act: &Callback<Action>) -> Html {
    let Some(Sharing { texts, fragment, .. }) = &state.sharing else { return Html::default() };
    let text = |(name, text): &(String, String)| {
        let name = visible(name).to_string();
        html! {
            <textarea rows="6" readonly=true aria-label={format!("{name}, as shared")} value={text.clone()} />
        }
    };
    html! {
        <div class="banner" role="group" aria-labelledby="share-heading">
            <h3 id="share-heading">{ "Share as a link" }</h3>
            <p>
                { "This is in the link, behind its " }<code>{ "#" }</code>{ ", where no server " }
                { "sees it. Whoever has the link has the text; secrets that were found are masked " }
                { "in it, others are not." }
                if state.choices.settings.is_some() {
                    { " The settings of plimsoll.toml are not in it." }
                }
            </p>
            { for texts.iter().map(text) }
            if let Some(it) = fragment {
                { link(it, act) }
            }
            { button(act, "Close", Action::CloseShare) }
        </div>
    }
}

/// How `boot.js` begins what needs a passphrase.
const LOCKED: &str = "q.";

fn link(fragment: &str, act: &Callback<Action>) -> Html {
    let href = dom::window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    let link = format!("{page}#s={fragment}");
    let length = link.len();
    let fits = match length {
        0..=2_000 => "short enough for almost everything",
        2_001..=8_000 => "short enough for most tools",
        _ => "too long for many tools",
    };
    let is_locked = fragment.starts_with(LOCKED);
    let markdown = format!("[Dockerfile in Plimsoll]({link})");
    html! {
        <>
        <p>
            { format!("{length} characters: {fits}.") }
            if is_locked {
                { " It is locked: without the passphrase, which is not in it, nobody reads it." }
            }
        </p>
        <p class="buttons">
            <button type="button" id="copy-link" onclick={on(act, Action::Copy(link))}>
                { "Copy link" }
            </button>
            <button type="button" id="lock-link" onclick={on(act, Action::Lock)}>
                { if is_locked { "Another passphrase\u{2026}" } else { "Lock with a passphrase\u{2026}" } }
            </button>
            { button(act, "Copy as Markdown link", Action::Copy(markdown)) }
        </p>
        </>
    }
}
