//! What an open card shows: the lines, what belongs to them, and what to do.

use report::{Evidence, Finding, Report, RuleInfo, Safety};
use yew::{Html, html};

use super::card::Card;
use super::excerpt::excerpt;
use super::message::message;
use super::on;
use crate::state::Action;

/// The evidence of a finding.
pub(crate) fn evidence(card: &Card<'_>, rule: &RuleInfo, finding: &Finding) -> Html {
    let explain = on(card.act, Action::Explain(rule.id.to_string()));
    let related = finding.related.iter().map(|it| related(&card.answered.report, it));
    html! {
        <div class="evidence">
            { excerpt(&finding.place) }
            if !finding.related.is_empty() {
                <ul class="related">{ for related }</ul>
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

fn related(report: &Report, it: &Evidence) -> Html {
    html! {
        <li>
            <span class="place">{ report::place_name(report, &it.place) }</span>{ " " }
            { message(&it.note) }
            { excerpt(&it.place) }
        </li>
    }
}
