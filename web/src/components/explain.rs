//! The explanation of a rule: its page, and its data.

use std::borrow::Cow;

use report::{Applies, RuleInfo};
use yew::{Callback, Html, html};

use super::close;
use super::message::severity;
use super::prose::prose;
use crate::dom;
use crate::state::{Action, State};

/// The explanation of the rule that is being explained.
pub(crate) fn explain(state: &State, act: &Callback<Action>) -> Html {
    let Some(rule) = &state.explained else { return Html::default() };
    html! {
        <>
        <div class="head">
            <h2 tabindex="-1">{ rule.title.to_string() }</h2>
            { close(act, "Close the explanation".to_owned(), Action::CloseExplain) }
        </div>
        <p class="about">
            { severity(rule.severity) }
            <code>{ rule.id.to_string() }</code>
        </p>
        <div class="prose">
            if state.prose.is_empty() { { elsewhere(rule) } } else { { prose(&state.prose, act) } }
        </div>
        { facts(rule) }
        if !state.prose.is_empty() {
            <p><a href={page(&rule.id)} target="_blank" rel="noopener">{ "The page of this rule" }</a></p>
        }
        </>
    }
}

/// The address of its page, which is where the others are: beside the checker, or in the same file.
fn page(id: &str) -> String {
    let docs = dom::document().query_selector(".tools a[href$='docs/index.html']").ok().flatten();
    let all = docs.and_then(|it| it.get_attribute("href")).unwrap_or_default();
    all.replace("index.html", &format!("rules/{id}/index.html"))
}

/// Rules of the pack for shell scripts have no page here.
fn elsewhere(rule: &RuleInfo) -> Html {
    let code = rule.aka.first().map(|it| it.to_string()).unwrap_or_default();
    html! { <p>{ "ShellCheck\u{2019}s wiki explains it: " }<code>{ "shellcheck.net/wiki/" }{ code }</code></p> }
}

fn facts(rule: &RuleInfo) -> Html {
    let applies = match rule.applies {
        Applies::Build => "The build: while the image is made, and what the build can reach.",
        Applies::Image => "The image: wherever it runs.",
        Applies::Registry => "The registry that hands the image out.",
        Applies::Host => "The one host, or manifest, that runs the container.",
    };
    let question = match rule.question {
        Some(it) => it.text(),
        None => "None of the four: correctness or style.",
    };
    let code = |it: &Cow<'static, str>| {
        html! { <li><code>{ it.to_string() }</code></li> }
    };
    html! {
        <dl class="facts">
            <dt>{ "Question" }</dt><dd>{ question }</dd>
            <dt>{ "Where a control takes effect" }</dt><dd>{ applies }</dd>
            if !rule.aka.is_empty() {
                <dt>{ "Same check elsewhere" }</dt>
                <dd><ul class="aka">{ for rule.aka.iter().map(code) }</ul></dd>
            }
        </dl>
    }
}
