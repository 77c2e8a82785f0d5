//! What needs nobody's attention: what was accepted, and what is in order.

use report::{Outcome, Report, RuleInfo};
use text::visible;
use yew::{Callback, Html, html};

use super::message::{message, sentence};
use super::on;
use crate::state::Action;

/// A file of thousands of lines is in order thousands of times; this is for looking, not for
/// counting.
pub(super) const MOST: usize = 200;

/// Says how many of a group are not shown.
pub(super) fn more(all: usize) -> Html {
    if all <= MOST {
        return Html::default();
    }
    html! { <p>{ format!("And {} more, which Save JSON lists.", all - MOST) }</p> }
}

/// Everything of one kind that the rules said, with the rule.
fn all<'a, T>(
    report: &'a Report,
    of: impl Fn(&'a Outcome) -> &'a [T],
) -> Vec<(&'a RuleInfo, &'a T)> {
    let outcomes = report.outcomes.iter();
    outcomes.flat_map(|it| of(&it.outcome).iter().map(move |one| (&it.rule, one))).collect()
}

/// What was accepted in the file, by whose comment and why.
pub(crate) fn accepted(report: &Report) -> Html {
    let accepted = all(report, |it| &it.accepted);
    if accepted.is_empty() {
        return Html::default();
    }
    let item = |(rule, it): &(&RuleInfo, &report::Accepted)| {
        let reason = it.by.reason.as_ref().map(|it| format!(": {}", visible(it)));
        let until = it.by.until.map(|it| format!(", until {it}"));
        html! {
            <li>
                <p>{ sentence(&it.finding.message) }</p>
                <p class="about">
                    <span class="place">{ report::place_name(report, &it.finding.place) }</span>
                    <span class="rules">{ rule.id.to_string() }</span>
                    { "by a " }{ it.by.form.to_string() }{ " comment" }{ reason }{ until }
                </p>
            </li>
        }
    };
    html! {
        <section class="group" aria-labelledby="accepted-heading">
            <h3 id="accepted-heading">{ "Accepted in the file" }</h3>
            <ul id="accepted">{ for accepted.iter().take(MOST).map(item) }</ul>
            { more(accepted.len()) }
        </section>
    }
}

/// What was looked at and is in order.
pub(crate) fn cleared(report: &Report, open: bool, act: &Callback<Action>) -> Html {
    let cleared = all(report, |it| &it.cleared);
    if cleared.is_empty() {
        return Html::default();
    }
    let item = |(rule, it): &(&RuleInfo, &report::Evidence)| {
        html! {
            <li>
                <p>{ message(&it.note) }</p>
                <p class="about">
                    <span class="place">{ report::place_name(report, &it.place) }</span>
                    <span class="rules">{ rule.id.to_string() }</span>
                </p>
            </li>
        }
    };
    html! {
        <section class="group" aria-labelledby="cleared-heading">
            <h3 id="cleared-heading">
                <button
                    type="button"
                    class="link"
                    aria-expanded={open.to_string()}
                    onclick={on(act, Action::UnfoldCleared)}
                >
                    { format!("Looked at and in order ({})", cleared.len()) }
                </button>
            </h3>
            if open {
                <ul id="cleared">{ for cleared.iter().take(MOST).map(item) }</ul>
                { more(cleared.len()) }
            }
        </section>
    }
}
