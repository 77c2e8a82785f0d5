//! BuildKit's own parser test files: valid ones parse to the same instructions, invalid ones fail.

use std::path::Path;

use anyhow::Result;
use dockerfile::{ErrorKind, SyntaxError};

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
        match case.parser_result.as_deref() {
            Some(expected) if dump.trim() == expected.trim() => same += 1,
            Some(expected) => report_difference(&case.id, expected, &dump),
            // The tests of here-documents give no list; there it is enough that they can be read.
            None if file.errors.iter().all(is_beyond_reading) => same += 1,
            None => println!("{}: {:?}", case.id, file.errors),
        }
    }
    Ok(vec![
        Figure {
            name: "BuildKit parser files read to the same instructions".to_owned(),
            value: format!("{same} of {valid}"),
            reached: same == valid && valid > 0,
            binding: true,
        },
        Figure {
            name: "BuildKit negative parser files with an error".to_owned(),
            value: format!("{refused} of {invalid}"),
            reached: refused == invalid && invalid > 0,
            binding: true,
        },
    ])
}

/// BuildKit's parser tests stop before instructions and stages are judged.
fn is_beyond_reading(it: &SyntaxError) -> bool {
    matches!(it.kind, ErrorKind::UnknownInstruction(..) | ErrorKind::NoStage)
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
