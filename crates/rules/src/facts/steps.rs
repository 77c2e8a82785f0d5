//! Ways through the facts that several rules take.

use report::{Input, Locus};
use text::{SourceId, Span};

use super::{Facts, Reach, RunStep, Seen, StartCommand};

/// A step with its place.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The step.
    pub run: &'a RunStep,
    /// The text it stands in.
    pub source: SourceId,
    /// Where it stands.
    pub at: &'a Locus,
    /// How far it reaches.
    pub reach: Reach,
}

impl Step<'_> {
    /// A place in its text.
    pub fn at(&self, span: Span) -> Locus {
        Locus::Text { source: self.source, span }
    }
}

/// A command that a container starts with, or that checks its health, with its place.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The command.
    pub command: &'a StartCommand,
    /// The text it stands in.
    pub source: SourceId,
    /// Whether it checks the container's health.
    pub checks_health: bool,
    /// From which input it is known.
    pub via: Input,
}

impl Facts {
    /// The steps of all stages that are built, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.runs.iter().filter(|it| it.reach != Reach::Unused).filter_map(|it| {
            match (&it.value, &it.at) {
                (Ok(run), at @ Locus::Text { source, .. }) => {
                    Some(Step { run, source: *source, at, reach: it.reach })
                }
                _ => None,
            }
        })
    }

    /// What the image starts, and how it checks its health, each as its strongest witness has it.
    pub fn starts(&self) -> impl Iterator<Item = Start<'_>> {
        let entry = [self.entrypoint.best(), self.cmd.best()].into_iter().flatten();
        let started =
            entry.filter_map(|it| Some((it.value.as_ref().ok()?, it.source()?, it.via, false)));
        let health = self.healthcheck.best().and_then(|it| {
            let command = it.value.as_ref().ok()?.command.as_ref()?;
            Some((command, it.source()?, it.via, true))
        });
        started.chain(health).map(|(command, source, via, checks_health)| Start {
            command,
            source,
            checks_health,
            via,
        })
    }
}

impl<T> Seen<T> {
    /// The text it was read in.
    pub fn source(&self) -> Option<SourceId> {
        match &self.at {
            Locus::Text { source, .. } => Some(*source),
            Locus::Layer { .. } => None,
        }
    }
}
