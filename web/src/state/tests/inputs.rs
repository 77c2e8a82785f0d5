//! Inputs side by side.

use super::*;

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

#[test]
fn what_an_example_replaced_is_brought_back_with_its_files() {
    let swap = |text: &str| Action::Swapped { text: text.to_owned(), beside: Vec::new() };
    let mut state = side_by_side();
    let before = names(&state);
    state.reduce(Action::Surrounded("a\nb\n".to_owned()));
    state.reduce(swap("FROM b\n"));
    assert_eq!(names(&state), ["Dockerfile"]);
    assert!(state.keeps(FileKey(1)) && state.choices.context.is_none());
    let effects = state.reduce(Action::Restore);
    assert_eq!(filled(&effects), Some(TEXT));
    assert_eq!(names(&state), before);
    assert!(state.choices.context.is_some());
    // An example that nobody touched is nothing to lose; one that was changed is.
    state.reduce(swap("FROM b\n"));
    state.reduce(Action::Dismiss);
    assert!(!state.keeps(FileKey(1)));
    state.reduce(swap("FROM c\n"));
    assert_eq!(state.notice, None);
    state.reduce(typed("FROM d\n"));
    state.reduce(swap("FROM e\n"));
    assert!(matches!(&state.notice, Some(Notice::Replaced { text, .. }) if text == "FROM d\n"));
}

#[test]
fn a_build_context_is_told_to_the_engine_until_it_is_left_out() {
    let mut state = answered();
    let mut told = |text: &str| {
        let effects = state.reduce(Action::Surrounded(text.to_owned()));
        let told = effects.iter().find_map(|it| match it {
            Effect::Post { choices, .. } => Some(choices.context.clone()),
            _ => None,
        });
        let job = jobs(&effects)[0];
        state.reduce(done(job, &[]));
        told
    };
    assert_eq!(told("a\n"), Some(Some("a\n".to_owned())));
    assert_eq!(told(" "), Some(None));
}
