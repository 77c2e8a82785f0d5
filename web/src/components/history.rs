//! What was recovered from a history, in place of the editor: its steps with their sizes, where
//! the base image ends and what tells that, and the way to the entry and to the Dockerfile.

use report::{HistoryStep, Listed, Locus, Place, size};
use text::visible;
use yew::{Callback, Html, html};

use super::message::{message, sentence, visible_lines};
use super::on;
use crate::state::{Action, Answered, Left, State};

/// A history has a few dozen steps; one of thousands was made to be slow.
const MOST: usize = 500;

/// The steps, if they are to be shown.
pub(crate) fn history(state: &State, act: &Callback<Action>) -> Html {
    let Some(answered) = state.answered.as_ref().filter(|_| state.left == Left::Recovered) else {
        return Html::default();
    };
    let Some(history) = &answered.sheet.history else { return Html::default() };
    let (base, own) = history.split();
    let name = history.base_name.as_ref().map(|it| format!(" {}", visible(it)));
    let part = |heading: String, steps: &[HistoryStep]| {
        let steps = steps.iter().take(MOST);
        html! {
            <>
            <h3>{ heading }</h3>
            <ol class="steps">{ for steps.map(|it| step(it, answered, act)) }</ol>
            </>
        }
    };
    let because = format!("the base image ends there because {}", history.because);
    html! {
        <div class="history">
            <h2 tabindex="-1">{ "Recovered from the history" }</h2>
            <p class="about">
                { "Read only: this is the history, step by step, in the words of a Dockerfile. " }
                { "What it is about is changed in the Dockerfile, or in the history itself." }
            </p>
            if let Some(it) = &history.built_from {
                <p>{ sentence(it) }</p>
            }
            if base.is_empty() {
                { part(format!("Steps ({})", history.because), own) }
            } else {
                { part(format!("The base image{}{}", name.unwrap_or_default(), sum(base)), base) }
                <p class="about">{ sentence(&because) }</p>
                { part(format!("The image itself{}", sum(own)), own) }
            }
        </div>
    }
}

fn sum(steps: &[HistoryStep]) -> String {
    let sizes = steps.iter().filter_map(|it| it.size);
    let all = sizes.fold(0_u64, u64::saturating_add);
    if all == 0 { String::new() } else { format!(", {}", size(all)) }
}

fn step(it: &HistoryStep, answered: &Answered, act: &Callback<Action>) -> Html {
    let listed = answered.sheet.findings.iter().enumerate();
    let here = listed.filter(|(_, one)| touches(one, &it.place.at));
    let findings = here.map(|(row, _)| row).take(20);
    let finding = |row: usize| way_to(answered, row, act);
    html! {
        <li>
            <pre><code>{ visible_lines(&it.text) }</code></pre>
            <p class="about">
                <span class="size">{ it.size.map(size) }</span>
                { place(answered, &it.place, act) }
                if let Some(line) = &it.line {
                    { "the same as" }{ place(answered, line, act) }
                }
                if it.is_cut {
                    <span class="tag">{ "cut off by the tool that printed it" }</span>
                }
            </p>
            <ul>{ for findings.map(finding) }</ul>
        </li>
    }
}

fn touches(it: &Listed, place: &Locus) -> bool {
    match (it.at, place) {
        (Some((a, one)), Locus::Text { source: b, span: two }) => {
            a == *b && one.start() < two.end() && two.start() <= one.start()
        }
        _ => false,
    }
}

/// A finding in a list of its own: the way to its card.
pub(super) fn way_to(answered: &Answered, row: usize, act: &Callback<Action>) -> Html {
    let Some((row, rule, finding)) = answered.row(row) else { return Html::default() };
    html! {
        <li class={rule.severity.id()}>
            <button
                type="button"
                class="link"
                onclick={on(act, Action::Select(row.key.clone(), true))}
            >
                <span class="shape" aria-hidden="true">{ rule.severity.shape() }</span>
                { message(&finding.message) }
            </button>
        </li>
    }
}

/// A place: the way there, if the page can show it.
pub(crate) fn place(answered: &Answered, it: &Place, act: &Callback<Action>) -> Html {
    let name = report::place_name(&answered.sheet.sources, it);
    let shown = matches!(it.at, Locus::Text { source, .. } if answered.input(source).is_some());
    if !shown {
        return html! { <span class="place">{ name }</span> };
    }
    let onclick = on(act, Action::ShowPlace(it.at.clone()));
    html! {
        <button type="button" class="link place" title="Show where this is" {onclick}>{ name }</button>
    }
}
