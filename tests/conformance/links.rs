//! How long a link is that carries a real Dockerfile: what stands behind the `#s=`, made by what the page makes
//! it with. Secrets are masked in it, as in everything that is shown.

use std::path::Path;

use anyhow::{Context, Result, bail};
use report::link;
use report::wire::{Choices, Content, Handed, Session};
use rules::{Case, Document};
use text::{Date, SourceId};

use crate::{Figure, corpus};

/// Letters that half of the links may have at most, and all of them.
const GOALS: [usize; 2] = [800, 8_000];

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let today = Date::new(2026, 11, 24).context("the day exists")?;
    let mut lengths = Vec::new();
    for case in corpus::read_files(shared)? {
        lengths.push(length(&case.dockerfile, today)?);
    }
    lengths.sort_unstable();
    let at = |share: usize| lengths.get((lengths.len() - 1) * share / 100).copied();
    let [median, all] = [at(50), at(100)].map(Option::unwrap_or_default);
    let figure = |name: &str, value: usize, goal: usize| Figure {
        name: format!("letters of a link, {name} of {}", lengths.len()),
        value: format!("{value} of {goal}"),
        reached: value <= goal,
        // The letters are what people write; the page says what a length fits into.
        binding: false,
    };
    Ok(vec![figure("median", median, GOALS[0]), figure("longest", all, GOALS[1])])
}

/// Letters of the link of a text: two that name the format, and one for six bits.
fn length(text: &str, today: Date) -> Result<usize> {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let case = Case::new(&[document], today);
    let documents = vec![Handed {
        name: "Dockerfile".to_owned(),
        taken_for: None,
        content: Content::Text(case.shown_text(SourceId(0))),
    }];
    let session = Session { documents, choices: Choices::default() };
    let session = session.to_text().context("a session is text")?;
    let packed = link::pack(&session).context("too long for a link")?;
    if link::unpack(&packed).as_deref() != Some(&session) {
        bail!("a link does not give back what was put in");
    }
    Ok("c.".len() + (packed.len() * 8).div_ceil(6))
}
