//! The state of the page and how it changes. Pure: no browser, no clock, no worker in sight.
//!
//! Everything that happens is an [`Action`]; [`State::reduce`] changes the state and says what is
//! to be done outside as a list of [`Effect`]s, which `app` carries out.

mod action;
mod answered;
mod comment;
mod effect;
mod intake;
mod layers;
mod live;
mod look;
mod mending;
mod palette;
mod session;
mod tabs;
mod work;

use report::prose::{Block, Pages};
use report::wire::{Browse, Choices, Want};
use report::{Advice, RuleInfo, Settle};

pub(crate) use action::Action;
pub(crate) use answered::{Answered, RowKey};
pub(crate) use effect::Effect;
pub(crate) use intake::{
    Attachment, Body, Editor, FileKey, InputId, PASTED, Posted, Texts, as_handed,
};
pub(crate) use layers::{Layers, Left};
pub(crate) use live::Live;
pub(crate) use look::{About, Filter, Group};
pub(crate) use mending::acceptance;
pub(crate) use palette::{Command, Palette};
pub(crate) use session::Sharing;
pub(crate) use work::{Airlock, Death, Engine, Timer, Work};

use crate::shared::Shared;

/// The two panels of a narrow screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Panel {
    /// The editor.
    #[default]
    Input,
    /// The findings.
    Findings,
}

/// A message above the findings.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Notice {
    /// The worker ended and was started again.
    Restarted,
    /// Somebody stopped the work.
    Cancelled,
    /// Somebody stopped the reading of an image, of which some was read.
    Stopped,
    /// The engine could not do the job.
    Broke(String),
    /// The clipboard refused; here is the text to copy by hand.
    NotCopied(String),
    /// Something replaced the editor's text, and all other inputs if these are here too.
    Replaced { name: String, text: String, beside: Option<(Vec<Attachment>, Choices)> },
    /// A text was changed; here is the old one.
    Mended { said: String, text: String },
    /// Something about an input.
    Input(String),
}

/// A finding that is about to be accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ignoring {
    /// Which.
    pub(crate) key: RowKey,
    /// Why, as typed so far.
    pub(crate) reason: String,
    /// The last day it counts; empty without end.
    pub(crate) until: String,
    /// Whether it counts in the whole file.
    pub(crate) whole: bool,
}

impl Ignoring {
    /// Nothing was said of it yet.
    pub(crate) fn of(key: RowKey) -> Self {
        Self { key, reason: String::new(), until: String::new(), whole: false }
    }
}

/// Which colors the page has. Nothing is kept, so it starts with the system's each time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Theme {
    /// What the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As much contrast as there can be.
    Contrast,
}

impl Theme {
    /// All of them, with their names.
    pub(crate) const ALL: [(Self, &'static str); 4] = [
        (Self::System, "as the system"),
        (Self::Light, "light"),
        (Self::Dark, "dark"),
        (Self::Contrast, "high contrast"),
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }

    /// The word for it in the style sheet.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// The one after it.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Contrast,
            Self::Contrast => Self::System,
        }
    }
}

/// How the image is to be run.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Advising {
    /// Nobody asked.
    No,
    /// It is being asked.
    Asked,
    /// That cannot be said.
    Nothing,
    /// So.
    Told(Shared<Advice>),
}

/// The state of the page.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The state of the airlock.
    pub(crate) airlock: Airlock,
    /// The engine and what it is doing.
    pub(crate) work: Work,
    /// The text under the person's hands.
    pub(crate) editor: Editor,
    /// What was handed in beside it.
    pub(crate) attached: Vec<Attachment>,
    /// How many of those come before the editor's text.
    pub(crate) place: usize,
    /// The newest number of an input.
    pub(crate) last_id: u32,
    /// The inputs when they last came all at once.
    pub(crate) swapped: Option<u32>,
    /// How often files that came in are being read.
    pub(crate) reading: u32,
    /// What stands in the place of the editor.
    pub(crate) left: Left,
    /// Whether files are listed without drawing them as areas.
    pub(crate) no_areas: bool,
    /// The layers of a saved image and their files.
    pub(crate) layers: Layers,
    /// What was chosen where the inputs leave a choice.
    pub(crate) choices: Choices,
    /// Whether it is shown how the image is to be run.
    pub(crate) advising: bool,
    /// How it is to be run.
    pub(crate) advice: Option<Shared<Advice>>,
    /// Whether the engine has said how.
    pub(crate) advice_asked: bool,
    /// The finding that is about to be accepted.
    pub(crate) ignoring: Option<Ignoring>,
    /// The newest answer.
    pub(crate) answered: Option<Shared<Answered>>,
    /// Every rule.
    pub(crate) rules: Shared<Vec<RuleInfo>>,
    /// The prose of the rule pages.
    pub(crate) pages: Shared<Pages>,
    /// That of the rule being explained.
    pub(crate) prose: Shared<Vec<Block>>,
    /// Which findings are shown.
    pub(crate) filter: Filter,
    /// The shown findings, as rows of the answer.
    pub(crate) visible: Shared<Vec<usize>>,
    /// The headings among them, each above one of them.
    pub(crate) heads: Shared<Vec<(usize, String)>>,
    /// The chosen finding.
    pub(crate) selected: Option<RowKey>,
    /// Counts up whenever the keyboard's place is to move to the chosen finding.
    pub(crate) focus: u32,
    /// The findings whose cards are open.
    pub(crate) open: Shared<Vec<RowKey>>,
    /// Whether it is shown what is in order.
    pub(crate) cleared_open: bool,
    /// The rule being explained.
    pub(crate) explained: Option<Shared<RuleInfo>>,
    /// The way to settle a question that is being shown.
    pub(crate) settling: Option<Settle>,
    /// The panel shown on a narrow screen.
    pub(crate) panel: Panel,
    /// Whether something is being dragged over the page.
    pub(crate) dragging: bool,
    /// The message above the findings.
    pub(crate) notice: Option<Notice>,
    /// The palette, while it is open.
    pub(crate) palette: Option<Palette>,
    /// The colors.
    pub(crate) theme: Theme,
    /// Whether keys that are single letters mean nothing.
    pub(crate) no_single_keys: bool,
    /// Whether the tab key writes a tab in the editor, in place of leaving it.
    pub(crate) writes_tabs: bool,
    /// The link that is being made.
    pub(crate) sharing: Option<Sharing>,
    /// What the live region says.
    pub(crate) live: Live,
}

impl State {
    /// Takes in what happened, and says what is to be done about it.
    pub(crate) fn reduce(&mut self, action: Action) -> Vec<Effect> {
        let mut out = Vec::new();
        match action {
            Action::Edited { text, at_once } => self.edited(text, at_once, &mut out),
            Action::Replaced { name, text, carriage_returns } => {
                self.replaced(name, text, carriage_returns, &mut out);
            }
            Action::Attached(attachments) => self.attach(attachments, &mut out),
            Action::Detached(id) => self.detach(id, &mut out),
            Action::OpenTab(id) => self.open_tab(id, &mut out),
            Action::StepTab(back) => self.step_tab(back, &mut out),
            Action::NewTab => self.new_tab(&mut out),
            Action::OpenRecovered => self.left = Left::Recovered,
            Action::OpenLayers => self.open_layers(Browse::Open, &mut out),
            Action::Browse(browse) => self.browse(browse, &mut out),
            Action::Draw => self.no_areas = !self.no_areas,
            Action::Scrolled { first, count } => self.scrolled(first, count, &mut out),
            Action::CloseFile => self.close_file(),
            Action::FindPath => out.push(Effect::Focus("find-path")),
            Action::Pick { chosen, of } => self.pick(chosen, &of, &mut out),
            Action::Target(target) => {
                self.choices.target = target;
                self.changed(true, &mut out);
            }
            Action::Configured(text) => self.configured(text, &mut out),
            Action::Surrounded(text) => self.surrounded(text, &mut out),
            Action::Reading(true) => self.reading += 1,
            Action::Reading(false) => self.reading = self.reading.saturating_sub(1),
            Action::ShowAdvice => {
                self.advising = !self.advising;
                if self.advising {
                    self.want(Want::Advice, &mut out);
                }
            }
            Action::SaveSession => self.save_session(&mut out),
            Action::OpenSession { text, by_link } => self.open_session(&text, by_link, &mut out),
            Action::Share => self.want(Want::Session, &mut out),
            Action::Shared(fragment) => self.shared(fragment, &mut out),
            Action::Lock => self.lock(&mut out),
            Action::CloseShare => {
                self.sharing = None;
                self.focus += 1;
            }
            Action::Export(format) => self.want(Want::Export(format), &mut out),
            Action::ShowFix(key) if self.open.contains(&key) => self.fix(&key, &mut out),
            Action::ShowFix(key) => self.unfold(key),
            Action::Fix(key) => self.fix(&key, &mut out),
            Action::FixAll(rule) => self.fix_all(rule.as_deref(), &mut out),
            Action::Ignoring(key) => self.ignore(key, &mut out),
            Action::Reason(reason) => {
                self.ignoring.iter_mut().for_each(|it| it.reason.clone_from(&reason));
            }
            Action::Until(until) => {
                self.ignoring.iter_mut().for_each(|it| it.until.clone_from(&until));
            }
            Action::Whole(whole) => self.ignoring.iter_mut().for_each(|it| it.whole = whole),
            Action::Accept => self.accept(&mut out),
            Action::Swapped { text, beside } => {
                self.swap(intake::UNNAMED.to_owned(), text, beside, &mut out);
            }
            Action::SampleImage => {
                self.swap(intake::UNNAMED.to_owned(), String::new(), Vec::new(), &mut out);
                out.push(Effect::SampleImage);
            }
            Action::TakenFor(id, kind) => self.taken_for(id, kind, &mut out),
            Action::Loaded(pages) => {
                self.pages = Shared::new(pages);
                out.push(Effect::CloseAirlock);
            }
            Action::NotLoaded(what) => self.die(Death::NotLoaded(what), &mut out),
            Action::AirlockClosed => {
                self.airlock = Airlock::Closed;
                out.push(Effect::StartWorker);
            }
            Action::AirlockFailed(what) => {
                self.airlock = Airlock::Failed { what, go_on: false };
                self.say("The airlock could not be closed in this browser.".to_owned(), &mut out);
            }
            Action::GoOn => self.go_on(&mut out),
            Action::Told(tell, millis) => self.told(*tell, millis, &mut out),
            Action::Died(what) => self.died(what, &mut out),
            Action::Cancel => self.cancel(&mut out),
            Action::Again => self.again(&mut out),
            Action::Rang(timer) => self.rang(timer, &mut out),
            Action::Look(about) => {
                self.filter.about = if self.filter.about == about { About::All } else { about };
                self.show_panel_of_findings();
                self.refilter();
            }
            Action::Only(about) => {
                self.filter.about = about;
                self.refilter();
            }
            Action::Toggle(severity) => {
                self.filter.toggle(severity);
                self.refilter();
            }
            Action::Search(text) => {
                self.filter.text = text;
                self.refilter();
            }
            Action::OnlyApplies(applies) => {
                self.filter.applies = applies;
                self.refilter();
            }
            Action::OnlyFixable(fixable) => {
                self.filter.fixable = fixable;
                self.refilter();
            }
            Action::Group(group) => {
                self.filter.group = group;
                self.refilter();
            }
            Action::SortByPlace(by_place) => {
                self.filter.by_place = by_place;
                self.refilter();
            }
            Action::ShowAll => {
                self.filter.open();
                self.refilter();
            }
            Action::Select(key, focus) => self.select(key, focus),
            Action::Step(by) => self.step(by),
            Action::Next { from, back } => self.next(from, back, &mut out),
            Action::Caret(at) => self.caret(at),
            Action::Unfold(key) => self.unfold(key),
            Action::UnfoldCleared => self.cleared_open = !self.cleared_open,
            Action::GoTo(key) => self.go_to(key, &mut out),
            Action::ShowPlace(place) => self.show_place(&place, &mut out),
            Action::Explain(id) => self.explain(&id),
            Action::CloseExplain => {
                self.explained = None;
                self.focus += 1;
            }
            Action::Settle(way) => {
                self.settling = if self.settling == way { None } else { way };
            }
            Action::Show(panel) => self.panel = panel,
            Action::Drag(over) => self.dragging = over,
            Action::CopyComment(key) => {
                let text = self.answered.as_ref().and_then(|it| comment::comment(it, &key));
                out.extend(text.map(Effect::Copy));
            }
            Action::Copy(text) => out.push(Effect::Copy(text)),
            Action::Copied(Ok(())) => self.say("Copied.".to_owned(), &mut out),
            Action::Copied(Err(text)) => self.notice = Some(Notice::NotCopied(text)),
            Action::Restore => self.restore(&mut out),
            Action::Dismiss => self.notice = None,
            Action::Tell(what) => {
                self.say(what.clone(), &mut out);
                self.notice = Some(Notice::Input(what));
            }
            Action::Palette(open) => self.open_palette(open, &mut out),
            Action::Query(query) => self.palette = Some(Palette { query, chosen: 0 }),
            Action::StepCommand(by) => self.step_command(by),
            Action::RunCommand(index) => self.run_command(index, &mut out),
            Action::OpenFiles => out.push(Effect::OpenFiles),
            Action::FocusFilter => {
                self.show_panel_of_findings();
                out.push(Effect::Focus("filter"));
            }
            Action::Theme(theme) => {
                self.theme = theme;
                self.say(format!("Theme: {}.", theme.name()), &mut out);
            }
            Action::SwitchSingleKeys => self.no_single_keys = !self.no_single_keys,
            Action::SwitchTabKey => {
                self.writes_tabs = !self.writes_tabs;
                let does = if self.writes_tabs { "writes a tab" } else { "leaves the editor" };
                self.say(format!("Tab {does}."), &mut out);
            }
            Action::WriteTab => out.push(Effect::Type("\t")),
            Action::Print => out.push(Effect::Print),
            Action::Reload => out.push(Effect::Reload),
        }
        out
    }

    /// How the image is to be run, as far as somebody asked and it was said.
    pub(crate) fn advising(&self) -> Advising {
        match (&self.advice, self.advising, self.advice_asked) {
            (_, false, _) => Advising::No,
            (Some(it), true, _) => Advising::Told(it.clone()),
            (None, true, false) => Advising::Asked,
            (None, true, true) => Advising::Nothing,
        }
    }

    /// Whether all that came in was taken in and answered.
    pub(crate) fn is_settled(&self) -> bool {
        self.reading == 0 && self.work.is_settled()
    }

    /// Whether nothing was handed in.
    pub(crate) fn is_empty(&self) -> bool {
        self.editor.is_blank() && self.attached.is_empty()
    }
}

#[cfg(test)]
mod tests;
