//! What an open card shows: the lines, what belongs to them, and what to do.

use report::{Evidence, Finding, RuleInfo, SourceInfo};
use yew::{Html, html};

use super::card::Card;
use super::excerpt::excerpt;
use super::fix::fix;
use super::ignore::ignore;
use super::message::message;
use super::on;
use crate::state::{Action, RowKey, acceptance};

/// The evidence of a finding.
pub(crate) fn evidence(card: &Card<'_>, key: &RowKey, rule: &RuleInfo, finding: &Finding) -> Html {
    let can_ignore = acceptance(card.answered, key, "", "").is_some();
    let open = on(card.act, Action::Ignoring(Some(key.clone())));
    let copy = on(card.act, Action::CopyComment(key.clone()));
    let explain = on(card.act, Action::Explain(rule.id.to_string()));
    let related = finding.related.iter().map(|it| related(&card.answered.sheet.sources, it));
    html! {
        <div class="evidence">
            { excerpt(&finding.place) }
            if !finding.related.is_empty() {
                <ul class="related">{ for related }</ul>
            }
            if let Some(it) = &finding.fix {
                { fix(card, key, it) }
            }
            if let Some(it) = card.ignoring {
                { ignore(card, it) }
            }
            <p class="buttons">
                <button type="button" onclick={explain}>{ "Explain" }</button>
                if can_ignore && card.ignoring.is_none() {
                    <button type="button" class="accept" onclick={open}>{ "Accept…" }</button>
                }
                <button type="button" onclick={copy}>{ "Copy as comment" }</button>
            </p>
        </div>
    }
}

fn related(sources: &[SourceInfo], it: &Evidence) -> Html {
    html! {
        <li>
            <span class="place">{ report::place_name(sources, &it.place) }</span>{ " " }
            { message(&it.note) }
            { excerpt(&it.place) }
        </li>
    }
}
