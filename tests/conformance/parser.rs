//! BuildKit's own parser test files: valid ones parse to the same instructions, invalid ones fail.

use std::path::Path;

use anyhow::Result;

use crate::{Figure, corpus, sexpr};

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let cases = corpus::read(shared, "buildkit-parser")?;
    let (mut valid, mut same, mut invalid, mut refused) = (0, 0, 0, 0);
    for case in &cases {
        let file = dockerfile::parse(&case.dockerfile);
        if case.expected == "fires" {
            invalid += 1;
            if file.errors.is_empty() {
                println!("{}: no error", case.id);
            } else {
                refused += 1;
            }
            continue;
        }
        valid += 1;
        let dump = sexpr::dump(&file);
        let expected = case.parser_result.as_deref().unwrap_or_default();
        // Its parser tests stop before flags and names are judged, so only errors of reading count.
        if dump.trim() == expected.trim() {
            same += 1;
        } else {
            report_difference(&case.id, expected, &dump);
        }
    }
    Ok(vec![
        Figure {
            name: "BuildKit parser files read to the same instructions".to_owned(),
            value: format!("{same} of {valid}"),
            reached: same == valid && valid > 0,
        },
        Figure {
            name: "BuildKit negative parser files with an error".to_owned(),
            value: format!("{refused} of {invalid}"),
            reached: refused == invalid && invalid > 0,
        },
    ])
}

fn report_difference(id: &str, expected: &str, got: &str) {
    println!("{id}: differs");
    let (mut expected, mut got) = (expected.trim().lines(), got.trim().lines());
    loop {
        match (expected.next(), got.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => println!("  expected {}\n  got      {}", a.unwrap_or("-"), b.unwrap_or("-")),
        }
    }
}
