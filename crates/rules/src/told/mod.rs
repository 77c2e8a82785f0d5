//! What a history tells beside its facts: where the base image ends, how it fits the Dockerfile,
//! and where documents are about different images.

mod disagreements;
mod doubt;
mod fit;
mod join;
mod key;
mod shown;

use std::sync::Arc;

use image::history::{Boundary, History, Recovered, Step};
use report::{Disagreement, Evidence, Input, Locus};
use text::{SourceId, Span};

pub(crate) use disagreements::{disagreements, tell_steps};
#[cfg(test)]
pub(crate) use doubt::UNDONE;
pub(crate) use doubt::{cut_off, doubt_clearances, doubt_findings, doubts};
pub(crate) use fit::{Fit, fit};
pub(crate) use join::{join, origin, origins, translate};
pub(crate) use shown::shown;

use crate::documents::Chosen;
use crate::{Build, Case};

/// A history that was read.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The text that holds its entries.
    pub(crate) of: SourceId,
    /// The text that was recovered from it.
    pub(crate) source: SourceId,
    /// Its entries.
    pub(crate) history: History,
    /// What they say.
    pub(crate) steps: Vec<Step>,
    /// How the recovered text goes together with the entries.
    pub(crate) recovered: Arc<Recovered>,
    /// Where the base image ends.
    pub(crate) boundary: Boundary,
    /// The name of the base image.
    pub(crate) base_name: Option<String>,
    /// How it fits a Dockerfile that was given too.
    pub(crate) fit: Option<Fit>,
}

impl Told {
    /// Where an entry stands: what made it, or all of it when nothing is told.
    pub(crate) fn place(&self, entry: usize) -> Option<Locus> {
        let it = self.history.entries.get(entry)?;
        let by = it.created_by.whole();
        let span = if by.is_empty() { it.span } else { by };
        Some(Locus::Text { source: self.of, span })
    }

    /// Whether a place of the recovered text reaches the end of a line that is cut off: what
    /// stands there may go on.
    pub(crate) fn is_cut(&self, at: &Locus) -> bool {
        let Some(entry) = self.entry(at) else { return false };
        let is_cut = self.history.entries.get(entry).is_some_and(|it| it.is_cut);
        let (Locus::Text { span, .. }, Some(line)) = (at, self.recovered.lines.get(entry)) else {
            return false;
        };
        let text = self.recovered.text.get(line.span.range()).unwrap_or_default();
        is_cut && span.range().end >= line.span.range().start + text.trim_end().len()
    }

    /// The entry that a place of the recovered text belongs to.
    pub(crate) fn entry(&self, at: &Locus) -> Option<usize> {
        match at {
            Locus::Text { source, span } if *source == self.source => self.recovered.entry(*span),
            Locus::Text { .. } | Locus::Layer { .. } => None,
        }
    }
}

/// Whether a container runs another image than the one that was given.
pub(crate) fn other_image(run: &Option<Chosen>, config: &Option<Chosen>) -> Option<Disagreement> {
    let (run, config) = (run.as_ref()?, config.as_ref()?);
    let id = |names: &[String]| names.iter().find(|it| it.starts_with("sha256:")).cloned();
    let (runs, given) = (id(&run.part.image)?, id(&config.part.image)?);
    if run.part.image.iter().any(|it| config.part.image.contains(it)) {
        return None;
    }
    let place = |it: &Chosen| {
        let start = it.part.span.start();
        Locus::Text { source: it.source, span: Span::new(start, start + 1) }
    };
    let short = |id: &str| report::quote(&id.chars().take(19).collect::<String>());
    let says = |it: &Chosen, note: String| Evidence { place: place(it).into(), note: note.into() };
    Some(Disagreement {
        message: "the container runs another image than the one that was given".to_owned(),
        places: vec![
            says(run, format!("the container runs {}", short(&runs))),
            says(config, format!("the image is {}", short(&given))),
        ],
    })
}

/// The Dockerfile of a case, if one was given.
pub(crate) fn dockerfile(case: &Case) -> Option<&Build> {
    case.builds.iter().find(|it| it.input == Input::Dockerfile)
}
