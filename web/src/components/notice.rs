//! A message above the findings that can be put away.

use text::visible;
use yew::{Callback, Html, html};

use super::button;
use crate::state::{Action, Notice};

/// The message.
pub(crate) fn notice(notice: &Notice, act: &Callback<Action>) -> Html {
    let (text, extra) = match notice {
        Notice::Restarted => ("The checker stopped and was started again.".to_owned(), None),
        Notice::Cancelled => {
            let text = "Cancelled. What is listed here is of an earlier check, or missing.";
            (text.to_owned(), Some(button(act, "Check again", Action::Again)))
        }
        Notice::Stopped => {
            let text = "Cancelled. What was read until then is listed; the rest is not known.";
            (text.to_owned(), Some(button(act, "Check again", Action::Again)))
        }
        Notice::Broke(what) => {
            // Behind the first line each is about one place.
            let (first, places) = what.split_once('\n').unwrap_or((what, ""));
            let end = if first.ends_with(['.', '?']) { "" } else { "." };
            let place = |it: &str| html! { <li>{ visible(it).to_string() }</li> };
            let places = html! { <ul class="places">{ for places.lines().map(place) }</ul> };
            (format!("The check could not be done: {}{end}", visible(first)), Some(places))
        }
        Notice::NotCopied(text) => {
            let label = "The browser did not allow copying. Here is the text to copy by hand.";
            let field = html! { <textarea rows="6" readonly=true aria-label="Text to copy" value={text.clone()} /> };
            (label.to_owned(), Some(field))
        }
        Notice::Replaced { name, text: _, beside } => {
            let text = match beside {
                Some(_) => "What was here before was replaced.".to_owned(),
                None => format!("The text of {} was replaced.", visible(name)),
            };
            (text, Some(button(act, "Bring it back", Action::Restore)))
        }
        Notice::Mended { said, text: _ } => {
            (visible(said).to_string(), Some(button(act, "Undo", Action::Restore)))
        }
        Notice::Input(what) => (visible(what).to_string(), None),
    };
    html! {
        <div class="banner">
            <p>{ text }</p>
            { extra.unwrap_or_default() }
            { button(act, "Dismiss", Action::Dismiss) }
        </div>
    }
}
