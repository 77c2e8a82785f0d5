//! What else the worker is asked for: choices, advice, exports, sessions.

use report::Advice;
use report::wire::{Choices, Format, Handed, Session, Want};

use super::*;

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
    assert_eq!(started().reduce(Action::Export(Format::Json)), []);
}

#[test]
fn what_is_wanted_at_once_comes_one_after_the_other() {
    let mut state = answered();
    let gave = |job, text: &str| told(&Tell::Gave { job, text: text.to_owned() }, 1);
    for it in [Format::Markdown, Format::Json, Format::Sarif, Format::Json] {
        state.reduce(Action::Export(it));
    }
    assert!(!state.is_settled());
    let effects = state.reduce(gave(2, "a"));
    assert_eq!(effects.first(), Some(&Effect::Copy("a".to_owned())));
    assert_eq!(wanted(&effects).unwrap().1, Want::Export(Format::Json));
    let effects = state.reduce(gave(3, "b"));
    assert_eq!(wanted(&effects).unwrap().1, Want::Export(Format::Sarif));
    assert_eq!(wanted(&state.reduce(gave(4, "c"))), None);
    assert!(state.is_settled());
}

#[test]
fn sessions_hold_the_inputs_and_bring_them_back() {
    let mut state = answered();
    state.reduce(Action::Attached(vec![
        Attachment::text("i.json", "[]"),
        Attachment::file("b.tar", FileKey(1)),
    ]));
    let effects = state.reduce(Action::SaveSession);
    let Some(Effect::Save { name: "plimsoll-session.json", text }) = effects.first() else {
        panic!("{effects:?}")
    };
    assert!(matches!(&state.notice, Some(Notice::Input(it)) if it.contains("not in it")));
    let mut other = started();
    let open = Action::OpenSession { text: text.clone(), by_link: false };
    let effects = other.reduce(open);
    assert_eq!(filled(&effects), Some(TEXT));
    let names: Vec<_> = other.tabs().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Dockerfile", "i.json"]);
    other.reduce(Action::OpenSession { text: "{}".to_owned(), by_link: true });
    assert!(matches!(&other.notice, Some(Notice::Input(it)) if it.contains("cannot be read")));
    assert_eq!(other.editor.source.text(), TEXT);
}

#[test]
fn links_hold_what_the_engine_has_masked() {
    let mut state = answered();
    assert_eq!(wanted(&state.reduce(Action::Share)).unwrap().1, Want::Session);
    let document = |text: &str| Handed {
        name: "Dockerfile".to_owned(),
        taken_for: None,
        content: Content::Text(text.to_owned()),
    };
    let gave = |job, documents| {
        let text = Session { documents, choices: Choices::default() }.to_text().unwrap();
        Action::Told(Box::new(Tell::Gave { job, text }), 1)
    };
    let effects = state.reduce(gave(2, vec![document("masked")]));
    assert!(matches!(&effects[..], [Effect::Pack(text, false)] if text.contains("masked")));
    let sharing = state.sharing.clone().unwrap();
    assert_eq!(sharing.texts, [("Dockerfile".to_owned(), "masked".to_owned())]);
    state.reduce(Action::Shared("abc".to_owned()));
    assert_eq!(state.sharing.as_ref().unwrap().fragment.as_deref(), Some("abc"));
    // Behind a passphrase it is the same text; whoever gives none keeps the link as it was.
    let effects = state.reduce(Action::Lock);
    assert!(matches!(&effects[..], [Effect::Pack(text, true)] if text.contains("masked")));
    state.reduce(Action::Shared(String::new()));
    assert_eq!(state.sharing.as_ref().unwrap().fragment.as_deref(), Some("abc"));
    state.reduce(Action::CloseShare);
    // There is nothing to share of other inputs.
    state.reduce(Action::Share);
    assert_eq!(state.reduce(gave(3, Vec::new())), []);
    assert!(state.sharing.is_none() && matches!(state.notice, Some(Notice::Input(_))));
}

#[test]
fn commands_are_found_by_their_words_and_run() {
    let mut state = answered();
    assert_eq!(state.reduce(Action::Palette(true)), [Effect::Modal(true), Effect::Focus("query")]);
    let all = state.commands().len();
    state.reduce(Action::Query("theme DARK".to_owned()));
    let names: Vec<_> = state.commands().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Theme: dark"]);
    assert!(all > 20);
    // There is nothing beyond the last one.
    state.reduce(Action::StepCommand(5));
    let effects = state.reduce(Action::RunCommand(None));
    assert_eq!(effects.first(), Some(&Effect::Modal(false)));
    assert_eq!((state.theme, state.palette.is_none()), (Theme::Dark, true));
    state.reduce(Action::Palette(true));
    state.reduce(Action::Query("some-root".to_owned()));
    state.reduce(Action::RunCommand(Some(0)));
    assert_eq!(state.explained.as_ref().map(|it| it.id.to_string()).as_deref(), Some("some-root"));
}

#[test]
fn findings_are_put_together_filtered_and_sorted() {
    let mut state = answered();
    let heads =
        |state: &State| -> Vec<String> { state.heads.iter().map(|it| it.1.clone()).collect() };
    assert_eq!(heads(&state), ["Does it run as root? (1)", "Correctness and style (1)"]);
    state.reduce(Action::SortByPlace(true));
    assert_eq!(*state.visible, [1, 0]);
    state.reduce(Action::Group(Group::Nothing));
    assert!(state.heads.is_empty());
    state.reduce(Action::Search("ROOT at".to_owned()));
    assert_eq!(*state.visible, [0]);
    state.reduce(Action::OnlyApplies(Some(report::Applies::Host)));
    assert!(state.visible.is_empty());
    // Showing all leaves the order as it is.
    state.reduce(Action::ShowAll);
    assert_eq!(*state.visible, [1, 0]);
    state.reduce(Action::OnlyFixable(true));
    assert!(state.visible.is_empty());
}

#[test]
fn findings_of_the_base_image_stand_apart() {
    let mut state = started();
    state.reduce(pasted(TEXT));
    let mut report = report(&[(7, 16), (0, 4)]);
    report.outcomes[1].outcome.findings[0].in_base = true;
    state.reduce(told(&Tell::done(1, report, Vec::new()), 1));
    let heads: Vec<&str> = state.heads.iter().map(|it| &it.1[..]).collect();
    let base = "In the base image: Does it run as root? (1)";
    assert_eq!(heads, ["Does it run as root? (1)", "Correctness and style (1)", base]);
}

#[test]
fn what_changes_nothing_to_see_is_not_drawn() {
    let mut state = answered();
    let slow = |job| Action::Rang(Timer::Slow(job));
    // The job is over, until another one runs.
    assert!(state.goes_unseen(&slow(1)));
    state.reduce(pasted("FROM b\n"));
    assert!(!state.goes_unseen(&slow(2)) && state.goes_unseen(&slow(1)));
    assert!(state.goes_unseen(&told(&Tell::Memory(1), 0)));
    assert!(!state.goes_unseen(&done(2, &[])));
}
