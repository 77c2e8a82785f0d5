//! The tree of files: however many there are, only the rows that show are in the document. The
//! worker knows the others, and is asked for them when somebody scrolls.

use report::wire::{Browse, Listing, Row};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{Callback, Component, Context, Html, NodeRef, Properties, classes, html};

use super::layers::findings;
use super::on;
use crate::dom;
use crate::scroll::Scroll;
use crate::shared::Shared;
use crate::state::Action;

/// Names of the columns.
const HEADS: [&str; 7] = ["Name", "Change", "Findings", "Size", "Mode", "Owner", "Remarks"];
/// Deeper rows are moved no further to the right.
const DEEPEST: usize = 16;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The rows.
    pub(crate) listing: Shared<Listing>,
    /// What they are the files of.
    pub(crate) label: String,
    /// Changes when the keyboard's place is to move to the tree.
    pub(crate) focus: u32,
}

/// The tree.
pub(crate) struct Files {
    element: NodeRef,
    room: NodeRef,
    wanted: bool,
}

impl Component for Files {
    /// It was scrolled, or is of another size.
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { element: NodeRef::default(), room: NodeRef::default(), wanted: false }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        // Drawing may take away the very element that has the keyboard's place.
        let active = dom::document().active_element();
        let element = self.element.cast::<Element>();
        let is_inside = element.is_some_and(|it| it.contains(active.as_deref()));
        self.wanted |= is_inside || ctx.props().focus != old.focus;
        true
    }

    fn update(&mut self, ctx: &Context<Self>, (): ()) -> bool {
        let (Some(element), Some(scroll)) = (self.element.cast::<Element>(), self.scroll(ctx))
        else {
            return false;
        };
        let first = scroll.first(f64::from(element.scroll_top()));
        ctx.props().act.emit(Action::Scrolled { first, count: scroll.fit() });
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let listing = &props.listing;
        let onscroll = ctx.link().callback(|_: yew::Event| ());
        let shows = |at: usize| listing.first as usize + at == listing.cursor as usize;
        let is_seen = (0..listing.rows.len()).any(shows);
        let head = |it: &'static str| html! { <span role="columnheader">{ it }</span> };
        let row =
            |(at, it): (usize, &Row)| row(it, listing.first as usize + at, shows(at), &props.act);
        html! {
            <div
                id="files"
                role="treegrid"
                aria-label={props.label.clone()}
                aria-rowcount={(listing.total + 1).to_string()}
                tabindex={if is_seen { "-1" } else { "0" }}
                ref={&self.element}
                {onscroll}
            >
                <div role="presentation" ref={&self.room}>
                    <div class="rows" role="rowgroup">
                        <div class="row heads" role="row" aria-rowindex="1">{ for HEADS.map(head) }</div>
                        { for listing.rows.iter().enumerate().map(row) }
                    </div>
                </div>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_time: bool) {
        let (Some(element), Some(room), Some(scroll)) =
            (self.element.cast::<Element>(), self.room.cast::<HtmlElement>(), self.scroll(ctx))
        else {
            return;
        };
        // The headings stand above the rows, in both.
        let view = f64::from(element.client_height());
        let pixels = |it: f64| format!("{}px", it.round() as u32);
        dom::style(&room, "height", &pixels(scroll.height() + view - scroll.view));
        if let Some(rows) = room.first_element_child().and_then(|it| it.dyn_into().ok()) {
            dom::style(&rows, "height", &pixels(view));
        }
        let first = ctx.props().listing.first;
        if scroll.first(f64::from(element.scroll_top())) != first {
            element.set_scroll_top(scroll.top(first).round() as i32);
        }
        if first_time || ctx.props().listing.rows.len() < scroll.fit() as usize {
            ctx.link().send_message(());
        }
        self.follow(&element);
    }
}

impl Files {
    fn scroll(&self, ctx: &Context<Self>) -> Option<Scroll> {
        let element = self.element.cast::<Element>()?;
        let row = element.query_selector(".row").ok()??.get_bounding_client_rect().height();
        let view = f64::from(element.client_height()) - row;
        let total = ctx.props().listing.total;
        (row > 0.0).then_some(Scroll { total, row, view })
    }

    /// The keyboard's place stays on its row, whichever element that is drawn by now.
    fn follow(&mut self, element: &Element) {
        if std::mem::take(&mut self.wanted) {
            let row = element.query_selector("[tabindex='0']").ok().flatten();
            dom::focus(row.as_ref().unwrap_or(element));
        }
    }
}

/// A row; the one with the keyboard's place can be reached by it.
fn row(it: &Row, index: usize, is_current: bool, act: &Callback<Action>) -> Html {
    let cell = |at: usize| it.cells.get(at).cloned().unwrap_or_default();
    let change = cell(1);
    let fold = match it.open {
        None => "\u{2002}",
        Some(true) => "▾",
        Some(false) => "▸",
    };
    let indent = "\u{2003}".repeat((it.level as usize).saturating_sub(1).min(DEEPEST));
    let plain = |at: usize, class: &'static str| {
        html! { <span role="gridcell" {class}><bdi>{ cell(at) }</bdi></span> }
    };
    html! {
        <div
            class={classes!("row", is_current.then_some("current"))}
            role="row"
            aria-level={it.level.to_string()}
            aria-rowindex={(index + 2).to_string()}
            aria-expanded={it.open.map(|it| it.to_string())}
            aria-selected={is_current.to_string()}
            tabindex={if is_current { "0" } else { "-1" }}
            onclick={on(act, Action::Browse(Browse::Choose(it.id)))}
        >
            <span role="gridcell" class={classes!("name", change.clone())}>
                <span aria-hidden="true">{ indent }{ fold }{ " " }</span><bdi>{ cell(0) }</bdi>
            </span>
            <span role="gridcell" class={classes!("change", change.clone())}>{ change.clone() }</span>
            <span role="gridcell">{ findings(&cell(2)) }</span>
            { plain(3, "size") }
            { plain(4, "mode") }
            { plain(5, "owner") }
            { plain(6, "remarks") }
        </div>
    }
}
