//! The files as areas, beside the tree that says the same in words: pictures for the pointer, so that
//! whatever is here can be reached in the tree by the keyboard.

use report::wire::{Browse, Tile};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::{Callback, Component, Context, Html, MouseEvent, Properties, html};

use crate::shared::Shared;
use crate::state::Action;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Where actions go.
    pub(crate) act: Callback<Action>,
    /// The rectangles, each before those inside of it.
    pub(crate) tiles: Shared<Vec<Tile>>,
    /// The one that the keyboard's place in the tree is in.
    pub(crate) marked: Option<u32>,
}

/// The drawing.
pub(crate) struct Treemap;

impl Component for Treemap {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { act, tiles, marked } = ctx.props();
        let choose = act.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            let id = target.and_then(|it| it.get_attribute("data-id")?.parse().ok());
            id.into_iter().for_each(|id| choose.emit(Action::Browse(Browse::Go(id))));
        });
        let mark = marked.and_then(|it| tiles.get(it as usize));
        html! {
            <svg id="treemap" viewBox="0 0 10000 4000" aria-hidden="true" {onclick}>
                <defs>
                    <pattern id="in-vain" width="120" height="120" patternUnits="userSpaceOnUse">
                        <path d="M0 120L120 0" />
                    </pattern>
                </defs>
                <Drawn tiles={tiles.clone()} />
                if let Some(it) = mark {
                    { rect(it, "marked") }
                }
            </svg>
        }
    }
}

/// The rectangles. They are many, and drawn anew only when they are others.
struct Drawn;

#[derive(Clone, PartialEq, Properties)]
struct DrawnProps {
    tiles: Shared<Vec<Tile>>,
}

impl Component for Drawn {
    type Message = ();
    type Properties = DrawnProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        html! { <g>{ for ctx.props().tiles.iter().map(tile) }</g> }
    }
}

fn tile(it: &Tile) -> Html {
    let [x, y, ..] = it.area;
    html! {
        <g class={it.look.clone()}>
            <rect
                data-id={it.id.to_string()}
                x={x.to_string()}
                y={y.to_string()}
                width={it.area[2].to_string()}
                height={it.area[3].to_string()}
            >
                <title>{ it.title.clone() }</title>
            </rect>
            if it.look.contains("waste") {
                { rect(it, "hatch") }
            }
            if !it.label.is_empty() {
                <text x={(x + 60).to_string()} y={(y + 170).to_string()}>{ it.label.clone() }</text>
            }
        </g>
    }
}

/// A rectangle that lets the pointer through.
fn rect(it: &Tile, class: &'static str) -> Html {
    let fill = (class == "hatch").then_some("url(#in-vain)");
    html! {
        <rect
            {class}
            {fill}
            x={it.area[0].to_string()}
            y={it.area[1].to_string()}
            width={it.area[2].to_string()}
            height={it.area[3].to_string()}
        />
    }
}
