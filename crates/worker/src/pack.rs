//! The pack for shell scripts, which is a module of its own beside this one.

use rules::{Hit, Language, Linter};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// What the page's own lines in this worker make of the other module: of each finding its code,
    /// start, end, and whether a comment accepts it; nothing when that module broke.
    #[wasm_bindgen(js_name = plimsollLook)]
    fn look(language: u8, text: &str) -> Option<Vec<u32>>;
}

/// What looks through scripts.
pub(crate) fn linter() -> Linter {
    Linter(hits)
}

fn hits(language: Language, text: &str) -> Option<Vec<Hit>> {
    let language = match language {
        Language::Posix => 0,
        Language::Dash => 1,
        Language::Ash => 2,
        Language::Bash => 3,
    };
    let numbers = look(language, text)?;
    let hit = |it: &[u32]| match *it {
        [code, start, end, accepted] => {
            Some(Hit { code: u16::try_from(code).ok()?, start, end, accepted: accepted != 0 })
        }
        _ => None,
    };
    Some(numbers.chunks(4).filter_map(hit).collect())
}
