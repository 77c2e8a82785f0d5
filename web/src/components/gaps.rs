//! What was not examined, and what would settle it.

use report::{Gap, Locus, Question, Report};
use yew::{Callback, Html, html};

use super::message::sentence;
use super::on;
use super::settled::{MOST, more};
use crate::state::Action;

/// A reason for not knowing, and whom it concerns. Many rules share a reason; it is shown once.
struct Doubt<'a> {
    gap: &'a Gap,
    questions: Vec<Question>,
    rules: Vec<&'a str>,
    places: usize,
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
            None => {
                doubts.push_mut(Doubt { gap, questions: Vec::new(), rules: Vec::new(), places: 0 })
            }
        };
        doubt.places += usize::from(gap.place.is_some());
        if let Some(it) = question.filter(|it| !doubt.questions.contains(it)) {
            doubt.questions.push(it);
        }
        if let Some(it) = rule.filter(|it| !doubt.rules.contains(it)) {
            doubt.rules.push(it);
        }
    }
    doubts
}

/// What was not examined, below the findings.
pub(crate) fn gaps(report: &Report, act: &Callback<Action>) -> Html {
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
                        <span class="place">
                            { place }
                            { (it.places > 1).then(|| format!(" and {} more", it.places - 1)) }
                        </span>
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
            <ul id="gaps">{ for doubts.iter().take(MOST).map(item) }</ul>
            { more(doubts.len()) }
        </section>
    }
}

fn tag(it: &Question) -> Html {
    html! { <span class="tag" title={it.text()}>{ "Q" }{ it.number() }</span> }
}
