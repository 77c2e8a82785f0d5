//! The page: a shell in the browser around the engine, which runs in a worker.
//!
//! The page knows results and texts, no rule and no parser. Raw input is read by the worker; what
//! the page itself holds is what somebody typed or pasted into it.

mod airlock;
mod app;
mod components;
mod diff;
mod dom;
mod edit;
mod engine;
mod examples;
mod fragment;
mod keys;
mod listen;
mod marks;
mod offsets;
mod resize;
mod save;
mod scroll;
mod shared;
mod sort;
mod state;
mod window;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page. `boot.js` calls it with a promise of the engine's parts (glue, compiled
/// module, rule pages, and both of the pack for shell scripts if it is wanted), the one function that
/// blesses a script address, two that put texts into links and take them out again, and one that reads
/// what is dropped.
#[wasm_bindgen]
pub fn start(parts: Promise, bless: Function, pack: Function, unpack: Function, folder: Function) {
    let root = dom::by_id("app").into();
    let props = app::Props { parts, bless, pack, unpack, folder };
    yew::Renderer::<app::App>::with_root_and_props(root, props).render();
}
