//! One finding.

use report::prose::Pages;
use report::{Confidence, Finding, Locus, Place, RuleInfo};
use yew::{Callback, Html, html};

use super::evidence::evidence;
use super::message::{sentence, severity};
use super::on;
use crate::state::{Action, Answered, Ignoring, RowKey};

/// What a card shows, and how.
#[derive(Clone, Copy)]
pub(crate) struct Card<'a> {
    /// The answer it belongs to.
    pub(crate) answered: &'a Answered,
    /// Its row in that answer.
    pub(crate) row: usize,
    /// Its number in the list, from 1, and the length of the list.
    pub(crate) position: (usize, usize),
    /// The heading of the group that begins with it.
    pub(crate) head: Option<&'a str>,
    /// Whether it is the chosen one.
    pub(crate) selected: bool,
    /// Whether the tab key comes here.
    pub(crate) tab_stop: bool,
    /// Whether it is open.
    pub(crate) open: bool,
    /// The pages of the rules.
    pub(crate) pages: &'a Pages,
    /// The reason, when somebody is about to accept it.
    pub(crate) ignoring: Option<&'a Ignoring>,
    /// Where actions go.
    pub(crate) act: &'a Callback<Action>,
}

/// The card.
pub(crate) fn card(card: &Card<'_>) -> Html {
    let Some((row, rule, finding)) = card.answered.row(card.row) else { return Html::default() };
    let unfold = on(card.act, Action::Unfold(row.key.clone()));
    let chosen = row.key.clone();
    let select = card.act.reform(move |_| Action::Select(chosen.clone(), false));
    let selected = card.selected.then_some("selected");
    let (number, all) = card.position;
    html! {
        <li
            key={card.row}
            data-row={card.row.to_string()}
            aria-posinset={number.to_string()}
            aria-setsize={all.to_string()}
        >
            if let Some(head) = card.head {
                <h3 class="head">{ head }</h3>
            }
            <div
                class={yew::classes!("card", rule.severity.id(), selected)}
                data-rule={rule.id.to_string()}
                data-severity={rule.severity.id()}
            >
                <button
                    type="button"
                    class="fold"
                    tabindex={tabindex(card)}
                    aria-expanded={card.open.to_string()}
                    onclick={unfold}
                    onfocus={select}
                >
                    { severity(rule.severity) }{ " " }
                    <span class="sentence">{ sentence(&finding.message) }</span>
                </button>
                { about(card, &row.key, rule, finding) }
                if card.open {
                    { evidence(card, &row.key, rule, finding) }
                }
            </div>
        </li>
    }
}

fn tabindex(card: &Card<'_>) -> &'static str {
    if card.tab_stop { "0" } else { "-1" }
}

/// The line under the sentence: place, rule, question.
fn about(card: &Card<'_>, key: &RowKey, rule: &RuleInfo, finding: &Finding) -> Html {
    let explain = on(card.act, Action::Explain(rule.id.to_string()));
    html! {
        <p class="about">
            { place(card, key, &finding.place) }
            <button
                type="button"
                class="link rule"
                tabindex={tabindex(card)}
                title="Explain this rule"
                onclick={explain}
            >
                { rule.id.to_string() }
            </button>
            if let Some(question) = rule.question {
                <span class="tag" title={question.text()}>{ "Q" }{ question.number() }</span>
            }
            if finding.fix.is_some() {
                <span class="tag" title="There is a fix for it">{ "fix" }</span>
            }
            if finding.confidence == Confidence::Likely {
                <span class="tag" title="A judgement about content">{ "likely" }</span>
            }
        </p>
    }
}

/// The finding's own place. In the editor it is a way there.
fn place(card: &Card<'_>, key: &RowKey, place: &Place) -> Html {
    let name = report::place_name(&card.answered.sheet.sources, place);
    let in_editor = match &place.at {
        Locus::Text { source, .. } => card.answered.shows(*source),
        Locus::Layer { .. } => card.answered.has_layers(),
    };
    if !in_editor {
        return html! { <span class="place">{ name }</span> };
    }
    let go = on(card.act, Action::GoTo(key.clone()));
    html! {
        <button
            type="button"
            class="link place"
            tabindex={tabindex(card)}
            title="Show where this is"
            onclick={go}
        >
            { name }
        </button>
    }
}
