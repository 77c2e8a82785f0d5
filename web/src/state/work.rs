//! The engine: starting it, asking it, and what happens when it does not answer.

use report::Sheet;
use report::wire::{Format, Progress, Tell, Want};

use super::{Action, Answered, Effect, Notice, State, Texts};
use crate::marks::{Mark, follow};
use crate::offsets::without_carriage_returns;
use crate::shared::Shared;

/// The engine must say the same.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long typing has to pause, in milliseconds.
const TYPING: u32 = 40;
/// When a job is shown as pending.
const PENDING: u32 = 300;
/// When the page says that it takes long.
const SLOW: u32 = 1_000;
/// When the page stops waiting.
const OVERDUE: u32 = 10_000;
/// When a worker that was told to stop is ended. What it read is lost then, and what it has to say of a
/// large image may take a moment.
const STUBBORN: u32 = 5_000;

/// What a timer was set for. Old timers are told by their number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Timer {
    /// Typing has paused; the number is the revision of the inputs.
    Typed(u32),
    /// A job runs long enough that its answers should be shown as pending.
    Pending(u32),
    /// A job runs long enough to say so.
    Slow(u32),
    /// A job runs too long.
    Overdue(u32),
    /// A job was told to stop, and goes on.
    Stubborn(u32),
    /// A question about files is not answered yet; which one.
    Looking(u32),
    /// The live region may speak again.
    Quiet,
}

/// The state of the airlock.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Airlock {
    /// Not closed yet; no engine has started.
    #[default]
    Open,
    /// The browser has proved that it refuses every request.
    Closed,
    /// It has not.
    Failed {
        /// What was seen instead.
        what: String,
        /// Whether somebody chose to go on.
        go_on: bool,
    },
}

/// What the engine is doing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Engine {
    /// It is being loaded.
    #[default]
    Loading,
    /// It waits.
    Ready,
    /// It works.
    Busy,
    /// It has ended and is being started again.
    Restarting,
    /// It is not to be had.
    Dead(Death),
}

/// Why there is no engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Death {
    /// Some part of it did not load.
    NotLoaded(String),
    /// It is of another version than the page.
    Version(String),
    /// It ended twice over the same input; the text names the place in the code.
    Trapped(String),
    /// It did not come to an end, twice, over the same input.
    Stuck,
}

/// The engine and its job.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// What the engine is doing.
    pub(crate) engine: Engine,
    /// Whether the answers are to be shown as pending.
    pub(crate) pending: bool,
    /// Whether the job takes so long that the page says so.
    pub(crate) slow: bool,
    /// Counts changes of the inputs.
    pub(super) revision: u32,
    /// The revision that was answered, or given up.
    settled: u32,
    /// Number of the newest job.
    job: u32,
    running: Option<Running>,
    /// Whether the inputs changed while a job was running.
    again: bool,
    /// What else is wanted of these inputs, in this order.
    errands: Vec<Want>,
    /// How often the engine ended over these inputs.
    tries: u32,
    /// How far the job is, where the engine says so.
    pub(crate) progress: Option<Progress>,
    /// Whether the engine said so since the page last thought of giving up.
    heard: bool,
    /// Bytes of memory that the engine has.
    pub(crate) memory: u64,
    /// Whether the job was told to stop.
    stopping: bool,
    /// How far the reading of these inputs was when the worker was ended over it.
    cancelled: Option<Progress>,
}

/// A job the worker has.
#[derive(Debug)]
struct Running {
    job: u32,
    want: Want,
    revision: u32,
    /// The inputs as they were posted.
    texts: Texts,
}

impl Work {
    /// Whether the inputs were answered, or given up, and nothing else is wanted of them.
    pub(super) fn is_settled(&self) -> bool {
        self.settled == self.revision
            && self.running.is_none()
            && self.errands.is_empty()
            && !self.again
    }

    /// Keeps what is wanted until the engine has time for it.
    fn remember(&mut self, want: Want) {
        if !self.errands.contains(&want) {
            self.errands.push(want);
        }
    }
}

impl State {
    /// The inputs have changed.
    pub(super) fn changed(&mut self, at_once: bool, out: &mut Vec<Effect>) {
        self.work.revision += 1;
        self.work.tries = 0;
        self.work.cancelled = None;
        self.notice = None;
        if self.is_empty() {
            self.work.settled = self.work.revision;
            self.look_away();
            return;
        }
        if matches!(self.work.engine, Engine::Dead(Death::Trapped(_) | Death::Stuck)) {
            self.restart(out);
        } else if at_once {
            self.check(out);
        } else {
            out.push(Effect::After(TYPING, Timer::Typed(self.work.revision)));
        }
    }

    /// Has the inputs checked, as soon as the engine can.
    fn check(&mut self, out: &mut Vec<Effect>) {
        match self.work.engine {
            Engine::Ready => self.post(Want::Report, out),
            Engine::Busy => self.work.again = true,
            Engine::Loading | Engine::Restarting | Engine::Dead(_) => {}
        }
    }

    /// Has something else made of the inputs, after their report.
    pub(super) fn want(&mut self, want: Want, out: &mut Vec<Effect>) {
        if self.is_empty() {
            return;
        }
        if self.work.engine == Engine::Ready && self.work.settled == self.work.revision {
            self.post(want, out);
        } else {
            self.work.remember(want);
        }
    }

    fn post(&mut self, want: Want, out: &mut Vec<Effect>) {
        let (documents, files, texts) = self.documents();
        let work = &mut self.work;
        work.job += 1;
        work.again &= want != Want::Report;
        work.engine = Engine::Busy;
        let job = work.job;
        work.running = Some(Running { job, want, revision: work.revision, texts });
        let choices = self.choices.clone();
        let cancelled = work.cancelled.clone();
        let revision = work.revision;
        out.push(Effect::Post { job, revision, documents, files, choices, want, cancelled });
        if want == Want::Report {
            out.push(Effect::After(PENDING, Timer::Pending(job)));
        }
        out.push(Effect::After(SLOW, Timer::Slow(job)));
        out.push(Effect::After(OVERDUE, Timer::Overdue(job)));
    }

    pub(super) fn told(&mut self, tell: Tell<Sheet>, millis: u32, out: &mut Vec<Effect>) {
        match tell {
            Tell::Ready { version, rules } => {
                if version != VERSION {
                    out.push(Effect::StopWorker);
                    return self.die(Death::Version(version), out);
                }
                self.rules = Shared::new(rules);
                self.work.engine = Engine::Ready;
                if self.work.settled != self.work.revision && !self.is_empty() {
                    self.post(Want::Report, out);
                }
            }
            Tell::Progress { job, progress } => {
                if self.work.running.as_ref().is_some_and(|it| it.job == job) {
                    let found = progress.found;
                    let before = self.work.progress.replace(progress).map_or(0, |it| it.found);
                    self.work.heard = true;
                    // Whoever listens hears of twice as many, not of each.
                    if found.checked_ilog2() > before.checked_ilog2() {
                        self.say(format!("Files with secrets found so far: {found}."), out);
                    }
                }
            }
            Tell::Done { job, report, stages, hidden } => {
                let Some(running) = self.end_job(job) else { return };
                self.work.settled = running.revision;
                self.work.tries = 0;
                if !self.is_empty() {
                    let mut answered = Answered::new(*report, stages, running.texts, millis);
                    answered.hidden = hidden;
                    self.done(answered, out);
                }
                self.go_on_with_changes(out);
            }
            Tell::Memory(bytes) => self.work.memory = bytes,
            Tell::Files(listing) => self.listed(listing, out),
            Tell::Gave { job, text } => {
                let Some(running) = self.end_job(job) else { return };
                self.gave(running.want, text, out);
                self.go_on_with_changes(out);
            }
            Tell::Broke { job, what } => {
                if let Some(running) = self.end_job(job) {
                    match running.want {
                        Want::Advice => {
                            self.advice = None;
                            self.advice_asked = true;
                        }
                        Want::Report | Want::Session | Want::Export(_) => {
                            self.work.settled = running.revision;
                            // What is left of an earlier check would be taken for one of this.
                            if running.want == Want::Report {
                                self.look_away();
                            }
                            self.notice = Some(Notice::Broke(what));
                            self.say("The check could not be done.".to_owned(), out);
                        }
                    }
                    self.go_on_with_changes(out);
                }
            }
        }
    }

    fn done(&mut self, answered: Answered, out: &mut Vec<Effect>) {
        self.editor.marks = Shared::new(self.marks(&answered));
        self.say(answered.spoken(), out);
        self.look_at(answered);
        self.look_at_layers(out);
        if self.advising {
            self.work.remember(Want::Advice);
        }
    }

    fn gave(&mut self, want: Want, text: String, out: &mut Vec<Effect>) {
        match want {
            Want::Advice => {
                self.advice = report::read::advice(&text).map(Shared::new);
                self.advice_asked = true;
            }
            Want::Session => self.share(text, out),
            Want::Export(Format::Markdown) => out.push(Effect::Copy(text)),
            Want::Export(format) => out.push(Effect::Save { name: format.names().1, text }),
            Want::Report => {}
        }
    }

    /// The marks of an answer in the editor, moved to where their words stand by now.
    pub(super) fn marks(&self, answered: &Answered) -> Vec<Mark> {
        let Some((source, posted)) = answered.source_of(self.editor.id) else { return Vec::new() };
        let mut marks = answered.marks(source);
        if posted.1 {
            for it in &mut marks {
                it.span = without_carriage_returns(posted.0.text(), it.span);
            }
        }
        if !self.editor.is_marked() || posted.0 == self.editor.source {
            return marks;
        }
        follow(&marks, posted.0.text(), self.editor.source.text())
    }

    /// The job with this number, if it is the current one, is over.
    fn end_job(&mut self, job: u32) -> Option<Running> {
        let running = self.work.running.take_if(|it| it.job == job)?;
        self.forget_job();
        self.work.engine = Engine::Ready;
        Some(running)
    }

    fn go_on_with_changes(&mut self, out: &mut Vec<Effect>) {
        if std::mem::take(&mut self.work.again) && !self.is_empty() {
            self.post(Want::Report, out);
        } else if !self.work.errands.is_empty() {
            let want = self.work.errands.remove(0);
            self.want(want, out);
        }
    }

    /// The worker ended by itself. It is started again once; the same end over the same inputs is
    /// final until they change.
    pub(super) fn died(&mut self, what: String, out: &mut Vec<Effect>) {
        self.work.tries += 1;
        if self.work.tries > 1 {
            out.push(Effect::StopWorker);
            return self.die(Death::Trapped(what), out);
        }
        self.notice = Some(Notice::Restarted);
        self.say("The checker stopped and was started again.".to_owned(), out);
        self.restart(out);
    }

    fn restart(&mut self, out: &mut Vec<Effect>) {
        self.work.engine = Engine::Restarting;
        self.work.again = false;
        self.forget_job();
        out.push(Effect::StartWorker);
    }

    fn forget_job(&mut self) {
        self.layers.stop_waiting();
        self.work.running = None;
        self.work.progress = None;
        self.work.heard = false;
        self.work.stopping = false;
        self.work.pending = false;
        self.work.slow = false;
    }

    pub(super) fn die(&mut self, death: Death, out: &mut Vec<Effect>) {
        self.forget_job();
        self.notice = None;
        let said = match &death {
            Death::NotLoaded(_) => "The checker did not load.",
            Death::Version(_) => "The page has changed; it has to be loaded again.",
            Death::Trapped(_) => "The checker failed over this input, twice.",
            Death::Stuck => "The checker did not come to an end with this input.",
        };
        self.say(said.to_owned(), out);
        self.look_away();
        self.work.engine = Engine::Dead(death);
    }

    pub(super) fn go_on(&mut self, out: &mut Vec<Effect>) {
        if let Airlock::Failed { go_on: go_on @ false, .. } = &mut self.airlock {
            *go_on = true;
            out.push(Effect::StartWorker);
        }
    }

    /// Has the work stopped. A worker that tells how far it is hears it and answers with what it has
    /// read; another one is ended, and so is that if it is told so twice.
    pub(super) fn cancel(&mut self, out: &mut Vec<Effect>) {
        match &self.work.running {
            Some(it) if self.work.progress.is_some() && !self.work.stopping => {
                self.work.stopping = true;
                self.notice = Some(Notice::Stopped);
                out.push(Effect::Stop);
                out.push(Effect::After(STUBBORN, Timer::Stubborn(it.job)));
                self.say("Cancelled.".to_owned(), out);
            }
            Some(_) => self.give_up(out),
            None if self.layers.waiting => out.push(Effect::Stop),
            None => {}
        }
    }

    /// Ends the worker over its job.
    fn give_up(&mut self, out: &mut Vec<Effect>) {
        // What a saved image says of itself is still to be had; only its layers take long.
        match self.work.progress.take() {
            Some(it) => self.work.cancelled = Some(it),
            None => self.work.settled = self.work.revision,
        }
        self.restart(out);
        self.notice = Some(Notice::Cancelled);
        self.say("Cancelled.".to_owned(), out);
    }

    pub(super) fn again(&mut self, out: &mut Vec<Effect>) {
        self.work.tries = 0;
        self.work.cancelled = None;
        self.work.settled = self.work.revision.wrapping_sub(1);
        self.notice = None;
        match self.work.engine {
            Engine::Dead(Death::Trapped(_) | Death::Stuck) => self.restart(out),
            _ => self.check(out),
        }
    }

    /// Whether nothing of what is drawn comes of it: timers of jobs that are over ring while somebody types,
    /// and how much memory the engine has is drawn with what it tells next.
    pub(crate) fn goes_unseen(&self, action: &Action) -> bool {
        match action {
            Action::Rang(Timer::Pending(it) | Timer::Slow(it) | Timer::Overdue(it)) => {
                !self.runs(*it)
            }
            Action::Rang(Timer::Quiet) => true,
            Action::Told(tell, _) => matches!(**tell, Tell::Memory(_)),
            _ => false,
        }
    }

    /// Whether the worker has this job.
    fn runs(&self, job: u32) -> bool {
        self.work.running.as_ref().is_some_and(|running| running.job == job)
    }

    pub(super) fn rang(&mut self, timer: Timer, out: &mut Vec<Effect>) {
        match timer {
            Timer::Typed(revision) => {
                if revision == self.work.revision && !self.is_empty() {
                    self.check(out);
                }
            }
            Timer::Pending(job) => self.work.pending |= self.runs(job),
            Timer::Slow(job) => {
                if self.runs(job) {
                    self.work.slow = true;
                    self.say("Still checking.".to_owned(), out);
                }
            }
            // Work that goes on may take as long as it takes.
            Timer::Overdue(job) if self.runs(job) && self.work.heard => {
                self.work.heard = false;
                out.push(Effect::After(OVERDUE, Timer::Overdue(job)));
            }
            Timer::Overdue(job) if self.runs(job) => {
                self.work.tries += 1;
                if self.work.tries > 1 {
                    out.push(Effect::StopWorker);
                    return self.die(Death::Stuck, out);
                }
                self.notice = Some(Notice::Restarted);
                self.restart(out);
            }
            Timer::Overdue(_) => {}
            Timer::Stubborn(job) if self.runs(job) => self.give_up(out),
            Timer::Stubborn(_) => {}
            Timer::Looking(number) => self.layers.looks_long(number),
            Timer::Quiet => self.end_of_silence(out),
        }
    }
}
