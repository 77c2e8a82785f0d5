//! An answer in full: problems, findings, and the other kinds of outcome. However long the list of
//! findings is, at most some dozens of them are in the document.

use gloo_events::{EventListener, EventListenerOptions};
use report::Sheet;
use report::prose::Pages;
use yew::{Callback, Component, Context, Html, Properties, html};

use super::advice::advice;
use super::card::{Card, card};
use super::gaps::gaps;
use super::list::Listing;
use super::problems::problems;
use super::settled::{accepted, cleared};
use super::told::{dissent, writable};
use super::toolbar::toolbar;
use crate::dom;
use crate::shared::Shared;
use crate::state::{Action, Advising, Answered, Filter, Ignoring, RowKey};
use crate::window::Slice;

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
    /// The headings among them, each above one of them.
    pub(crate) heads: Shared<Vec<(usize, String)>>,
    /// The chosen finding.
    pub(crate) selected: Option<RowKey>,
    /// Changes when the keyboard's place is to move to the chosen finding.
    pub(crate) focus: u32,
    /// The findings whose cards are open.
    pub(crate) open: Shared<Vec<RowKey>>,
    /// The pages of the rules.
    pub(crate) pages: Shared<Pages>,
    /// The finding that is about to be accepted.
    pub(crate) ignoring: Option<Ignoring>,
    /// How the image is to be run, if somebody asked.
    pub(crate) advising: Advising,
    /// Whether it is shown what is in order.
    pub(crate) cleared_open: bool,
}

/// The panel with its list.
pub(crate) struct Outcome {
    list: Listing,
    _listeners: [EventListener; 4],
}

impl Component for Outcome {
    /// The list may show another part of itself; or it is drawn for paper, or no longer.
    type Message = Option<bool>;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let moved = move |_: &web_sys::Event| link.send_message(None);
        let (window, scroll) = (dom::window(), moved.clone());
        // Scroll events do not rise; whatever scrolls, it is seen on its way down.
        let down = EventListenerOptions::run_in_capture_phase();
        let scroll = EventListener::new_with_options(&window, "scroll", down, scroll);
        let resize = EventListener::new(&window, "resize", moved);
        let paper = |name, whole| {
            let link = ctx.link().clone();
            EventListener::new(&window, name, move |_| link.send_message(Some(whole)))
        };
        let (before, after) = (paper("beforeprint", true), paper("afterprint", false));
        let list = Listing::new(ctx.props().visible.len());
        Self { list, _listeners: [scroll, resize, before, after] }
    }

    fn update(&mut self, _: &Context<Self>, paper: Option<bool>) -> bool {
        if let Some(whole) = paper {
            self.list.whole = whole;
            // What is drawn stays where it can; but not all of it.
            self.list.slice = Slice::default();
        }
        self.list.look()
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if props.visible != old.visible {
            self.list.reset(props.visible.len());
        }
        if props.focus != old.focus {
            self.list.wanted = selected(props);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let selected = selected(props).filter(|it| self.list.slice.items.contains(it));
        let stop = selected.unwrap_or(self.list.slice.items.start);
        let item = |item: usize| {
            let row = *props.visible.get(item)?;
            let key = &props.answered.rows.get(row)?.key;
            Some(card(&Card {
                answered: &props.answered,
                row,
                position: (item + 1, props.visible.len()),
                selected: selected == Some(item),
                head: props.heads.iter().find(|it| it.0 == item).map(|it| &it.1[..]),
                tab_stop: stop == item,
                open: props.open.contains(key),
                pages: &props.pages,
                ignoring: props.ignoring.as_ref().filter(|it| it.key == *key),
                act: &props.act,
            }))
        };
        let sheet = &props.answered.sheet;
        html! {
            <>
            { problems(sheet, &props.act) }
            if props.answered.rows.is_empty() {
                { nothing(sheet) }
            } else {
                { toolbar(&props.act, &props.answered, &props.filter, props.visible.len()) }
            }
            <ul id="findings" aria-label="Findings" ref={&self.list.element}>
                { for self.list.slice.items.clone().filter_map(item) }
            </ul>
            { dissent(&props.answered, &props.act) }
            { gaps(sheet, &props.act) }
            { writable(&props.answered, &props.act) }
            { advice(&props.advising, &props.act) }
            { accepted(sheet) }
            { cleared(sheet, props.cleared_open, &props.act) }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        self.list.settle();
        // What was measured may show that another part is seen; then it is drawn again.
        ctx.link().send_message(None);
    }
}

/// No finding is not the end of the matter.
fn nothing(sheet: &Sheet) -> Html {
    let rest = if sheet.doubts.1 > 0 { " What could not be known is listed below." } else { "" };
    html! { <p class="nothing">{ "Nothing found in what was examined." }{ rest }</p> }
}

/// The place of the chosen finding in the list.
fn selected(props: &Props) -> Option<usize> {
    let row = props.answered.index(props.selected.as_ref()?)?;
    props.visible.iter().position(|it| *it == row)
}
