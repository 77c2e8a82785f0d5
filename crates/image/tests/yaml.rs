//! What holds for any YAML: it becomes JSON, and whatever was copied stands where it says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::json;
use proptest::prelude::*;

const WORDS: &[&str] = &[
    "a: ",
    "b:\n",
    "  ",
    "- ",
    "? ",
    "&x ",
    "*x",
    "<<: *x\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "|\n",
    ">\n",
    "'",
    "\"",
    "\\u00e9",
    "# c\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "!!str ",
    "~",
    "1e9",
    "0x1f",
    ".inf",
    "é",
    "\t",
    "\r\n",
    "\n",
];

fn texts() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![9 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn yaml_becomes_json_with_places(text in texts(), before in "[a-zé]{0,3}") {
        let whole = format!("{before}{text}");
        let it = image::yaml(&whole, before.len()..whole.len());
        prop_assert!(json::check(&it.json.text).is_ok(), "{:?}", it.json.text);
        for line in &it.json.lines {
            prop_assert!(it.json.text.get(line.span.range()).is_some());
            prop_assert!(whole.get(line.entry.range()).is_some(), "{:?}", line);
        }
        for (at, letter) in it.json.text.char_indices() {
            let span = text::Span::of(at..at + letter.len_utf8());
            if let Some(origin) = it.json.origin(span) {
                prop_assert!(whole.get(origin.range()).is_some(), "{:?}", origin);
            }
        }
        if let Some((at, _)) = &it.broken {
            prop_assert!(whole.is_char_boundary(*at as usize));
        }
        prop_assert_eq!(image::yaml(&whole, before.len()..whole.len()), it);
    }
}
