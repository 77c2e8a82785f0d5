//! The reducer, through its actions and effects alone.

use std::borrow::Cow;

use report::prose::Pages;
use report::wire::{Choices, Content, Format, Tell, Want};
use report::{
    Advice, Applies, Confidence, Finding, Fix, Input, Kind, Locus, Outcome, Place, Question,
    Report, RuleInfo, RuleOutcome, Safety, Severity, SourceInfo,
};
use text::{Date, Edit, SourceId, Span};

use super::*;

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
    Action::Told(Box::new(Tell::done(job, report(places), Vec::new())), 3)
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
    assert_eq!(answered.headline, "Overloaded: 1 of 4 fail");
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

#[test]
fn the_live_region_says_only_what_is_new_and_not_too_often() {
    let said = |effects: Vec<Effect>| -> Vec<String> {
        let said = effects.into_iter().filter_map(|it| match it {
            Effect::Say(text) => Some(text),
            _ => None,
        });
        said.collect()
    };
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
fn exports_are_the_renderers_own() {
    let mut state = answered();
    let text = report::json(&report(&[(7, 16)]));
    assert_eq!(state.reduce(Action::SaveJson), [Effect::Save { name: "plimsoll.json", text }]);
    let text = report::markdown(&report(&[(7, 16)]));
    assert_eq!(state.reduce(Action::CopyMarkdown), [Effect::Copy(text)]);
    assert_eq!(started().reduce(Action::SaveJson), []);
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

/// A page with an answer whose high finding has a fix over `USER root`.
fn mendable(safety: Safety, text: &str, crs: bool) -> State {
    let mut state = started();
    let (name, text) = ("Dockerfile".to_owned(), text.to_owned());
    state.reduce(Action::Replaced { name, text, carriage_returns: crs });
    let at = if crs { (8, 17) } else { (7, 16) };
    let mut report = report(&[at]);
    report.sources = vec![SourceInfo {
        name: "Dockerfile".to_owned(),
        kind: Kind::Dockerfile,
        bytes: 0,
        lines: 2,
        of: None,
    }];
    let edit = Edit { span: Span::new(at.0 + 5, at.1), with: "app".to_owned() };
    report.outcomes[1].outcome.findings[0].fix = Some(Fix {
        title: Cow::Borrowed("name another user"),
        source: SourceId(0),
        edits: vec![edit],
        safety,
    });
    state.reduce(Action::Told(Box::new(Tell::done(1, report, Vec::new())), 3));
    state
}

/// What is put into the editor.
fn filled(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|it| match it {
        Effect::Fill { text, .. } => Some(&text[..]),
        _ => None,
    })
}

#[test]
fn a_fix_is_applied_and_undone() {
    let mut state = mendable(Safety::Review, TEXT, false);
    let effects = state.reduce(Action::Fix(key("some-root", 0)));
    let fill = Effect::Fill { text: "FROM a\nUSER app\n".to_owned(), undoable: true, stay: true };
    assert!(effects.contains(&fill), "{effects:?}");
    assert_eq!(jobs(&effects), [2]);
    assert!(matches!(&state.notice, Some(Notice::Mended { said, .. }) if said.contains("another")));
    let effects = state.reduce(Action::Restore);
    assert_eq!(filled(&effects), Some(TEXT));
    assert_eq!(state.editor.source.text(), TEXT);
    assert_eq!(state.notice, None);
}

#[test]
fn fixes_fit_texts_with_carriage_returns() {
    let mut state = mendable(Safety::Safe, TEXT, true);
    let effects = state.reduce(Action::FixAll(None));
    assert_eq!(filled(&effects), Some("FROM a\nUSER app\n"));
    assert!(state.editor.carriage_returns);
}

#[test]
fn only_safe_fixes_are_applied_unseen() {
    let mut state = mendable(Safety::Review, TEXT, false);
    assert_eq!(state.answered.as_ref().unwrap().safe_fixes, 0);
    assert_eq!(state.reduce(Action::FixAll(None)), []);
    let mut state = mendable(Safety::Safe, TEXT, false);
    assert_eq!(state.answered.as_ref().unwrap().safe_fixes, 1);
    assert_eq!(state.reduce(Action::FixAll(Some("some-style".to_owned()))), []);
    let effects = state.reduce(Action::FixAll(Some("some-root".to_owned())));
    assert_eq!(filled(&effects), Some("FROM a\nUSER app\n"));
}

#[test]
fn a_fix_for_an_older_text_is_not_applied() {
    let mut state = mendable(Safety::Safe, TEXT, false);
    state.reduce(typed("# new\nFROM a\nUSER root\n"));
    let effects = state.reduce(Action::Fix(key("some-root", 0)));
    assert_eq!(filled(&effects), None);
    assert!(matches!(state.notice, Some(Notice::Input(_))));
}

#[test]
fn a_finding_is_accepted_by_a_comment_above_its_instruction() {
    let accept = |text: &str| {
        let mut state = mendable(Safety::Safe, text, false);
        state.reduce(Action::Ignoring(Some(key("some-root", 0))));
        assert!(state.open.contains(&key("some-root", 0)));
        let (reason, until) = ("  no\nother way ".to_owned(), "2027-01-31".to_owned());
        state.reduce(Action::Accept(key("some-root", 0), reason, until));
        assert_eq!(state.ignoring, None);
        state.editor.source.text().to_owned()
    };
    let comment = "# plimsoll: ignore[some-root] until=2027-01-31 no other way\n";
    assert_eq!(accept(TEXT), format!("FROM a\n{comment}USER root\n"));
    assert_eq!(accept("RUN a \\\n  && b\n"), format!("{comment}RUN a \\\n  && b\n"));
    assert_eq!(accept("RUN <<X\n  b\nX\n"), format!("{comment}RUN <<X\n  b\nX\n"));
}

#[test]
fn a_finding_is_copied_as_a_comment_with_its_fix() {
    let mut state = mendable(Safety::Safe, TEXT, false);
    let mut comment = |rule| match &state.reduce(Action::CopyComment(key(rule, 0)))[..] {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        comment("some-root"),
        "**high** `some-root` at Dockerfile\n\nAt 7.\n\nName another user.\n\n\
         ```diff\n-USER root\n+USER app\n```\n"
    );
    assert_eq!(comment("some-style"), "**low** `some-style` at Dockerfile\n\nAt 0.\n");
}

/// Two texts and a file: the editor's, `a.json` and `b.tar`.
fn side_by_side() -> State {
    let mut state = answered();
    let file = Attachment::file("b.tar", FileKey(1));
    state.reduce(Action::Attached(vec![Attachment::text("a.json", "[]"), file]));
    state.reduce(done(2, &[(7, 16)]));
    state
}

fn names(state: &State) -> Vec<String> {
    state.tabs().into_iter().map(|it| it.name).collect()
}

#[test]
fn inputs_keep_their_order_whichever_is_in_the_editor() {
    let mut state = side_by_side();
    let order = ["Dockerfile", "a.json", "b.tar"];
    assert_eq!(names(&state), order);
    let [first, second, third] = state.tabs().try_into().unwrap();
    assert_eq!(filled(&state.reduce(Action::OpenTab(second.id))), Some("[]"));
    assert_eq!((names(&state), state.place), (order.map(str::to_owned).to_vec(), 1));
    assert!(state.editor.marks.is_empty());
    // A file is for the checker alone.
    assert_eq!(state.reduce(Action::OpenTab(third.id)), []);
    let effects = state.reduce(Action::StepTab(false));
    assert_eq!(filled(&effects), Some(TEXT));
    assert!(jobs(&effects).is_empty());
    assert_eq!(state.editor.id, first.id);
    assert_eq!(marked(&state), ["USER root", "FROM"]);
    assert_eq!(names(&state), order);
}

#[test]
fn findings_lead_to_their_input() {
    let mut state = side_by_side();
    let second = state.tabs()[1].id;
    state.reduce(Action::OpenTab(second));
    let effects = state.reduce(Action::GoTo(key("some-root", 0)));
    assert_eq!(filled(&effects), Some(TEXT));
    assert!(effects.contains(&Effect::Show(Span::new(7, 16))));
}

#[test]
fn inputs_are_added_and_taken_away() {
    let mut state = side_by_side();
    let effects = state.reduce(Action::NewTab);
    assert_eq!(filled(&effects), Some(""));
    assert_eq!(names(&state), ["Dockerfile", "a.json", "b.tar", "Dockerfile"]);
    let effects = state.reduce(pasted("FROM b\n"));
    let Some(Effect::Post { documents, .. }) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(documents.len(), 4);
    assert_eq!(documents[3].content, Content::Text("FROM b\n".to_owned()));
    state.reduce(done(3, &[]));
    // The one under the hands goes; another takes its place.
    let effects = state.reduce(Action::Detached(state.editor.id));
    assert_eq!(filled(&effects), Some(TEXT));
    assert_eq!(names(&state), ["Dockerfile", "a.json", "b.tar"]);
    for _ in 0..3 {
        let last = state.tabs().pop().unwrap().id;
        state.reduce(Action::Detached(last));
    }
    assert!(state.is_empty() && state.answered.is_none());
}

/// What the worker is asked for.
fn wanted(effects: &[Effect]) -> Option<(Choices, Want)> {
    effects.iter().find_map(|it| match it {
        Effect::Post { choices, want, .. } => Some((choices.clone(), *want)),
        _ => None,
    })
}

#[test]
fn what_was_chosen_is_asked_with() {
    let mut state = answered();
    let of = vec!["a".to_owned(), "b".to_owned()];
    let pick = |chosen: &str| Action::Pick { chosen: chosen.to_owned(), of: of.clone() };
    let (choices, want) = wanted(&state.reduce(pick("a"))).unwrap();
    assert_eq!((&choices.picks[..], want), (&["a".to_owned()][..], Want::Report));
    state.reduce(done(2, &[]));
    let (choices, _) = wanted(&state.reduce(pick("b"))).unwrap();
    assert_eq!(choices.picks, ["b"]);
    state.reduce(done(3, &[]));
    let (choices, _) = wanted(&state.reduce(Action::Target(Some("one".to_owned())))).unwrap();
    assert_eq!(choices.target.as_deref(), Some("one"));
}

#[test]
fn advice_is_asked_for_when_it_is_looked_at_and_follows_the_inputs() {
    let mut state = answered();
    let effects = state.reduce(Action::ShowAdvice);
    assert_eq!(wanted(&effects).unwrap().1, Want::Advice);
    let advice = Advice {
        options: Vec::new(),
        run: "docker run".to_owned(),
        compose: String::new(),
        kubernetes: String::new(),
        open: Vec::new(),
    };
    let gave = |job| {
        let text = advice.to_text().unwrap();
        Action::Told(Box::new(Tell::Gave { job, text }), 1)
    };
    state.reduce(gave(2));
    assert_eq!(state.advice.as_deref(), Some(&advice));
    assert_eq!(state.work.engine, Engine::Ready);
    // A changed input: first its report, then its advice.
    assert_eq!(wanted(&state.reduce(pasted("FROM b\n"))).unwrap().1, Want::Report);
    assert_eq!(wanted(&state.reduce(done(3, &[]))).unwrap().1, Want::Advice);
    // What changes meanwhile comes first.
    assert!(wanted(&state.reduce(pasted("FROM c\n"))).is_none());
    assert_eq!(wanted(&state.reduce(gave(4))).unwrap().1, Want::Report);
}

#[test]
fn exports_of_the_worker_are_saved() {
    let mut state = answered();
    let effects = state.reduce(Action::Export(Format::Sarif));
    assert_eq!(wanted(&effects).unwrap().1, Want::Export(Format::Sarif));
    let text = "{}".to_owned();
    let effects =
        state.reduce(Action::Told(Box::new(Tell::Gave { job: 2, text: text.clone() }), 1));
    assert_eq!(effects, [Effect::Save { name: "plimsoll.sarif", text }]);
}
