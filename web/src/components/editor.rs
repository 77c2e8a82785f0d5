//! What is drawn around the editor's text: line numbers, and the text again with its marks.
//!
//! The text area itself belongs to the browser: what is typed, undone, composed or spoken into it
//! is none of our business. Under it lies a mirror in the same metrics, of the visible lines only,
//! which is what the eye sees. Assistive technology sees the text area.

use std::ops::Range;

use gloo_events::{EventListener, EventListenerOptions};
use text::Source;
use web_sys::{Element, HtmlElement};
use yew::{Component, Context, Html, NodeRef, Properties, create_portal, html};

use super::line::{mirrored, number};
use crate::dom;
use crate::marks::Mark;
use crate::resize::Resize;
use crate::shared::Shared;

/// What is drawn.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The text.
    pub(crate) source: Shared<Source>,
    /// Its number of lines.
    pub(crate) rows: u32,
    /// The width of its longest line.
    pub(crate) columns: u32,
    /// What is underlined.
    pub(crate) marks: Shared<Vec<Mark>>,
    /// Whether the text is small enough for all this.
    pub(crate) marked: bool,
}

/// The drawing.
pub(crate) struct Editor {
    /// First and last visible line, from 1, the last one not included.
    lines: (u32, u32),
    gutter: (Element, NodeRef),
    mirror: (Element, NodeRef),
    _scroll: EventListener,
    _resize: Resize,
}

impl Component for Editor {
    /// Another part of the text may be visible.
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let scroller = dom::by_id("scroller");
        let (link, passive) = (ctx.link().clone(), EventListenerOptions::default());
        let scrolled = move |_: &web_sys::Event| link.send_message(());
        let link = ctx.link().clone();
        Self {
            lines: (1, 60),
            gutter: (dom::slot("gutter"), NodeRef::default()),
            mirror: (dom::slot("mirror"), NodeRef::default()),
            _scroll: EventListener::new_with_options(&scroller, "scroll", passive, scrolled),
            _resize: Resize::listen(&scroller, move || link.send_message(())),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, (): ()) -> bool {
        self.look(ctx.props().rows)
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if (props.rows, props.columns, props.marked) != (old.rows, old.columns, old.marked) {
            size(props);
            // Asking what is visible makes the browser lay out the whole text. Whatever scrolls or changes
            // its size is told by an event; only of a text that ends above what is drawn would nothing
            // be seen until then.
            if props.rows < self.lines.0 {
                self.look(props.rows);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        if !props.marked {
            return Html::default();
        }
        let lines = self.lines.0..self.lines.1.min(props.rows + 1);
        let marks = marks(lines.clone(), props);
        let numbers = lines.clone().map(|line| number(line, &props.source, &marks));
        let gutter = html! { <div class="rows" ref={&self.gutter.1}>{ for numbers }</div> };
        let texts = lines.map(|line| mirrored(line, &props.source, &marks));
        let mirror = html! { <div class="rows" ref={&self.mirror.1}>{ for texts }</div> };
        html! {
            <>
            { create_portal(gutter, self.gutter.0.clone()) }
            { create_portal(mirror, self.mirror.0.clone()) }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            // What is visible is looked for when the browser has laid it out, which it tells as a change of size.
            size(ctx.props());
        }
        let top = format!("translateY(calc(var(--row) * {}))", self.lines.0 - 1);
        for rows in [&self.gutter.1, &self.mirror.1] {
            if let Some(it) = rows.cast::<HtmlElement>() {
                dom::style(&it, "transform", &top);
            }
        }
    }
}

impl Editor {
    /// Finds out which lines are visible. True if others are than are drawn.
    fn look(&mut self, rows: u32) -> bool {
        /// Lines beyond the visible ones, so that scrolling finds them drawn.
        const MORE: f64 = 12.0;
        let scroller = dom::by_id("scroller");
        let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
        let line = line_height();
        let first = ((top / line) - MORE).clamp(0.0, f64::from(rows)) as u32 + 1;
        let last = ((top + height) / line + MORE).max(1.0) as u32 + 1;
        let same = (first, last) == self.lines;
        self.lines = (first, last);
        !same
    }
}

/// Gives the sheet the size of the text, so that one element scrolls numbers, text and marks.
fn size(props: &Props) {
    let scroller = dom::by_id("scroller");
    scroller.set_class_name(if props.marked { "marked" } else { "plain" });
    dom::by_id("unmarked").set_hidden(props.marked);
    dom::style(&scroller, "--rows", &props.rows.to_string());
    dom::style(&scroller, "--columns", &props.columns.to_string());
    dom::style(&scroller, "--digits", &props.rows.to_string().len().to_string());
}

/// The height of a line as the style sheet sets it.
pub(crate) fn line_height() -> f64 {
    dom::pixels(&dom::editor(), "line-height").filter(|it| *it > 0.0).unwrap_or(20.0)
}

/// The marks that touch some lines.
fn marks(lines: Range<u32>, props: &Props) -> Vec<Mark> {
    let first = props.source.line(lines.start).unwrap_or_default();
    let last = props.source.line(lines.end.saturating_sub(1)).unwrap_or_default();
    let touches = |it: &&Mark| first.start() <= it.span.end() && it.span.start() <= last.end();
    props.marks.iter().filter(touches).copied().collect()
}
