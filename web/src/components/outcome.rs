//! An answer in full: problems, findings, and the other kinds of outcome. However long the list of
//! findings is, at most some dozens of them are in the document.

use gloo_events::{EventListener, EventListenerOptions};
use report::Report;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, html};

use super::card::{Card, card};
use super::others::others;
use super::problems::problems;
use super::toolbar::toolbar;
use crate::dom;
use crate::shared::Shared;
use crate::state::{Action, Answered, Filter, RowKey};
use crate::window::{Heights, Slice};

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The answer whose findings are listed.
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

/// The panel with its list.
pub(crate) struct Outcome {
    list: NodeRef,
    heights: Heights,
    slice: Slice,
    /// The item that the keyboard's place is to move to, once it is drawn.
    wanted: Option<usize>,
    _listeners: [EventListener; 2],
}

impl Component for Outcome {
    /// The list may show another part of itself.
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let heights = Heights::new(ctx.props().visible.len());
        let link = ctx.link().clone();
        let moved = move |_: &web_sys::Event| link.send_message(());
        let (window, scroll) = (dom::window(), moved.clone());
        // Scroll events do not rise; whatever scrolls, it is seen on its way down.
        let down = EventListenerOptions::run_in_capture_phase();
        let scroll = EventListener::new_with_options(&window, "scroll", down, scroll);
        let resize = EventListener::new(&window, "resize", moved);
        let slice = heights.slice(0.0, 0.0);
        let list = NodeRef::default();
        Self { list, heights, slice, wanted: None, _listeners: [scroll, resize] }
    }

    fn update(&mut self, _: &Context<Self>, (): ()) -> bool {
        self.look()
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if props.visible != old.visible {
            self.heights = Heights::new(props.visible.len());
            self.look();
        }
        if props.focus != old.focus {
            self.wanted = selected(props);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let selected = selected(props).filter(|it| self.slice.items.contains(it));
        let stop = selected.unwrap_or(self.slice.items.start);
        let item = |item: usize| {
            let row = *props.visible.get(item)?;
            let key = &props.answered.rows.get(row)?.key;
            Some(card(&Card {
                answered: &props.answered,
                row,
                position: (item + 1, props.visible.len()),
                selected: selected == Some(item),
                tab_stop: stop == item,
                open: props.open.contains(key),
                act: &props.act,
            }))
        };
        let report = &props.answered.report;
        html! {
            <>
            { problems(report) }
            if props.answered.rows.is_empty() {
                { nothing(report) }
            } else {
                { toolbar(&props.act, &props.answered, props.filter, props.visible.len()) }
            }
            <ul id="findings" aria-label="Findings" ref={&self.list}>
                { for self.slice.items.clone().filter_map(item) }
            </ul>
            { others(report, &props.act) }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        let Some(list) = self.list.cast::<HtmlElement>() else { return };
        dom::style(&list, "padding-top", &px(self.slice.before));
        dom::style(&list, "padding-bottom", &px(self.slice.after));
        let children = list.children();
        for (index, item) in self.slice.items.clone().enumerate() {
            let child = children.item(u32::try_from(index).unwrap_or(u32::MAX));
            if let Some(child) = child {
                self.heights.measure(item, child.get_bounding_client_rect().height());
            }
        }
        if let Some(item) = self.wanted {
            if !self.slice.items.contains(&item) {
                self.slice = self.heights.near(item);
                // Drawing it brings it here again.
                return ctx.link().send_message(());
            }
            self.wanted = None;
            focus(&list, item - self.slice.items.start);
        }
        ctx.link().send_message(());
    }
}

impl Outcome {
    /// Finds out which part of the list shows. True if that is another one than is drawn.
    fn look(&mut self) -> bool {
        if self.wanted.is_some() {
            return true;
        }
        let Some(list) = self.list.cast::<HtmlElement>() else { return false };
        let top = list.get_bounding_client_rect().top();
        let shown = dom::by_id("results").get_bounding_client_rect();
        let height = dom::window().inner_height().ok().and_then(|it| it.as_f64()).unwrap_or(0.0);
        let slice =
            self.heights.slice(shown.top().max(0.0) - top, shown.bottom().min(height) - top);
        let other = slice.items != self.slice.items;
        self.slice = slice;
        other
    }
}

/// No finding is not the end of the matter.
fn nothing(report: &Report) -> Html {
    let open = report.outcomes.iter().any(|it| !it.outcome.gaps.is_empty())
        || !report.unexamined.is_empty();
    let rest = if open { " What could not be known is listed below." } else { "" };
    html! { <p class="nothing">{ "Nothing found in what was examined." }{ rest }</p> }
}

/// Whole pixels: writing fractions would bring a good deal of code.
fn px(it: f64) -> String {
    format!("{}px", it.round() as u32)
}

/// The place of the chosen finding in the list.
fn selected(props: &Props) -> Option<usize> {
    let row = props.answered.index(props.selected.as_ref()?)?;
    props.visible.iter().position(|it| *it == row)
}

fn focus(list: &HtmlElement, child: usize) {
    let child = list.children().item(u32::try_from(child).unwrap_or(u32::MAX));
    let Some(child) = child else { return };
    if let Ok(Some(button)) = child.query_selector("button") {
        dom::focus(&button);
    }
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    child.scroll_into_view_with_scroll_into_view_options(&options);
}
