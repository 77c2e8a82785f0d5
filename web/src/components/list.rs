//! The part of the findings list that is in the document: measured, moved, and followed by the
//! keyboard's place.

use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::NodeRef;

use crate::dom;
use crate::window::{Heights, Slice};

/// A list of which only a part is drawn.
pub(crate) struct Listing {
    /// The list's element.
    pub(crate) element: NodeRef,
    /// The part that is drawn.
    pub(crate) slice: Slice,
    /// The item that the keyboard's place is to move to, once it is drawn.
    pub(crate) wanted: Option<usize>,
    /// Whether all of it is drawn, for paper.
    pub(crate) whole: bool,
    heights: Heights,
    /// From where to where it showed when somebody last looked, in pixels from its top.
    seen: (f64, f64),
}

impl Listing {
    /// A list of so many items, of which nothing has been seen yet.
    pub(crate) fn new(length: usize) -> Self {
        let heights = Heights::new(length);
        let slice = heights.slice(0.0, 0.0, &(0..0));
        let (element, seen) = (NodeRef::default(), (0.0, 0.0));
        Self { element, slice, wanted: None, whole: false, heights, seen }
    }

    /// The list has other items. What shows of them is taken to be where it was: looking would lay out a
    /// document that is about to change. Whoever has drawn looks.
    pub(crate) fn reset(&mut self, length: usize) {
        self.heights = Heights::new(length);
        self.slice = self.heights.slice(self.seen.0, self.seen.1, &self.slice.items);
    }

    /// Finds out which part of the list shows. True if that is another one than is drawn.
    pub(crate) fn look(&mut self) -> bool {
        if self.wanted.is_some() {
            return true;
        }
        if self.whole {
            return std::mem::replace(&mut self.slice, self.heights.all()) != self.slice;
        }
        let Some(list) = self.element.cast::<HtmlElement>() else { return false };
        let top = list.get_bounding_client_rect().top();
        let shown = dom::by_id("results").get_bounding_client_rect();
        let height = dom::window().inner_height().ok().and_then(|it| it.as_f64()).unwrap_or(0.0);
        self.seen = (shown.top().max(0.0) - top, shown.bottom().min(height) - top);
        let slice = self.heights.slice(self.seen.0, self.seen.1, &self.slice.items);
        let other = slice.items != self.slice.items;
        self.slice = slice;
        other
    }

    /// After drawing: measures the items, makes room for the others, and moves the keyboard's
    /// place. If that needs another part, the next look asks for it.
    pub(crate) fn settle(&mut self) {
        let Some(list) = self.element.cast::<HtmlElement>() else { return };
        self.measure(&list);
        dom::style(&list, "padding-top", &px(self.slice.before));
        dom::style(&list, "padding-bottom", &px(self.slice.after));
        let Some(item) = self.wanted else { return };
        if self.slice.items.contains(&item) {
            self.wanted = None;
            focus(&list, item - self.slice.items.start);
        } else {
            self.slice = self.heights.near(item);
        }
    }

    fn measure(&mut self, list: &HtmlElement) {
        let children = list.children();
        let child = |index| Some(children.item(index)?.get_bounding_client_rect());
        let space = child(0).zip(child(1)).map_or(0.0, |(one, two)| two.top() - one.bottom());
        for (index, item) in (0..).zip(self.slice.items.clone()) {
            if let Some(it) = child(index) {
                self.heights.measure(item, it.height() + space);
            }
        }
    }
}

/// Whole pixels: writing fractions would bring a good deal of code.
fn px(it: f64) -> String {
    format!("{}px", it.round() as u32)
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
