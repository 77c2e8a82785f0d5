//! The reducer, through its actions and effects alone.

use std::borrow::Cow;

use report::prose::Pages;
use report::wire::{Content, Progress, Tell};
use report::{
    Applies, Confidence, Finding, Input, Locus, Outcome, Place, Question, Report, RuleInfo,
    RuleOutcome, Severity,
};
use text::{Date, SourceId, Span};

use super::*;

mod inputs;
mod mending;
mod wants;

const TEXT: &str = "FROM a\nUSER root\n";

fn rule(id: &'static str, question: Option<Question>, severity: Severity) -> RuleInfo {
    RuleInfo {
        id: Cow::Borrowed(id),
        title: Cow::Borrowed("a title"),
        question,
        severity,
        applies: Applies::Image,
        aka: Vec::new(),
    }
}

fn rules() -> Vec<RuleInfo> {
    vec![
        rule("some-style", None, Severity::Low),
        rule("some-root", Some(Question::Root), Severity::High),
    ]
}

/// A report with a finding of the second rule at each place in the first source, and one of the
/// first rule at the start.
fn report(places: &[(u32, u32)]) -> Report {
    let finding = |(start, end): (u32, u32)| Finding {
        place: Place::from(Locus::Text { source: SourceId(0), span: Span::new(start, end) }),
        message: format!("at {start}"),
        confidence: Confidence::Certain,
        related: Vec::new(),
        fix: None,
        in_base: false,
    };
    let day = Date::new(2026, 11, 24).unwrap();
    let outcome = |rule: RuleInfo, places: &[(u32, u32)]| RuleOutcome {
        rule,
        outcome: Outcome {
            findings: places.iter().map(|it| finding(*it)).collect(),
            ..Outcome::default()
        },
    };
    let [style, root] = &rules()[..] else { panic!() };
    Report {
        version: "1".to_owned(),
        today: day,
        facts: day,
        sources: Vec::new(),
        read: vec![Input::Dockerfile],
        problems: Vec::new(),
        rules: 2,
        switched: Vec::new(),
        outcomes: vec![outcome(style.clone(), &[(0, 4)]), outcome(root.clone(), places)],
        unexamined: Vec::new(),
        disagreements: Vec::new(),
        history: None,
        writable: Vec::new(),
    }
}

fn ready() -> Action {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Action::Told(Box::new(Tell::Ready { version, rules: rules() }), 0)
}

fn done(job: u32, places: &[(u32, u32)]) -> Action {
    told(&Tell::done(job, report(places), Vec::new()), 3)
}

/// What the worker says, as the page reads it.
fn told(tell: &Tell, millis: u32) -> Action {
    Action::Told(Box::new(Tell::from_text(tell.to_text().unwrap()).unwrap()), millis)
}

fn typed(text: &str) -> Action {
    Action::Edited { text: text.to_owned(), at_once: false }
}

fn pasted(text: &str) -> Action {
    Action::Edited { text: text.to_owned(), at_once: true }
}

/// The jobs among some effects.
fn jobs(effects: &[Effect]) -> Vec<u32> {
    let job = |it: &Effect| match it {
        Effect::Post { job, .. } => Some(*job),
        _ => None,
    };
    effects.iter().filter_map(job).collect()
}

/// A page whose engine is ready.
fn started() -> State {
    let mut state = State::default();
    state.reduce(Action::Loaded(Pages::default()));
    state.reduce(Action::AirlockClosed);
    state.reduce(ready());
    state
}

/// A page with an answer: one low finding at the start, one high finding over `USER root`.
fn answered() -> State {
    let mut state = started();
    let effects = state.reduce(pasted(TEXT));
    assert_eq!(jobs(&effects), [1]);
    state.reduce(done(1, &[(7, 16)]));
    state
}

/// What is put into the editor.
fn filled(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|it| match it {
        Effect::Fill { text, .. } => Some(&text[..]),
        _ => None,
    })
}

/// What is marked in the editor.
fn marked(state: &State) -> Vec<&str> {
    let text = state.editor.source.text();
    state.editor.marks.iter().map(|it| &text[it.span.range()]).collect()
}

fn key(rule: &str, ordinal: usize) -> RowKey {
    RowKey { rule: rule.into(), ordinal }
}

#[test]
fn no_worker_starts_before_the_airlock_is_closed() {
    let mut state = State::default();
    assert_eq!(state.reduce(pasted(TEXT)), []);
    assert_eq!(state.reduce(Action::Loaded(Pages::default())), [Effect::CloseAirlock]);
    assert_eq!(state.airlock, Airlock::Open);
    assert_eq!(state.reduce(Action::AirlockClosed), [Effect::StartWorker]);
    assert_eq!(state.work.engine, Engine::Loading);
    // What was typed meanwhile is checked as soon as that is possible.
    assert_eq!(jobs(&state.reduce(ready())), [1]);
    assert_eq!(state.work.engine, Engine::Busy);
}

#[test]
fn an_airlock_that_does_not_close_waits_for_a_decision() {
    let mut state = State::default();
    state.reduce(Action::Loaded(Pages::default()));
    let effects = state.reduce(Action::AirlockFailed("it went through".to_owned()));
    assert!(!effects.contains(&Effect::StartWorker));
    assert_eq!(state.reduce(Action::GoOn), [Effect::StartWorker]);
    assert_eq!(state.reduce(Action::GoOn), []);
    assert!(matches!(state.airlock, Airlock::Failed { go_on: true, .. }));
    // Nobody can go on through a closed one.
    assert_eq!(started().reduce(Action::GoOn), []);
}

#[test]
fn an_engine_of_another_version_is_not_asked() {
    let mut state = State::default();
    state.reduce(Action::AirlockClosed);
    state.reduce(pasted(TEXT));
    let tell = Tell::Ready { version: "0.0.0-other".to_owned(), rules: Vec::new() };
    let effects = state.reduce(Action::Told(Box::new(tell), 0));
    assert!(jobs(&effects).is_empty());
    assert!(effects.contains(&Effect::StopWorker));
    assert_eq!(state.work.engine, Engine::Dead(Death::Version("0.0.0-other".to_owned())));
}

#[test]
fn typing_is_checked_after_a_pause_and_pasting_at_once() {
    let mut state = started();
    let first = state.reduce(typed("F"));
    let second = state.reduce(typed("FR"));
    let [Effect::After(40, early)] = first[..] else { panic!("{first:?}") };
    let [Effect::After(40, late)] = second[..] else { panic!("{second:?}") };
    assert!(jobs(&state.reduce(Action::Rang(early))).is_empty());
    assert_eq!(jobs(&state.reduce(Action::Rang(late))), [1]);
    state.reduce(done(1, &[]));
    assert_eq!(jobs(&state.reduce(pasted("FROM"))), [2]);
    // The same text again is no change.
    assert_eq!(state.reduce(pasted("FROM")), []);
}

#[test]
fn one_job_runs_at_a_time_and_changes_wait_for_it() {
    let mut state = started();
    state.reduce(pasted("A"));
    assert!(jobs(&state.reduce(pasted("B"))).is_empty());
    assert!(jobs(&state.reduce(pasted("C"))).is_empty());
    assert_eq!(jobs(&state.reduce(done(1, &[]))), [2]);
    assert!(jobs(&state.reduce(done(2, &[]))).is_empty());
    assert_eq!(state.work.engine, Engine::Ready);
}

#[test]
fn answers_to_other_jobs_are_dropped() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    state.reduce(done(9, &[(0, 4)]));
    assert!(state.answered.is_none());
    assert_eq!(state.work.engine, Engine::Busy);
    state.reduce(Action::Cancel);
    state.reduce(ready());
    state.reduce(done(1, &[(0, 4)]));
    assert!(state.answered.is_none());
}

#[test]
fn the_worst_findings_come_first_and_are_marked() {
    let state = answered();
    let answered = state.answered.clone().unwrap();
    let ids: Vec<_> = answered.rows.iter().map(|it| &*it.key.rule).collect();
    assert_eq!(ids, ["some-root", "some-style"]);
    assert_eq!(*state.visible, [0, 1]);
    assert_eq!(marked(&state), ["USER root", "FROM"]);
    assert_eq!(answered.sheet.headline, "Overloaded: 1 of 4 fail");
}

#[test]
fn marks_follow_typing_until_the_next_answer() {
    let mut state = answered();
    state.reduce(typed("# x\nFROM a\nUSER root\n"));
    assert_eq!(marked(&state), ["USER root", "FROM"]);
}

#[test]
fn marks_of_an_answer_that_comes_late_are_moved() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    state.reduce(typed("# x\nFROM a\nUSER root\n"));
    state.reduce(done(1, &[(7, 16)]));
    assert_eq!(marked(&state), ["USER root", "FROM"]);
}

#[test]
fn carriage_returns_reach_the_engine_and_marks_still_fit() {
    let mut state = started();
    let effects = state.reduce(Action::Replaced {
        name: "Dockerfile.win".to_owned(),
        text: TEXT.to_owned(),
        carriage_returns: true,
    });
    let posted = effects.iter().find_map(|it| match it {
        Effect::Post { documents, .. } => Some(documents.clone()),
        _ => None,
    });
    let [document] = &posted.unwrap()[..] else { panic!() };
    assert_eq!(document.name, "Dockerfile.win");
    assert_eq!(document.content, Content::Text("FROM a\r\nUSER root\r\n".to_owned()));
    assert!(effects.contains(&Effect::Fill { text: TEXT.to_owned(), undoable: true, stay: false }));
    state.reduce(done(1, &[(8, 17)]));
    assert_eq!(marked(&state), ["USER root", "FROM"]);
}

#[test]
fn inputs_are_one_case_in_the_order_of_sources() {
    let mut state = started();
    let file = |name: &str, key| Attachment::file(name, FileKey(key));
    let text = Attachment::text("pasted", "{}");
    state.reduce(pasted(TEXT));
    state.reduce(done(1, &[]));
    state.reduce(Action::Attached(vec![file("a.json", 1), text.clone(), file("b.json", 2)]));
    state.reduce(done(2, &[]));
    let effects = state.reduce(Action::Attached(vec![file("a.json", 3), text]));
    let Some(Effect::Post { documents, files, .. }) = effects.first() else { panic!() };
    let names: Vec<_> = documents.iter().map(|it| &it.name[..]).collect();
    assert_eq!(names, ["Dockerfile", "pasted", "b.json", "a.json", "pasted 2"]);
    assert_eq!(files[..], [FileKey(2), FileKey(3)]);
    assert_eq!(documents[2].content, Content::File(0));
    assert_eq!(documents[3].content, Content::File(1));
    state.reduce(done(3, &[]));
    let first = state.attached[0].id;
    state.reduce(Action::Detached(first));
    assert_eq!(state.attached.len(), 3);
}

#[test]
fn a_worker_that_ends_is_started_once_more() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let effects = state.reduce(Action::Died("a.rs:1".to_owned()));
    assert!(effects.contains(&Effect::StartWorker));
    assert_eq!(state.work.engine, Engine::Restarting);
    assert_eq!(state.notice, Some(Notice::Restarted));
    // The same input is tried once more.
    assert_eq!(jobs(&state.reduce(ready())), [2]);
    let effects = state.reduce(Action::Died("a.rs:1".to_owned()));
    assert!(!effects.contains(&Effect::StartWorker));
    assert_eq!(state.work.engine, Engine::Dead(Death::Trapped("a.rs:1".to_owned())));
    assert_eq!(state.editor.source.text(), TEXT);
    // Another input is another chance.
    let effects = state.reduce(pasted("FROM b\n"));
    assert!(effects.contains(&Effect::StartWorker));
    assert_eq!(jobs(&state.reduce(ready())), [3]);
    state.reduce(done(3, &[]));
    assert_eq!(state.work.engine, Engine::Ready);
}

#[test]
fn a_worker_that_recovers_has_its_chances_back() {
    let mut state = started();
    for job in [1, 3] {
        state.reduce(pasted(&format!("{TEXT}{job}")));
        state.reduce(Action::Died(String::new()));
        state.reduce(ready());
        state.reduce(done(job + 1, &[]));
        assert_eq!(state.work.engine, Engine::Ready);
    }
}

#[test]
fn long_work_is_announced_and_can_be_cancelled() {
    let mut state = answered();
    state.reduce(pasted("FROM b\n"));
    state.reduce(Action::Rang(Timer::Pending(1)));
    assert!(!state.work.pending);
    state.reduce(Action::Rang(Timer::Pending(2)));
    state.reduce(Action::Rang(Timer::Slow(2)));
    assert!(state.work.pending && state.work.slow);
    let effects = state.reduce(Action::Cancel);
    assert!(effects.contains(&Effect::StartWorker));
    assert!(!state.work.pending && !state.work.slow);
    // A cancelled check is not taken up again by itself.
    assert!(jobs(&state.reduce(ready())).is_empty());
    assert_eq!(jobs(&state.reduce(Action::Again)), [3]);
}

#[test]
fn work_that_says_how_far_it_is_may_take_long_and_is_cut_short_when_cancelled() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let progress =
        Progress { done: 1, total: 9, layer: "a layer".to_owned(), ..Progress::default() };
    let tell = |job| {
        let progress = progress.clone();
        Action::Told(Box::new(Tell::Progress { job, progress }), 0)
    };
    state.reduce(tell(7));
    assert_eq!(state.work.progress, None, "of another job");
    state.reduce(tell(1));
    let effects = state.reduce(Action::Rang(Timer::Overdue(1)));
    assert!(!effects.contains(&Effect::StartWorker));
    assert!(matches!(effects[..], [Effect::After(_, Timer::Overdue(1))]));
    let effects = state.reduce(Action::Cancel);
    assert!(effects.contains(&Effect::Stop) && !effects.contains(&Effect::StartWorker));
    // It does not hear.
    let effects = state.reduce(Action::Rang(Timer::Stubborn(1)));
    assert!(effects.contains(&Effect::StartWorker));
    let cancelled = |effects: &[Effect]| match effects.first() {
        Some(Effect::Post { cancelled, .. }) => cancelled.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(cancelled(&state.reduce(ready())), Some(progress));
    state.reduce(done(2, &[]));
    assert_eq!(cancelled(&state.reduce(Action::Again)), None);
}

#[test]
fn reading_that_is_stopped_answers_with_what_it_has() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let progress =
        Progress { done: 1, total: 9, layer: "a layer".to_owned(), ..Progress::default() };
    let tell = Action::Told(Box::new(Tell::Progress { job: 1, progress }), 0);
    state.reduce(tell.clone());
    assert!(state.reduce(Action::Cancel).contains(&Effect::Stop));
    let effects = state.reduce(done(1, &[]));
    assert!(jobs(&effects).is_empty() && state.answered.is_some());
    assert_eq!((&state.notice, &state.work.engine), (&Some(Notice::Stopped), &Engine::Ready));
    assert!(!state.reduce(Action::Rang(Timer::Stubborn(1))).contains(&Effect::StartWorker));
    // It is read from the start when somebody wants it; and whoever insists need not wait.
    let effects = state.reduce(Action::Again);
    assert_eq!(jobs(&effects), [2]);
    let progress =
        Progress { done: 1, total: 9, layer: "a layer".to_owned(), ..Progress::default() };
    state.reduce(Action::Told(Box::new(Tell::Progress { job: 2, progress }), 0));
    assert!(!state.reduce(Action::Cancel).contains(&Effect::StartWorker));
    assert!(state.reduce(Action::Cancel).contains(&Effect::StartWorker));
}

#[test]
fn work_without_end_is_given_up_the_second_time() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let effects = state.reduce(Action::Rang(Timer::Overdue(1)));
    assert!(effects.contains(&Effect::StartWorker));
    state.reduce(ready());
    state.reduce(Action::Rang(Timer::Overdue(1)));
    assert_eq!(state.work.engine, Engine::Busy);
    state.reduce(Action::Rang(Timer::Overdue(2)));
    assert_eq!(state.work.engine, Engine::Dead(Death::Stuck));
}

#[test]
fn nothing_handed_in_is_nothing_to_answer() {
    let mut state = answered();
    assert!(jobs(&state.reduce(pasted(""))).is_empty());
    assert!(state.answered.is_none() && state.editor.marks.is_empty());
    assert!(state.is_empty());
    // Neither does an answer that is still under way come back.
    state.reduce(pasted(TEXT));
    state.reduce(pasted(" \n"));
    state.reduce(done(2, &[(0, 4)]));
    assert!(state.answered.is_none());
    assert_eq!(state.work.engine, Engine::Ready);
}

#[test]
fn filters_hide_findings_and_toggle() {
    let mut state = answered();
    state.reduce(Action::Look(About::Question(Question::Root)));
    assert_eq!(*state.visible, [0]);
    state.reduce(Action::Look(About::Question(Question::Root)));
    assert_eq!(*state.visible, [0, 1]);
    state.reduce(Action::Only(About::Other));
    assert_eq!(*state.visible, [1]);
    state.reduce(Action::Toggle(Severity::Low));
    assert!(state.visible.is_empty());
    state.reduce(Action::ShowAll);
    assert_eq!(*state.visible, [0, 1]);
}

#[test]
fn steps_stay_within_what_is_shown() {
    let mut state = answered();
    let focus = state.focus;
    state.reduce(Action::Step(1));
    assert_eq!(state.selected, Some(key("some-root", 0)));
    state.reduce(Action::Step(1));
    state.reduce(Action::Step(1));
    assert_eq!(state.selected, Some(key("some-style", 0)));
    assert_eq!(state.focus, focus + 3);
    state.reduce(Action::Look(About::Question(Question::Root)));
    state.reduce(Action::Step(-1));
    assert_eq!(state.selected, Some(key("some-root", 0)));
}

#[test]
fn places_are_shown_in_the_editor() {
    let mut state = answered();
    let effects = state.reduce(Action::GoTo(key("some-root", 0)));
    assert_eq!(effects, [Effect::Show(Span::new(7, 16))]);
    let next = |state: &mut State, from, back| state.reduce(Action::Next { from, back });
    assert_eq!(next(&mut state, 0, false), [Effect::Show(Span::new(7, 16))]);
    assert_eq!(next(&mut state, 7, false), [Effect::Show(Span::new(0, 4))]);
    assert_eq!(next(&mut state, 0, true), [Effect::Show(Span::new(7, 16))]);
    state.reduce(Action::Caret(2));
    assert_eq!(state.selected, Some(key("some-style", 0)));
}

#[test]
fn what_was_chosen_stays_chosen_while_it_is_there() {
    let mut state = answered();
    state.reduce(Action::Unfold(key("some-root", 0)));
    state.reduce(pasted("FROM b\nUSER root\n"));
    state.reduce(done(2, &[(7, 16)]));
    assert_eq!(state.selected, Some(key("some-root", 0)));
    assert_eq!(*state.open, [key("some-root", 0)]);
    state.reduce(pasted("FROM b\n"));
    state.reduce(done(3, &[]));
    assert_eq!(state.selected, None);
    assert!(state.open.is_empty());
}

fn said(effects: Vec<Effect>) -> Vec<String> {
    let said = effects.into_iter().filter_map(|it| match it {
        Effect::Say(text) => Some(text),
        _ => None,
    });
    said.collect()
}

#[test]
fn secrets_that_are_found_meanwhile_are_said_as_they_double() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let mut heard = Vec::new();
    for found in [0, 1, 1, 2, 3, 9, 10] {
        let progress = Progress { total: 9, found, ..Progress::default() };
        heard.extend(said(
            state.reduce(Action::Told(Box::new(Tell::Progress { job: 1, progress }), 0)),
        ));
        heard.extend(said(state.reduce(Action::Rang(Timer::Quiet))));
    }
    let expected = [1, 2, 9].map(|it| format!("Files with secrets found so far: {it}."));
    assert_eq!(heard, expected);
}

#[test]
fn the_live_region_says_only_what_is_new_and_not_too_often() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let first = said(state.reduce(done(1, &[(7, 16)])));
    let spoken = "2 findings, 1 high. Writes important files: does not apply. \
                  Runs as root: fails. Secrets: does not apply. \
                  Unnecessary tools: does not apply.";
    assert_eq!(first, [spoken]);
    // In the silence after that, only the newest is kept.
    state.reduce(pasted("A"));
    assert_eq!(said(state.reduce(done(2, &[]))), [] as [&str; 0]);
    state.reduce(pasted(TEXT));
    state.reduce(done(3, &[(7, 16)]));
    assert_eq!(said(state.reduce(Action::Rang(Timer::Quiet))), [] as [&str; 0]);
    state.reduce(pasted("A"));
    assert_eq!(said(state.reduce(done(4, &[]))).len(), 1);
}

#[test]
fn rules_are_explained_if_there_are_such_rules() {
    let mut state = answered();
    state.reduce(Action::Explain("some-root".to_owned()));
    assert_eq!(state.explained.as_ref().map(|it| it.id.to_string()).as_deref(), Some("some-root"));
    state.reduce(Action::CloseExplain);
    assert!(state.explained.is_none());
    state.reduce(Action::Explain("no-such-rule".to_owned()));
    assert!(state.explained.is_none());
}

#[test]
fn long_texts_are_checked_without_marks() {
    let mut state = started();
    let text = "# comment\n".repeat(30_000);
    assert_eq!(jobs(&state.reduce(pasted(&text))), [1]);
    assert!(!state.editor.is_marked());
    assert_eq!(state.editor.rows(), 30_001);
}

#[test]
fn a_replaced_text_can_be_had_again() {
    let replace = |text: &str| Action::Replaced {
        name: "other".to_owned(),
        text: text.to_owned(),
        carriage_returns: false,
    };
    // The browser undoes short replacements by itself.
    let mut state = answered();
    state.reduce(replace("FROM b\n"));
    assert_eq!(state.notice, None);
    // Of long ones the page keeps what was there.
    let mut state = answered();
    let effects = state.reduce(replace(&"RUN a\n".repeat(500)));
    assert!(matches!(effects[0], Effect::Fill { undoable: false, .. }));
    let effects = state.reduce(Action::Restore);
    assert!(effects.contains(&Effect::Fill {
        text: TEXT.to_owned(),
        undoable: false,
        stay: false
    }));
    assert_eq!(&*state.editor.source.name, "Dockerfile");
    assert_eq!(state.editor.source.text(), TEXT);
}

#[test]
fn without_an_engine_no_older_answer_is_shown() {
    let mut state = answered();
    state.reduce(pasted("FROM b\n"));
    state.reduce(Action::Died(String::new()));
    assert!(state.answered.is_some());
    state.reduce(ready());
    state.reduce(Action::Died(String::new()));
    assert!(state.answered.is_none() && state.editor.marks.is_empty());
}

#[test]
fn no_command_stands_in_the_palette_twice() {
    let mut state = answered();
    state.reduce(Action::Step(1));
    state.reduce(Action::Palette(true));
    let mut names: Vec<String> = state.commands().into_iter().map(|it| it.name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(all > 40, "{names:?}");
}
