//! How the image is to be run with no more than it needs: in three forms, each option with its
//! reason, and what has to be found out first.

use report::Advised;
use text::visible;
use yew::{Callback, Html, html};

use super::group::{fold, group};
use super::message::{message, visible_lines};
use super::on;
use crate::state::{Action, Advising};

/// The group below the findings.
pub(crate) fn advice(advising: &Advising, act: &Callback<Action>) -> Html {
    let open = !matches!(advising, Advising::No);
    let content = match advising {
        Advising::No => Html::default(),
        Advising::Asked => html! { <p>{ "Asking the checker…" }</p> },
        Advising::Nothing => html! { <p>{ "Nothing that was given tells how it runs." }</p> },
        Advising::Told(it) => told(it, act),
    };
    let words = "How to run it with no more than it needs".to_owned();
    group("advice", fold(act, words, open, Action::ShowAdvice), content)
}

fn told(it: &report::Advice, act: &Callback<Action>) -> Html {
    let form = |name: &'static str, text: &str, open: bool| {
        let copy = on(act, Action::Copy(text.to_owned()));
        html! {
            <details {open}>
                <summary>{ name }</summary>
                <div class="copyable">
                    <pre class="command" tabindex="0" aria-label={name}>
                        <code>{ visible_lines(text) }</code>
                    </pre>
                    <button type="button" onclick={copy} aria-label={format!("Copy as {name}")}>
                        { "Copy" }
                    </button>
                </div>
            </details>
        }
    };
    let option = |it: &Advised| {
        let (sign, title) = match it.known {
            true => ("\u{2713}", "It runs with this already, by what was given"),
            false => ("?", "Has to be tried"),
        };
        html! {
            <li>
                <span class="known" {title}>{ sign }</span>
                <code>{ visible(&it.flag).to_string() }</code>{ " " }
                <span>{ visible(&it.because).to_string() }</span>
            </li>
        }
    };
    html! {
        <div id="advice">
            { form("docker run", &it.run, true) }
            { form("Compose", &it.compose, false) }
            { form("Kubernetes", &it.kubernetes, false) }
            <h4>{ "Why" }</h4>
            <ul class="options">{ for it.options.iter().map(option) }</ul>
            <h4>{ "To be found out first" }</h4>
            <ul class="open">{ for it.open.iter().map(|it| html! { <li>{ message(it) }</li> }) }</ul>
        </div>
    }
}
