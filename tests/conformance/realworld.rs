//! Real Dockerfiles: nothing panics, the pieces tile the text, and every syntax error is one that
//! somebody looked at and found right.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use dockerfile::{Arguments, Stages};
use text::Source;

use crate::{Figure, corpus};

/// Errors that somebody looked at and found right, by file and line.
const REVIEWED: &str = include_str!("reviewed_errors.tsv");

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let cases = corpus::read_files(shared)?;
    let reviewed: BTreeSet<&str> = REVIEWED.lines().filter(|it| !it.starts_with('#')).collect();
    let (mut panics, mut torn, mut errors, mut new) = (0, 0, 0, 0);
    for case in &cases {
        let read = std::panic::catch_unwind(|| {
            let file = dockerfile::parse(&case.dockerfile);
            let stages = Stages::of(&file, &Arguments::new());
            (file, stages)
        });
        let Ok((file, stages)) = read else {
            panics += 1;
            println!("{}: panic", case.id);
            continue;
        };
        let joined: String =
            file.pieces.iter().filter_map(|it| case.dockerfile.get(it.span().range())).collect();
        torn += usize::from(joined != case.dockerfile);
        let source = Source::new(&case.id, &case.dockerfile);
        for it in file.errors.iter().chain(&stages.errors) {
            errors += 1;
            let line = source.position(it.span.start()).line;
            if !reviewed.contains(&*format!("{}\t{line}", case.id)) {
                new += 1;
                println!("{}:{line}: {}", case.id, it.kind.message());
            }
        }
    }
    let total = cases.len();
    Ok(vec![
        Figure {
            name: "real Dockerfiles read without a panic".to_owned(),
            value: format!("{} of {total}", total - panics),
            reached: panics == 0 && total > 0,
            binding: true,
        },
        Figure {
            name: "real Dockerfiles whose pieces tile the text".to_owned(),
            value: format!("{} of {total}", total - torn),
            reached: torn == 0,
            binding: true,
        },
        Figure {
            name: "syntax errors in real Dockerfiles".to_owned(),
            value: format!("{errors}, of which {new} nobody has looked at (listed above)"),
            reached: new == 0,
            binding: true,
        },
    ])
}
