//! The findings panel: messages, problems, findings, and the other kinds of outcome.

use yew::{Callback, Html, Properties, component, html};

use super::banner::{banner, notice};
use super::list::FindingList;
use super::others::others;
use super::problems::problems;
use super::toolbar::Toolbar;
use crate::shared::Shared;
use crate::state::{Action, Airlock, Answered, Engine, Filter, Notice, RowKey};

/// What the panel shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The newest answer.
    pub(crate) answered: Option<Shared<Answered>>,
    /// The state of the airlock.
    pub(crate) airlock: Airlock,
    /// What the engine is doing.
    pub(crate) engine: Engine,
    /// Whether that takes long.
    pub(crate) slow: bool,
    /// The message above the findings.
    pub(crate) notice: Option<Notice>,
    /// Which findings are shown.
    pub(crate) filter: Filter,
    /// Their rows.
    pub(crate) visible: Shared<Vec<usize>>,
    /// The chosen finding.
    pub(crate) selected: Option<RowKey>,
    /// Changes when the keyboard's place is to move to the chosen finding.
    pub(crate) focus: u32,
    /// The findings whose cards are open.
    pub(crate) open: Shared<Vec<RowKey>>,
}

/// The panel.
#[component]
pub(crate) fn Outcome(props: &Props) -> Html {
    let act = &props.act;
    html! {
        <>
        { banner(act, &props.airlock, &props.engine, props.slow) }
        if let Some(it) = &props.notice {
            { notice(act, it) }
        }
        if let Some(answered) = &props.answered {
            { problems(&answered.report) }
            { findings(props, answered) }
            { others(&answered.report, act) }
        }
        </>
    }
}

fn findings(props: &Props, answered: &Shared<Answered>) -> Html {
    if answered.rows.is_empty() {
        let open = answered.report.outcomes.iter().any(|it| !it.outcome.gaps.is_empty())
            || !answered.report.unexamined.is_empty();
        let rest = if open { " What could not be known is listed below." } else { "" };
        return html! {
            <>
            <p class="nothing">{ "Nothing found in what was examined." }{ rest }</p>
            <ul id="findings" aria-label="Findings"></ul>
            </>
        };
    }
    html! {
        <>
        <Toolbar
            act={props.act.clone()}
            answered={answered.clone()}
            filter={props.filter}
            shown={props.visible.len()}
        />
        <FindingList
            act={props.act.clone()}
            answered={answered.clone()}
            visible={props.visible.clone()}
            selected={props.selected.clone()}
            focus={props.focus}
            open={props.open.clone()}
        />
        </>
    }
}
