//! Fixes on real Dockerfiles: each alone, and all together. What does not hold is listed.

use std::path::Path;

use anyhow::{Context, Result};
use tests::fixes::{self, Tried};
use text::Date;

use crate::{Figure, corpus};

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let today = Date::new(2026, 11, 24).context("the day exists")?;
    let mut tried = Tried::default();
    for it in corpus::read_files(shared)? {
        fixes::check(&it.id, &it.dockerfile, today, &mut tried);
    }
    for it in &tried.failures {
        println!("{it}");
    }
    println!("\nrule: fixes of findings, safe ones, failures");
    let fixing = tried.rules.iter().filter(|(_, it)| it.fixes > 0);
    for (rule, it) in fixing {
        println!("  {rule}: {} of {}, {}, {}", it.fixes, it.findings, it.safe, it.failures);
    }
    println!("\nfindings of other rules that follow a fix");
    for ((rule, other), n) in &tried.followers {
        println!("  {rule} -> {other}: {n}");
    }
    let total: usize = tried.rules.values().map(|it| it.fixes).sum();
    let (with, changed) = tried.files;
    Ok(vec![
        Figure {
            name: "fixes that hold, alone and together".to_owned(),
            value: format!("{total} fixes, {} failures (listed above)", tried.failures.len()),
            reached: tried.failures.is_empty() && total > 0,
            binding: true,
        },
        Figure {
            name: "real Dockerfiles that mending changes".to_owned(),
            value: format!("{changed} of {with} that have fixes"),
            reached: changed == with,
            binding: false,
        },
    ])
}
