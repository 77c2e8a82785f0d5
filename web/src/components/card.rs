//! One finding.

use report::{Confidence, Evidence, Finding, Locus, Place, RuleInfo, Safety};
use text::SourceId;
use yew::{Callback, Html, Properties, component, html};

use super::excerpt::excerpt;
use super::message::{message, sentence, severity};
use crate::shared::Shared;
use crate::state::{Action, Answered, RowKey};

/// What a card shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The answer it belongs to.
    pub(crate) answered: Shared<Answered>,
    /// Its row in that answer.
    pub(crate) row: usize,
    /// Its number in the list, from 1, and the length of the list.
    pub(crate) position: (usize, usize),
    /// Whether it is the chosen one.
    pub(crate) selected: bool,
    /// Whether the tab key comes here.
    pub(crate) tab_stop: bool,
    /// Whether it is open.
    pub(crate) open: bool,
}

/// The card.
#[component]
pub(crate) fn Card(props: &Props) -> Html {
    let Some((row, rule, finding)) = props.answered.row(props.row) else { return Html::default() };
    let act = |action: fn(RowKey) -> Action| {
        let key = row.key.clone();
        props.act.reform(move |()| action(key.clone()))
    };
    let unfold = act(Action::Unfold).reform(|_| ());
    let select = act(|key| Action::Select(key, false)).reform(|_| ());
    let selected = props.selected.then_some("selected");
    let (number, all) = props.position;
    html! {
        <li
            class={yew::classes!("card", rule.severity.id(), selected)}
            data-rule={rule.id.to_string()}
            data-severity={rule.severity.id()}
            data-row={props.row.to_string()}
            aria-posinset={number.to_string()}
            aria-setsize={all.to_string()}
        >
            <button
                type="button"
                class="fold"
                tabindex={tabindex(props.tab_stop)}
                aria-expanded={if props.open { "true" } else { "false" }}
                onclick={unfold}
                onfocus={select}
            >
                { severity(rule.severity) }{ " " }
                <span class="sentence">{ sentence(&finding.message) }</span>
            </button>
            { about(props, rule, finding) }
            if props.open {
                { evidence(props, rule, finding) }
            }
        </li>
    }
}

fn tabindex(stop: bool) -> &'static str {
    if stop { "0" } else { "-1" }
}

/// The line under the sentence: place, rule, question.
fn about(props: &Props, rule: &RuleInfo, finding: &Finding) -> Html {
    let explain = rule.id.to_string();
    let explain = props.act.reform(move |_| Action::Explain(explain.clone()));
    html! {
        <p class="about">
            { place(props, &finding.place) }
            <button
                type="button"
                class="link rule"
                tabindex={tabindex(props.tab_stop)}
                title="Explain this rule"
                onclick={explain}
            >
                { rule.id.to_string() }
            </button>
            if let Some(question) = rule.question {
                <span class="tag" title={question.text()}>{ "Q" }{ question.number() }</span>
            }
            if finding.confidence == Confidence::Likely {
                <span class="tag" title="A judgement about content">{ "likely" }</span>
            }
        </p>
    }
}

/// The finding's own place. In the editor it is a way there.
fn place(props: &Props, place: &Place) -> Html {
    let name = report::place_name(&props.answered.report, place);
    let Some((row, _, _)) = props.answered.row(props.row) else { return Html::default() };
    let in_editor = match &place.at {
        Locus::Text { source, .. } => props.answered.editor && *source == SourceId(0),
        Locus::Layer { .. } => false,
    };
    if !in_editor {
        return html! { <span class="place">{ name }</span> };
    }
    let key = row.key.clone();
    let go = props.act.reform(move |_| Action::GoTo(key.clone()));
    html! {
        <button
            type="button"
            class="link place"
            tabindex={tabindex(props.tab_stop)}
            title="Show in the editor"
            onclick={go}
        >
            { name }
        </button>
    }
}

fn evidence(props: &Props, rule: &RuleInfo, finding: &Finding) -> Html {
    let related = |it: &Evidence| {
        let name = report::place_name(&props.answered.report, &it.place);
        html! {
            <li>
                <span class="place">{ name }</span>{ " " }
                { message(&it.note) }
                { excerpt(&it.place) }
            </li>
        }
    };
    let explain = rule.id.to_string();
    let explain = props.act.reform(move |_| Action::Explain(explain.clone()));
    html! {
        <div class="evidence">
            { excerpt(&finding.place) }
            if !finding.related.is_empty() {
                <ul class="related">{ for finding.related.iter().map(related) }</ul>
            }
            if let Some(fix) = &finding.fix {
                <p class="fix">
                    <b>{ "Fix: " }</b>{ &*fix.title }
                    <span class="tag">
                        { match fix.safety { Safety::Safe => "safe", Safety::Review => "to review" } }
                    </span>
                </p>
            }
            <button type="button" onclick={explain}>{ "Explain" }</button>
        </div>
    }
}
