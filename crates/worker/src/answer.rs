//! Answers to the page's questions: pure, so that it is tested without a browser.

use std::rc::Rc;

use image::{Archive, Beside, Limits, Next, Source};
use report::wire::{Browse, Choices, Content, Format, Handed, Progress, Session, Tell, Want};
use report::{Input, Kind, Problem, Report};
use rules::{Case, Document, Linter, Reading, Saved, Settings, Wanted};
use text::{Date, SourceId, Span};

use crate::browse::{From, Tree, Window};
use crate::chosen;

/// The longest input that is read as one text. Everything the engine reads as one text fits many times over;
/// without a limit, a mistaken drop of a disk image would fill the memory.
pub(crate) const LONGEST: u64 = 64 << 20;

/// So many bytes are unpacked to find what a packed archive says of itself, when its layers are
/// not to be read.
const OPENED: u64 = 64 << 20;

/// The content of one input.
#[derive(Clone)]
pub(crate) enum Read {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// A saved image, which is read piece by piece.
    Saved(Rc<dyn Source>),
    /// It is longer than [`LONGEST`]: its length.
    TooLong(u64),
    /// The browser could not read it.
    Failed,
}

/// The first thing the page hears.
pub(crate) fn ready(shell: Option<Linter>) -> Tell {
    let mut rules = rules::rule_infos();
    rules.extend(shell.iter().flat_map(|_| rules::shell_rules()).map(rules::Rule::info));
    Tell::Ready { version: rules::VERSION.to_owned(), rules }
}

/// Asked while a job goes on; hears how it goes where there is something to hear.
pub(crate) type Watch<'w> = &'w mut dyn FnMut(Option<Tell>) -> Next;

/// What is asked of a case.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its number.
    pub(crate) number: u32,
    /// Equal for jobs about the same inputs.
    pub(crate) revision: u32,
    /// The day against which ages are judged.
    pub(crate) today: Date,
    /// What was handed in.
    pub(crate) documents: Vec<Handed>,
    /// What was chosen.
    pub(crate) choices: Choices,
    /// What to make of it.
    pub(crate) want: Want,
    /// How far reading a saved image had come when the worker had to be ended over it.
    pub(crate) cancelled: Option<Progress>,
}

/// A saved image as far as it was read.
pub(crate) struct Opened {
    archive: Archive<'static>,
    /// Where reading was stopped, if it was.
    pub(crate) stopped: Option<Progress>,
}

/// The saved image that was read last, with all that was read of it.
struct Kept {
    revision: u32,
    case: Case,
    opened: Opened,
    tree: Option<Tree>,
}

/// Makes somebody who computes a digest elsewhere, as long as there is somebody.
pub(crate) type MakeBeside = Rc<dyn Fn() -> Option<Box<dyn Beside>>>;

/// Does the jobs, and keeps the saved image that was read last.
#[derive(Default)]
pub(crate) struct Desk {
    /// What looks through shell scripts, if it was loaded.
    pub(crate) shell: Option<Linter>,
    kept: Option<Kept>,
    /// Who computes the digests of layers, if not this worker.
    pub(crate) beside: Option<MakeBeside>,
}

impl Desk {
    /// `shell`: what looks through shell scripts, if it was loaded.
    pub(crate) fn new(shell: Option<Linter>) -> Self {
        Self { shell, ..Self::default() }
    }

    /// Does a job, in turns. `contents` has the content of each document, in the same order.
    pub(crate) async fn answer(&mut self, job: &Job, contents: &[Read], watch: Watch<'_>) -> Tell {
        // Somebody who wants it checked again may have changed the file; for all else it is the
        // same as before.
        let again = job.want != Want::Report && job.cancelled.is_none();
        if let Some(it) = self.kept.as_ref().filter(|it| again && it.revision == job.revision) {
            return told(job, contents, &it.case, it.opened.stopped.as_ref());
        }
        // Two images at once would need twice the memory, which never shrinks again.
        self.kept = None;
        let broke = |what| Tell::Broke { job: job.number, what };
        let settings = match chosen::settings(&job.choices, self.shell) {
            Ok(it) => it,
            Err(what) => return broke(what),
        };
        let (case, opened) = read(job, contents, self.beside.as_ref(), settings, watch).await;
        if job.choices.target.is_none()
            && let Some(what) = settings::missing_target(&case)
        {
            return broke(what);
        }
        let stopped = opened.as_ref().and_then(|it| it.stopped.as_ref());
        let told = told(job, contents, &case, stopped);
        if let Some(opened) = opened.filter(|_| job.cancelled.is_none()) {
            self.kept = Some(Kept { revision: job.revision, case, opened, tree: None });
        }
        told
    }

    /// Shows files of the saved image that was read last, in turns.
    pub(crate) async fn browse(
        &mut self,
        browse: &Browse,
        window: Window,
        watch: Watch<'_>,
    ) -> Tell {
        let Some(Kept { case, opened, tree, .. }) = &mut self.kept else {
            return Tell::Files(None);
        };
        let Some(kept) = &case.kept else { return Tell::Files(None) };
        let tree = tree.get_or_insert_with(|| Tree::new(kept, case));
        let archive = &opened.archive;
        let listing = tree.browse(From { case, archive }, browse, window, watch).await;
        Tell::Files(listing.map(Box::new))
    }
}

/// Reads the documents, and the saved image that may be among them.
pub(crate) async fn read(
    job: &Job,
    contents: &[Read],
    beside: Option<&MakeBeside>,
    settings: Settings,
    watch: Watch<'_>,
) -> (Case, Option<Opened>) {
    let saved = saved_at(contents);
    let all = job.documents.iter().zip(contents).enumerate();
    let others = all.filter(|(at, _)| Some(*at) != saved);
    let documents: Vec<Document<'_>> = others.map(|(_, (it, read))| document(it, read)).collect();
    match saved.and_then(|at| open(job, contents, at)) {
        Some(opened) => {
            let (case, opened) = in_saved(job, opened, beside, settings, &documents, watch).await;
            (case, Some(opened))
        }
        None => (Case::with(&documents, settings, job.today), None),
    }
}

/// What was wanted of a case.
fn told(job: &Job, contents: &[Read], case: &Case, stopped: Option<&Progress>) -> Tell {
    let number = job.number;
    let gave = |text: Option<String>, why: &str| match text {
        Some(text) => Tell::Gave { job: number, text },
        None => Tell::Broke { job: number, what: why.to_owned() },
    };
    match job.want {
        Want::Advice => {
            let text = rules::advise(case).and_then(|it| it.to_text().ok());
            gave(text, "nothing that was given could be read")
        }
        Want::Session => gave(session(case, job).to_text(), "the inputs cannot be written"),
        Want::Export(format) => {
            let report = report(job, contents, case, stopped);
            gave(Some(export(&report, case, format)), "")
        }
        Want::Report => {
            let report = report(job, contents, case, stopped);
            Tell::done(number, report, stages(case)).hiding(hidden(case, job))
        }
    }
}

/// The report of a case, with what kept its inputs from being read.
pub(crate) fn report(
    job: &Job,
    contents: &[Read],
    case: &Case,
    stopped: Option<&Progress>,
) -> Report {
    let saved = saved_at(contents);
    let mut report = rules::check(case);
    for (index, read) in contents.iter().enumerate() {
        note_unread(&mut report, index, read, saved);
    }
    if let (Some(it), Some(source)) = (&job.cancelled, saved) {
        note_cancelled(&mut report, source, it, "; its layers were not examined");
    }
    if let (Some(it), Some(source)) = (stopped, saved) {
        let rest = format!(", at {}; what was read before is in the report", it.layer);
        note_cancelled(&mut report, source, it, &rest);
    }
    report
}

/// Which of the documents is a saved image.
fn saved_at(contents: &[Read]) -> Option<usize> {
    contents.iter().position(|it| matches!(it, Read::Saved(_)))
}

/// The Dockerfiles of a case as they may be shown to others.
fn session(case: &Case, job: &Job) -> Session {
    let numbered = (0..=u16::MAX).map(SourceId).zip(&job.documents).zip(&case.kinds);
    let dockerfiles = numbered.filter(|(_, (kind, _))| *kind == Kind::Dockerfile);
    let masked = |((id, it), _): ((SourceId, &Handed), _)| Handed {
        name: it.name.clone(),
        taken_for: it.taken_for,
        content: Content::Text(case.shown_text(id)),
    };
    // Values of build arguments and names of files may be anything, and nothing masks them.
    let choices = Choices { settings: None, context: None, ..job.choices.clone() };
    Session { documents: dockerfiles.map(masked).collect(), choices }
}

/// Where secrets stand in what was handed in.
fn hidden(case: &Case, job: &Job) -> Vec<(SourceId, Span)> {
    let ids = (0..=u16::MAX).map(SourceId).take(job.documents.len());
    ids.flat_map(|id| case.hidden_in(id).map(move |span| (id, span))).collect()
}

/// The names of the stages that could be built instead of the last one.
fn stages(case: &Case) -> Vec<String> {
    let recipe = case.builds.iter().find(|it| it.input == Input::Dockerfile);
    let mut names = recipe.map(rules::Build::stage_names).unwrap_or_default();
    // They travel in one line, apart by blanks; no stage that can be built has one in its name.
    names.retain(|it| !it.contains(['\n', '\t', ' ']));
    names
}

fn export(report: &Report, case: &Case, format: Format) -> String {
    let paths: Vec<Option<String>> =
        report.sources.iter().map(|it| it.of.is_none().then(|| it.name.clone())).collect();
    let (sources, paths) = (&case.sources[..], &paths[..]);
    let context = &report::Context { sources, paths, help: rules::prose, has_baseline: false };
    match format {
        Format::Sarif => report::sarif(report, context),
        Format::Html => report::html(report, context),
        Format::Junit => report::junit(report, context),
        Format::Gitlab => report::gitlab(report, context),
        Format::Json => report::json(report),
        Format::Markdown => report::markdown(report),
        Format::Rdjson => report::rdjson(report, context),
        Format::Checkstyle => report::checkstyle(report, context),
    }
}

fn open<'a>(
    job: &'a Job,
    contents: &[Read],
    at: usize,
) -> Option<(usize, &'a str, Rc<dyn Source>)> {
    let Read::Saved(source) = contents.get(at)? else { return None };
    Some((at, &job.documents.get(at)?.name, Rc::clone(source)))
}

/// Reads a saved image with the documents beside it.
async fn in_saved(
    job: &Job,
    (after, name, source): (usize, &str, Rc<dyn Source>),
    beside: Option<&MakeBeside>,
    settings: Settings,
    documents: &[Document<'_>],
    watch: Watch<'_>,
) -> (Case, Opened) {
    let bytes = source.size();
    let mut limits = Limits::browser();
    let mut stopped = None;
    let mut hear = |progress: Progress| {
        if job.cancelled.is_some() {
            return Next::Stop;
        }
        let next = watch(Some(Tell::Progress { job: job.number, progress: progress.clone() }));
        if next == Next::Stop {
            stopped = Some(progress);
        }
        next
    };
    if job.cancelled.is_some() {
        // An archive that is packed as a whole is read through to find what is in it.
        limits.unpacked = OPENED;
    }
    let mut look = |done| {
        if job.cancelled.is_some() {
            return Next::On;
        }
        let layer = "what is in the archive".to_owned();
        hear(Progress { done, total: bytes, layer, ..Progress::default() })
    };
    let mut archive = Archive::open_in_turns(Box::new(source), &limits, &mut look).await;
    if let Some(make) = beside.cloned() {
        archive.digest_beside(Box::new(move || make()));
    }
    let (wanted, keep) = (Wanted::default(), job.cancelled.is_none());
    let saved = Saved { name, bytes, archive: &archive, wanted, after, keep };
    let mut follow = |it: Reading| {
        let Reading { layer, done, total, found, findings } = it;
        hear(Progress { done, total, found, layer, findings })
    };
    let today = job.today;
    let case = Case::of_saved_in_turns(&saved, documents, settings, today, &mut follow).await;
    (case, Opened { archive, stopped })
}

/// An input that could not be read keeps its place as an empty one, so that sources are numbered
/// as they were handed in.
fn document<'a>(handed: &'a Handed, content: &'a Read) -> Document<'a> {
    let bytes: &[u8] = match content {
        Read::Bytes(bytes) => bytes,
        Read::Saved(_) | Read::TooLong(_) | Read::Failed => &[],
    };
    Document { name: &handed.name, bytes, taken_for: handed.taken_for }
}

/// Says why an input was not read, in place of what the engine says about an empty one. `saved`:
/// the saved image that was read.
fn note_unread(report: &mut Report, index: usize, content: &Read, saved: Option<usize>) {
    const REMEDY: &str = "hand in a Dockerfile, inspect output or a saved image; files that \
                          changed meanwhile have to be opened again";
    let (message, remedy, length) = match content {
        Read::Bytes(_) => return,
        Read::Saved(_) if saved == Some(index) => return,
        Read::Saved(source) => {
            let message = "it is a saved image, and one case is about one of them".to_owned();
            (message, "hand in one saved image at a time", source.size())
        }
        Read::TooLong(length) => {
            let message = format!(
                "it is {} MB long, and texts of more than {} MB are not read",
                length / 1_000_000,
                LONGEST / 1_000_000
            );
            (message, REMEDY, *length)
        }
        Read::Failed => ("the browser could not read it".to_owned(), REMEDY, 0),
    };
    let source = source_id(index);
    report.problems.retain(|it| it.source != source);
    report.problems.push(problem(source, message, remedy));
    if let Some(info) = report.sources.get_mut(index) {
        info.bytes = length;
    }
}

fn note_cancelled(report: &mut Report, index: usize, progress: &Progress, rest: &str) {
    let message = format!(
        "reading was cancelled after {} of {} MB{rest}",
        progress.done / 1_000_000,
        progress.total.div_ceil(1_000_000)
    );
    report.problems.push(problem(source_id(index), message, "check it again to read all of it"));
}

fn problem(source: SourceId, message: String, remedy: &str) -> Problem {
    Problem { source, place: None, message, remedy: remedy.to_owned(), choices: Vec::new() }
}

fn source_id(index: usize) -> SourceId {
    SourceId(u16::try_from(index).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests;
