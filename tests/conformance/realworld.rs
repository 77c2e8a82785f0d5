//! Real Dockerfiles: nothing panics, the pieces tile the text, and every error is listed to be
//! looked at.

use std::path::Path;

use anyhow::Result;
use dockerfile::{Arguments, Stages};
use text::Source;

use crate::{Figure, corpus};

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let cases = corpus::read(shared, "realworld")?;
    let (mut panics, mut torn, mut errors) = (0, 0, 0);
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
            println!("{}:{line}: {}", case.id, it.kind.message());
        }
    }
    let total = cases.len();
    Ok(vec![
        Figure {
            name: "real Dockerfiles read without a panic".to_owned(),
            value: format!("{} of {total}", total - panics),
            reached: panics == 0 && total > 0,
        },
        Figure {
            name: "real Dockerfiles whose pieces tile the text".to_owned(),
            value: format!("{} of {total}", total - torn),
            reached: torn == 0,
        },
        Figure {
            name: "syntax errors in real Dockerfiles, listed above".to_owned(),
            value: errors.to_string(),
            reached: true,
        },
    ])
}
