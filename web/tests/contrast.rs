//! Every pair of colors that stand on each other can be read, in all themes: recomputed from the
//! style sheet, where the colors are defined once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../style/tokens.css");

/// What text may be read on what, and the least contrast between them.
const PAIRS: [(&[&str], &[&str], f64); 5] = [
    (&["text", "muted", "link"], &["bg", "surface", "raised"], 4.5),
    (&["high", "medium", "low", "note", "accent"], &["bg", "surface", "raised"], 4.5),
    (&["on-accent"], &["accent"], 4.5),
    (&["text"], &["high-tint", "ok-tint", "unknown-tint", "medium-tint", "low-tint"], 4.5),
    (&["control", "focus"], &["bg", "surface", "raised"], 3.0),
];

/// States stand on their own tint.
const TINTED: [&str; 6] = ["high", "medium", "low", "note", "ok", "unknown"];

type Colors = BTreeMap<String, [f64; 3]>;

/// The colors of all themes.
fn themes() -> [(&'static str, Colors); 3] {
    let (both, contrast) = STYLE.split_once("[data-theme=\"contrast\"]").unwrap();
    let light = parse(both, |it| it.strip_prefix("light-dark(")?.split(',').next());
    let dark = parse(both, |it| it.strip_suffix(')')?.split(", ").nth(1));
    [("light", light), ("dark", dark), ("contrast", parse(contrast, Some))]
}

fn parse(text: &'static str, of: fn(&'static str) -> Option<&'static str>) -> Colors {
    let mut colors = Colors::new();
    for line in text.lines() {
        let Some((name, value)) = line.trim().split_once(':') else { continue };
        let (name, value) = (name.trim_start_matches("--"), value.trim().trim_end_matches(';'));
        let digits = of(value).and_then(|it| it.strip_prefix('#')).filter(|it| it.len() == 6);
        let Some(digits) = digits else { continue };
        let part = |at: usize| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
        colors.insert(name.to_owned(), [part(0), part(2), part(4)]);
    }
    colors
}

/// As WCAG defines it.
fn luminance(color: [f64; 3]) -> f64 {
    let linear = color.map(|it| {
        let it = it / 255.0;
        if it <= 0.04045 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn black_on_white_has_the_greatest_contrast() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
}

#[test]
fn every_pair_can_be_read() {
    let tinted = TINTED.map(|it| (it, format!("{it}-tint")));
    for (theme, colors) in themes() {
        assert_eq!(colors.len(), 23, "{theme}: a color was added or lost");
        let mut weak = Vec::new();
        let mut check = |front: &str, back: &str, least: f64| {
            let is = contrast(colors[front], colors[back]);
            if is < least {
                weak.push(format!("{front} on {back}: {is:.2}, not {least}"));
            }
        };
        for (fronts, backs, least) in PAIRS {
            for front in fronts {
                backs.iter().for_each(|back| check(front, back, least));
            }
        }
        tinted.iter().for_each(|(front, back)| check(front, back, 4.5));
        assert_eq!(weak, Vec::<String>::new(), "{theme}");
    }
}

/// Colors anywhere else would escape the test.
#[test]
fn colors_are_defined_once() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let rooms = folder.join("style").read_dir().unwrap().map(|it| it.unwrap().path());
    let rooms = rooms.filter(|it| !it.ends_with("tokens.css"));
    let others = ["compare/compare.css", "docs/docs.css", "single/companion.css"];
    let all: Vec<_> = rooms.chain(others.map(|it| folder.join(it))).collect();
    assert!(all.len() > 8, "{all:?}");
    for path in all {
        let style = std::fs::read_to_string(&path).unwrap();
        for declaration in style.split(';').filter_map(|it| it.rsplit('{').next()) {
            let is_color = declaration.contains('#') || declaration.contains("rgb(");
            // A part of the page may be named as what is filled or looked for.
            let is_name = declaration.contains("url(#") || !declaration.contains(':');
            assert!(!is_color || is_name, "{}: {declaration}", path.display());
        }
    }
}
