//! The pack as a module of its own in a browser: what the engine's worker calls.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Dialect, look};

/// Finds what there is to say about a script. The language is 0 to 3, in the order of [`Dialect`].
/// Of each finding: its code, start, end, and whether a comment accepts it (0 or 1).
#[wasm_bindgen]
pub fn shell(dialect: u8, text: &str) -> Vec<u32> {
    let dialect = match dialect {
        1 => Dialect::Dash,
        2 => Dialect::Ash,
        3 => Dialect::Bash,
        _ => Dialect::Posix,
    };
    let numbers = |it: crate::Hit| [u32::from(it.code), it.start, it.end, u32::from(it.accepted)];
    look(dialect, text).into_iter().flat_map(numbers).collect()
}
