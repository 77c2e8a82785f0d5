//! The keyboard: which key means what, where.

use crate::state::{About, Action, Left, RowKey, State};
use report::Question;
use report::wire::{Browse, Format};

/// Keys that move a place in a text, a list or a tree.
pub(crate) const MOVES: [&str; 8] =
    ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];

/// Where the keyboard's place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Focus {
    /// In the editor, the caret at this byte.
    Editor(u32),
    /// In the palette.
    Palette,
    /// Where a reason is given.
    Reason,
    /// In another field that takes text or choices.
    Field,
    /// In the list of findings.
    List,
    /// In the tree of files.
    Files,
    /// Anywhere else.
    Elsewhere,
}

/// A key as it was pressed.
#[derive(Clone, Debug)]
pub(crate) struct Key<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Whether shift was down.
    pub(crate) shift: bool,
    /// Whether control or command was down.
    pub(crate) control: bool,
    /// Whether alt was down.
    pub(crate) alt: bool,
}

/// What a key means here, if anything. Single letters mean nothing inside a text field.
pub(crate) fn action(state: &State, key: &Key<'_>, focus: Focus) -> Option<Action> {
    let selected = || state.selected.clone();
    match (key.name, focus) {
        ("k", _) if key.control => Some(Action::Palette(state.palette.is_none())),
        ("Escape", _) if state.palette.is_some() => Some(Action::Palette(false)),
        ("ArrowDown", Focus::Palette) => Some(Action::StepCommand(1)),
        ("ArrowUp", Focus::Palette) => Some(Action::StepCommand(-1)),
        ("Enter", Focus::Palette) => Some(Action::RunCommand(None)),
        (_, Focus::Palette) => None,
        ("ArrowUp" | "ArrowDown", _) if key.alt => {
            (!state.attached.is_empty()).then(|| Action::StepTab(key.name == "ArrowUp"))
        }
        _ if key.alt => None,
        ("Enter", focus) if key.control && focus != Focus::Reason => Some(Action::Again),
        ("Enter", Focus::Reason) => Some(Action::Accept),
        ("o", _) if key.control => Some(Action::OpenFiles),
        ("s", _) if key.control => state.answered.as_ref().map(|_| Action::Export(Format::Json)),
        (".", _) if key.control => selected().map(Action::ShowFix),
        ("m", _) if key.control => Some(Action::SwitchTabKey),
        _ if key.control => None,
        ("Tab", Focus::Editor(_)) if state.writes_tabs && !key.shift => Some(Action::WriteTab),
        ("F8", Focus::Editor(from)) => Some(Action::Next { from, back: key.shift }),
        ("F8", _) => Some(Action::Step(if key.shift { -1 } else { 1 })),
        ("Escape", _) if key.shift => Some(Action::Cancel),
        ("Escape", _) => escape(state, focus),
        (_, Focus::Editor(_) | Focus::Field | Focus::Reason) => None,
        ("/", Focus::Files) => Some(Action::FindPath),
        (name, Focus::Files) if is_for_tree(name) => {
            Some(Action::Browse(Browse::Key(name.to_owned())))
        }
        (letter, _) if state.no_single_keys && letter.len() == 1 => None,
        ("?", _) => Some(Action::Palette(true)),
        ("/", _) => Some(Action::FocusFilter),
        ("t", _) => Some(Action::Theme(state.theme.next())),
        ("j", _) | ("ArrowDown", Focus::List) => Some(Action::Step(1)),
        ("k", _) | ("ArrowUp", Focus::List) => Some(Action::Step(-1)),
        ("Home", Focus::List) => Some(Action::Step(i32::MIN)),
        ("End", Focus::List) => Some(Action::Step(i32::MAX)),
        ("Enter", Focus::List) => selected().map(Action::GoTo),
        ("e", _) => selected().map(|it: RowKey| Action::Explain(it.rule.to_string())),
        ("f", _) => selected().map(Action::ShowFix),
        ("F", _) => selected().map(|it: RowKey| Action::FixAll(Some(it.rule.to_string()))),
        ("i", _) => selected().map(|it| Action::Ignoring(Some(it))),
        ("c", _) => selected().map(Action::CopyComment),
        ("0", _) => Some(Action::Look(About::All)),
        (digit, _) => {
            let number: u8 = digit.parse().ok()?;
            let question = Question::ALL.into_iter().find(|it| it.number() == number)?;
            Some(Action::Look(About::Question(question)))
        }
    }
}

/// Whether a key means something in a tree: moves in it, chooses, or is the start of a name.
fn is_for_tree(name: &str) -> bool {
    name.chars().nth(1).is_none() || MOVES.contains(&name) || ["Enter", "Backspace"].contains(&name)
}

/// Closes the topmost thing; with nothing open it leads from the editor to the list.
fn escape(state: &State, focus: Focus) -> Option<Action> {
    if state.dragging {
        Some(Action::Drag(false))
    } else if state.explained.is_some() {
        Some(Action::CloseExplain)
    } else if state.ignoring.is_some() {
        Some(Action::Ignoring(None))
    } else if state.settling.is_some() {
        Some(Action::Settle(None))
    } else if state.layers.file.is_some() && state.left == Left::Layers {
        Some(Action::CloseFile)
    } else if matches!(focus, Focus::Editor(_)) {
        match state.selected.clone() {
            Some(key) => Some(Action::Select(key, true)),
            None => Some(Action::Step(0)),
        }
    } else if !state.filter.is_open() {
        Some(Action::ShowAll)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(state: &State, name: &str, focus: Focus) -> Option<Action> {
        action(state, &Key { name, shift: false, control: false, alt: false }, focus)
    }

    #[test]
    fn letters_mean_something_only_outside_of_text() {
        let state = State::default();
        assert_eq!(press(&state, "j", Focus::Elsewhere), Some(Action::Step(1)));
        assert_eq!(press(&state, "j", Focus::Editor(0)), None);
        assert_eq!(press(&state, "2", Focus::Field), None);
        let root = Action::Look(About::Question(Question::Root));
        assert_eq!(press(&state, "2", Focus::List), Some(root));
        assert_eq!(press(&state, "7", Focus::List), None);
        assert_eq!(press(&state, "x", Focus::List), None);
    }

    #[test]
    fn arrows_belong_to_the_list_and_pages_scroll_elsewhere() {
        let state = State::default();
        assert_eq!(press(&state, "ArrowDown", Focus::List), Some(Action::Step(1)));
        assert_eq!(press(&state, "ArrowDown", Focus::Elsewhere), None);
        assert_eq!(press(&state, "ArrowDown", Focus::Editor(0)), None);
    }

    #[test]
    fn chords_of_the_browser_stay_its_own() {
        let key = Key { name: "e", shift: false, control: true, alt: false };
        assert_eq!(action(&State::default(), &key, Focus::List), None);
        let key = Key { name: "1", shift: false, control: false, alt: true };
        assert_eq!(action(&State::default(), &key, Focus::List), None);
    }

    #[test]
    fn a_chord_accepts_where_a_reason_is_given_and_checks_elsewhere() {
        let key = Key { name: "Enter", shift: false, control: true, alt: false };
        let state = State::default();
        assert_eq!(action(&state, &key, Focus::Reason), Some(Action::Accept));
        assert_eq!(action(&state, &key, Focus::Editor(0)), Some(Action::Again));
    }

    #[test]
    fn the_chosen_finding_is_shown_and_explained() {
        let key = RowKey { rule: "a-rule".into(), ordinal: 0 };
        let state = State { selected: Some(key.clone()), ..State::default() };
        assert_eq!(press(&state, "Enter", Focus::List), Some(Action::GoTo(key)));
        let explain = Action::Explain("a-rule".to_owned());
        assert_eq!(press(&state, "e", Focus::List), Some(explain));
        assert_eq!(press(&state, "Enter", Focus::Elsewhere), None);
    }

    #[test]
    fn escape_closes_the_topmost_thing_first() {
        let mut state = State { dragging: true, ..State::default() };
        assert_eq!(press(&state, "Escape", Focus::Elsewhere), Some(Action::Drag(false)));
        state.dragging = false;
        assert_eq!(press(&state, "Escape", Focus::Elsewhere), None);
        assert_eq!(press(&state, "Escape", Focus::Editor(0)), Some(Action::Step(0)));
        state.filter.about = About::Other;
        assert_eq!(press(&state, "Escape", Focus::Elsewhere), Some(Action::ShowAll));
    }

    #[test]
    fn the_palette_has_its_own_keys_and_single_letters_can_be_switched_off() {
        let control = Key { name: "k", shift: false, control: true, alt: false };
        let mut state = State::default();
        let open = Some(Action::Palette(true));
        assert_eq!(action(&state, &control, Focus::Editor(0)), open);
        state.palette = Some(Default::default());
        assert_eq!(press(&state, "ArrowDown", Focus::Palette), Some(Action::StepCommand(1)));
        assert_eq!(press(&state, "Enter", Focus::Palette), Some(Action::RunCommand(None)));
        assert_eq!(press(&state, "j", Focus::Palette), None);
        assert_eq!(press(&state, "Escape", Focus::Palette), Some(Action::Palette(false)));
        state.palette = None;
        state.no_single_keys = true;
        assert_eq!(press(&state, "j", Focus::List), None);
        assert_eq!(press(&state, "ArrowDown", Focus::List), Some(Action::Step(1)));
    }

    #[test]
    fn the_tab_key_leaves_the_editor_until_somebody_wants_tabs() {
        let mut state = State::default();
        assert_eq!(press(&state, "Tab", Focus::Editor(0)), None);
        let control = Key { name: "m", shift: false, control: true, alt: false };
        assert_eq!(action(&state, &control, Focus::Editor(0)), Some(Action::SwitchTabKey));
        state.reduce(Action::SwitchTabKey);
        assert_eq!(press(&state, "Tab", Focus::Editor(0)), Some(Action::WriteTab));
        assert_eq!(press(&state, "Tab", Focus::List), None);
        let back = Key { name: "Tab", shift: true, control: false, alt: false };
        assert_eq!(action(&state, &back, Focus::Editor(0)), None);
        state.reduce(Action::SwitchTabKey);
        assert_eq!(press(&state, "Tab", Focus::Editor(0)), None);
    }

    #[test]
    fn f8_goes_through_the_marks_from_the_caret() {
        let key = Key { name: "F8", shift: true, control: false, alt: false };
        let next = Action::Next { from: 12, back: true };
        assert_eq!(action(&State::default(), &key, Focus::Editor(12)), Some(next));
    }
}
