//! CPU time over the real Dockerfiles, in one process.

use std::path::Path;

use anyhow::Result;

use crate::{Figure, corpus};

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let cases = corpus::read(shared, "realworld")?;
    let start = std::time::Instant::now();
    let mut count = 0;
    for case in &cases {
        count += dockerfile::parse(&case.dockerfile).pieces.len();
    }
    println!("parse: {:?} for {count} pieces", start.elapsed());
    Ok(vec![])
}
