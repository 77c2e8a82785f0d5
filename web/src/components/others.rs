//! The other three kinds of outcome: what was not examined, what was accepted, what is in order.

use report::{Gap, Locus, Outcome, Question, Report, RuleInfo};
use text::visible;
use yew::{Callback, Html, html};

use super::message::{message, sentence};
use super::on;
use crate::state::Action;

/// The groups below the findings.
pub(crate) fn others(report: &Report, act: &Callback<Action>) -> Html {
    html! {
        <>
        { gaps(report, act) }
        { accepted(report) }
        { cleared(report) }
        </>
    }
}

/// A reason for not knowing, and whom it concerns. Many rules share a reason; it is shown once.
struct Doubt<'a> {
    gap: &'a Gap,
    questions: Vec<Question>,
    rules: Vec<&'a str>,
}

fn doubts(report: &Report) -> Vec<Doubt<'_>> {
    let mut doubts: Vec<Doubt<'_>> = Vec::new();
    let own = report.outcomes.iter().flat_map(|it| {
        it.outcome.gaps.iter().map(|gap| (gap, it.rule.question, Some(&*it.rule.id)))
    });
    let overall = report.unexamined.iter().map(|it| (&it.gap, Some(it.question), None));
    for (gap, question, rule) in own.chain(overall) {
        let index = doubts.iter().position(|it| it.gap.why == gap.why);
        let doubt = match index.and_then(|it| doubts.get_mut(it)) {
            Some(it) => it,
            None => doubts.push_mut(Doubt { gap, questions: Vec::new(), rules: Vec::new() }),
        };
        if let Some(it) = question.filter(|it| !doubt.questions.contains(it)) {
            doubt.questions.push(it);
        }
        if let Some(it) = rule.filter(|it| !doubt.rules.contains(it)) {
            doubt.rules.push(it);
        }
    }
    doubts
}

fn gaps(report: &Report, act: &Callback<Action>) -> Html {
    let doubts = doubts(report);
    if doubts.is_empty() {
        return Html::default();
    }
    let item = |it: &Doubt<'_>| {
        let settle = it.gap.why.settle().map(|way| {
            let onclick = on(act, Action::Settle(Some(way.clone())));
            html! { <button type="button" class="settle" {onclick}>{ way.label }</button> }
        });
        let place = it.gap.place.as_ref().filter(|it| matches!(it.at, Locus::Text { .. }));
        let place = place.map(|it| report::place_name(report, it));
        html! {
            <li>
                <p>{ sentence(&it.gap.why.message()) }</p>
                <p class="about">
                    { for Question::ALL.iter().filter(|one| it.questions.contains(one)).map(tag) }
                    if let Some(place) = place {
                        <span class="place">{ place }</span>
                    }
                    <span class="rules">{ it.rules.join(", ") }</span>
                    { settle.unwrap_or_default() }
                </p>
            </li>
        }
    };
    html! {
        <section class="group" aria-labelledby="gaps-heading">
            <h3 id="gaps-heading">{ "Not examined" }</h3>
            <ul id="gaps">{ for doubts.iter().map(item) }</ul>
        </section>
    }
}

fn tag(it: &Question) -> Html {
    html! { <span class="tag" title={it.text()}>{ "Q" }{ it.number() }</span> }
}

/// Everything of one kind that the rules said, with the rule.
fn all<'a, T>(
    report: &'a Report,
    of: impl Fn(&'a Outcome) -> &'a [T],
) -> Vec<(&'a RuleInfo, &'a T)> {
    let outcomes = report.outcomes.iter();
    outcomes.flat_map(|it| of(&it.outcome).iter().map(move |one| (&it.rule, one))).collect()
}

fn accepted(report: &Report) -> Html {
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
            <ul id="accepted">{ for accepted.iter().map(item) }</ul>
        </section>
    }
}

fn cleared(report: &Report) -> Html {
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
        <details class="group">
            <summary><h3>{ "Looked at and in order (" }{ cleared.len() }{ ")" }</h3></summary>
            <ul id="cleared">{ for cleared.iter().map(item) }</ul>
        </details>
    }
}
