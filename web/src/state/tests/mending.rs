//! Fixes, acceptance and comments.

use report::{Fix, Kind, Safety, SourceInfo};
use text::Edit;

use super::*;

/// A page with an answer whose high finding has a fix over `USER root`.
fn mendable(safety: Safety, text: &str, crs: bool) -> State {
    mendable_with_secrets(safety, text, crs, &[])
}

/// The same, where secrets stand at these places.
fn mendable_with_secrets(safety: Safety, text: &str, crs: bool, hidden: &[(u32, u32)]) -> State {
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
    let hidden = hidden.iter().map(|it| (SourceId(0), Span::new(it.0, it.1))).collect();
    state.reduce(told(&Tell::done(1, report, Vec::new()).hiding(hidden), 3));
    state
}

#[test]
fn what_is_hidden_is_in_no_comment_and_in_no_preview() {
    let mut state = mendable_with_secrets(Safety::Safe, TEXT, false, &[(0, 2), (12, 16)]);
    let answered = state.answered.clone().unwrap();
    assert_eq!(answered.masked(SourceId(0), TEXT), "**OM a\nUSER ****\n");
    assert_eq!(answered.masked(SourceId(1), TEXT), TEXT);
    let effects = state.reduce(Action::CopyComment(key("some-root", 0)));
    let [Effect::Copy(text)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(text, "**high** `some-root` at Dockerfile\n\nAt 7.\n\nName another user.\n");
    // Several bytes are several signs, and lines stay lines.
    let state = mendable_with_secrets(Safety::Safe, TEXT, false, &[(1, 6)]);
    let answered = state.answered.unwrap();
    assert_eq!(answered.masked(SourceId(0), "a\u{e9}\r\nbcd"), "a**\r\n*cd");
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
        // Without a reason nothing is accepted.
        assert_eq!(state.reduce(Action::Accept), []);
        state.reduce(Action::Reason("  no\nother way ".to_owned()));
        state.reduce(Action::Until("2027-01-31".to_owned()));
        state.reduce(Action::Accept);
        assert_eq!(state.ignoring, None);
        state.editor.source.text().to_owned()
    };
    let comment = "# plimsoll: ignore[some-root] until=2027-01-31 no other way\n";
    assert_eq!(accept(TEXT), format!("FROM a\n{comment}USER root\n"));
    assert_eq!(accept("RUN a \\\n  && b\n"), format!("{comment}RUN a \\\n  && b\n"));
    assert_eq!(accept("RUN <<X\n  b\nX\n"), format!("{comment}RUN <<X\n  b\nX\n"));
}

#[test]
fn a_finding_is_accepted_in_the_whole_file() {
    let mut state = mendable(Safety::Safe, TEXT, false);
    state.reduce(Action::Ignoring(Some(key("some-root", 0))));
    state.reduce(Action::Reason("why".to_owned()));
    state.reduce(Action::Whole(true));
    state.reduce(Action::Accept);
    let comment = "# plimsoll: ignore-file[some-root] why\n";
    assert_eq!(state.editor.source.text(), format!("FROM a\n{comment}USER root\n"));
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
