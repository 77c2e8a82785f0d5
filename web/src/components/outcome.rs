//! An answer in full: problems, findings, and the other kinds of outcome.

use yew::{Callback, Component, Context, Html, Properties, html};

use super::list::FindingList;
use super::others::others;
use super::problems::problems;
use super::toolbar::toolbar;
use crate::shared::Shared;
use crate::state::{Action, Answered, Filter, RowKey};

/// What the panel shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The newest answer.
    pub(crate) answered: Shared<Answered>,
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

/// The panel. It is a component of its own so that typing does not draw it again.
pub(crate) struct Outcome;

impl Component for Outcome {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let report = &props.answered.report;
        html! {
            <>
            { problems(report) }
            { findings(props, &props.answered) }
            { others(report, &props.act) }
            </>
        }
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
        { toolbar(&props.act, answered, props.filter, props.visible.len()) }
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
