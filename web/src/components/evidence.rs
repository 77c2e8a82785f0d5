//! What an open card shows: the lines, what belongs to them, and what to do.

use report::prose::Block;
use report::{Evidence, Finding, RuleInfo};
use yew::{Html, html};

use super::card::Card;
use super::excerpt::excerpt;
use super::fix::fix;
use super::history::place;
use super::ignore::ignore;
use super::message::message;
use super::prose::inlines;
use super::{button, button_of};
use crate::state::{Action, Ignoring, RowKey, acceptance};

/// The evidence of a finding.
pub(crate) fn evidence(card: &Card<'_>, key: &RowKey, rule: &RuleInfo, finding: &Finding) -> Html {
    let none = Ignoring::of(key.clone());
    let comment = acceptance(card.answered, card.ignoring.unwrap_or(&none)).map(|it| it.1.with);
    let button = |words, action| button(card.act, words, action);
    let open = Action::Ignoring(Some(key.clone()));
    let related = finding.related.iter().map(|it| related(card, it));
    // A rule's page begins with what its findings mean for whoever runs the image.
    let page = card.pages.page(&rule.id).unwrap_or_default();
    let why = page.first().and_then(|it| match it {
        Block::Paragraph(it) => Some(html! { <p class="why">{ inlines(it) }</p> }),
        _ => None,
    });
    html! {
        <div class="evidence">
            { why.unwrap_or_default() }
            { excerpt(&finding.place) }
            if !finding.related.is_empty() {
                <ul class="related">{ for related }</ul>
            }
            if let Some(it) = &finding.fix {
                { fix(card, key, it) }
            }
            if let Some((it, comment)) = card.ignoring.zip(comment.as_ref()) {
                { ignore(card, it, comment) }
            }
            <p class="buttons">
                { button("Explain", Action::Explain(rule.id.to_string())) }
                if comment.is_some() && card.ignoring.is_none() {
                    { button_of("accept", card.act, "Accept…", open) }
                }
                { button("Copy as comment", Action::CopyComment(key.clone())) }
            </p>
        </div>
    }
}

fn related(card: &Card<'_>, it: &Evidence) -> Html {
    html! {
        <li>
            { place(card.answered, &it.place, card.act) }{ " " }
            { message(&it.note) }
            { excerpt(&it.place) }
        </li>
    }
}
