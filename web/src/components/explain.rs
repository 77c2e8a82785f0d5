//! The explanation of a rule: its page, and its data.

use report::{Applies, RuleInfo};
use web_sys::HtmlElement;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

use super::message::severity;
use super::prose::prose;
use crate::shared::Shared;
use crate::state::Action;
use report::prose::Pages;

/// What the panel shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The rule.
    pub(crate) rule: Shared<RuleInfo>,
    /// All rule pages.
    pub(crate) pages: Shared<Pages>,
}

/// The panel. The keyboard's place moves to its heading, so that reading can start.
#[component]
pub(crate) fn Explain(props: &Props) -> Html {
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with(props.rule.id.clone(), move |_| {
            if let Some(it) = heading.cast::<HtmlElement>() {
                // Focus is a courtesy.
                let _ = it.focus();
            }
        });
    }
    let rule = &props.rule;
    let close = props.act.reform(|_| Action::CloseExplain);
    let blocks = props.pages.0.get(&*rule.id);
    html! {
        <>
        <div class="head">
            <h2 tabindex="-1" ref={heading}>{ rule.title.to_string() }</h2>
            <button type="button" class="close" aria-label="Close the explanation" onclick={close}>
                { "×" }
            </button>
        </div>
        <p class="about">
            { severity(rule.severity) }
            <code>{ rule.id.to_string() }</code>
        </p>
        <div class="prose">
            { blocks.map(|it| prose(it, &props.act)).unwrap_or_default() }
        </div>
        { facts(rule) }
        </>
    }
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
    let code = |it: &std::borrow::Cow<'static, str>| {
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
