//! What the steps of a build fetch, and whether anything checks what came.
//!
//! Several rules ask this: whether a file is checked at all decides what an address without
//! encryption, or one that moves, is worth.

use report::Locus;
use text::{SourceId, Span};

use crate::Case;
use crate::commands::{Against, Check, Resolved, RunCommand, Target, Url, checks, resolved};
use crate::facts::{Copied, Copy, Reach, RunStep, Seen, Step};

/// Something that a command fetches.
pub(crate) struct Download<'a> {
    /// The step.
    pub(crate) step: Step<'a>,
    /// The command that fetches.
    pub(crate) command: &'a RunCommand,
    /// The address, as far as it is known.
    pub(crate) url: Resolved,
    /// Where the address stands.
    pub(crate) span: Span,
    /// The names of the file it goes to: as written, and as far as it is known. None: the output.
    pub(crate) names: Vec<String>,
}

impl Download<'_> {
    pub(crate) fn at(&self) -> Locus {
        self.step.at(self.span)
    }

    pub(crate) fn address(&self) -> Url<'_> {
        Url::parse(&self.url.text)
    }
}

/// Everything that the steps fetch, in order.
pub(crate) fn downloads(case: &Case) -> Vec<Download<'_>> {
    let mut found: Vec<Download<'_>> = Vec::new();
    for step in case.facts.steps() {
        for (number, command) in step.run.commands.iter().enumerate() {
            let Some(fetch) = command.fetches() else { continue };
            for ((raw, span), file) in fetch.urls.iter().zip(&fetch.files) {
                let word =
                    command.simple.words.iter().find(|it| it.span == *span && it.text() == *raw);
                let url = match word {
                    Some(word) => resolved(step.run, number, word),
                    None => Resolved { text: raw.clone(), open: None },
                };
                let mut names: Vec<String> = file.iter().cloned().collect();
                let by_url = matches!(fetch.target, Target::NamedByUrl | Target::Folder(_));
                let known = Url::parse(&url.text).file_name().map(str::to_owned);
                names.extend(known.filter(|it| by_url && !names.contains(it)));
                // A script inside a substitution inside a script is read twice.
                let seen = found.iter().rev().take_while(|it| std::ptr::eq(it.step.run, step.run));
                if !seen.into_iter().any(|it| it.span == *span) {
                    found.push(Download { step, command, url, span: *span, names });
                }
            }
        }
    }
    found
}

/// The checks of all steps.
pub(crate) struct Checks<'a>(Vec<(SourceId, &'a RunStep, Vec<Check<'a>>)>);

impl<'a> Checks<'a> {
    /// No checks, where nothing is fetched that could be checked.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn of(case: &'a Case) -> Self {
        let steps = case.facts.steps().map(|it| (it.source, it.run, checks(it.run)));
        Self(steps.filter(|it| !it.2.is_empty()).collect())
    }

    /// What a download is compared with: in its step, or a later one of its stage.
    pub(crate) fn of_download(&self, it: &Download<'_>) -> Option<Against> {
        if it.names.is_empty() {
            // What goes into a pipe can be checked in the pipe only.
            let same = |check: &&Check<'_>| {
                check.command.place.pipeline == it.command.place.pipeline
                    && it.step.run.commands.iter().any(|one| std::ptr::eq(one, check.command))
            };
            return self.all().find(|(_, check)| same(check)).map(|(_, it)| it.against);
        }
        self.covering(it.step.source, it.step.run.stage.0, it.step.run.code.start(), &it.names)
    }

    /// What a file that `ADD` fetched is compared with in a later step of its stage.
    pub(crate) fn of_copy(
        &self,
        source: SourceId,
        copy: &Copy,
        from: u32,
        name: &str,
    ) -> Option<Against> {
        self.covering(source, copy.stage.0, from, &[name.to_owned()])
    }

    fn covering(
        &self,
        source: SourceId,
        stage: u32,
        from: u32,
        names: &[String],
    ) -> Option<Against> {
        let fits = |(of, run, check): &(SourceId, &RunStep, &Check<'_>)| {
            let behind = *of == source && run.stage.0 == stage && run.code.start() >= from;
            behind && names.iter().any(|it| check.covers(it))
        };
        let all =
            self.0.iter().flat_map(|(of, run, all)| all.iter().map(move |it| (*of, *run, it)));
        all.filter(fits).map(|(_, _, it)| it.against).max()
    }

    fn all(&self) -> impl Iterator<Item = (&RunStep, &Check<'a>)> {
        self.0.iter().flat_map(|(_, run, all)| all.iter().map(move |it| (*run, it)))
    }
}

/// An address that `ADD` fetches.
pub(crate) struct Added<'a> {
    /// The instruction.
    pub(crate) copy: &'a Copy,
    /// The text it stands in.
    pub(crate) source: SourceId,
    /// The address, as far as it is known.
    pub(crate) url: &'a str,
    /// Where the address stands.
    pub(crate) span: Span,
    /// Where the instruction starts.
    pub(crate) start: u32,
}

impl Added<'_> {
    pub(crate) fn at(&self) -> Locus {
        Locus::Text { source: self.source, span: self.span }
    }

    /// The name of the file that it becomes.
    pub(crate) fn name(&self) -> String {
        let into = &*self.copy.destination;
        let last = into.rsplit('/').next().unwrap_or_default();
        if !last.is_empty() && last.contains('.') && last.len() > 1 {
            return last.to_owned();
        }
        let named = Url::parse(self.url).file_name();
        named.unwrap_or(last).to_owned()
    }
}

/// Every address that an `ADD` of a stage that is built fetches.
pub(crate) fn added(case: &Case) -> Vec<Added<'_>> {
    let wanted = |it: &&Seen<Copy>| it.reach != Reach::Unused;
    let mut found = Vec::new();
    for seen in case.facts.copies.iter().filter(wanted) {
        let (Ok(copy), Locus::Text { source, span: all }) = (&seen.value, &seen.at) else {
            continue;
        };
        for (it, span) in copy.sources.iter().filter(|_| copy.add) {
            let url = match it {
                Copied::Url(url) => url,
                Copied::Unknown(url) if url.contains("://") => url,
                Copied::Unknown(_) | Copied::Path(_) | Copied::Inline => continue,
            };
            let start = all.start();
            found.push(Added { copy, source: *source, url, span: *span, start });
        }
    }
    found
}
