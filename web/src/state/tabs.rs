//! The inputs side by side: which one is under the person's hands.

use super::{Attachment, Body, Editor, Effect, InputId, Left, Panel, State};
use crate::shared::Shared;

impl State {
    /// The editor as one input among the others.
    pub(super) fn editor_input(&self) -> Attachment {
        let it = &self.editor;
        Attachment {
            id: it.id,
            name: it.source.name.to_string(),
            taken_for: it.taken_for,
            body: Body::Text(it.source.clone(), it.carriage_returns),
        }
    }

    /// All inputs in their order, the editor among them.
    pub(super) fn inputs<'a>(
        &'a self,
        editor: Option<&'a Attachment>,
    ) -> impl Iterator<Item = &'a Attachment> {
        let (before, after) = self.attached.split_at(self.place.min(self.attached.len()));
        before.iter().chain(editor).chain(after)
    }

    /// All inputs in their order, as they are shown.
    pub(crate) fn tabs(&self) -> Vec<Attachment> {
        let editor = self.editor_input();
        self.inputs(Some(&editor)).cloned().collect()
    }

    /// Puts another input under the person's hands. Files stay where they are.
    pub(super) fn open_tab(&mut self, id: InputId, out: &mut Vec<Effect>) {
        self.left = Left::Editor;
        if id == self.editor.id {
            return;
        }
        let Some(index) = self.attached.iter().position(|it| it.id == id) else { return };
        let it = self.attached.get(index).filter(|it| it.is_editable()).cloned();
        let Some(Attachment { body: Body::Text(source, returns), taken_for, .. }) = it else {
            return;
        };
        self.attached.remove(index);
        let mut place = index;
        // An empty editor is no input, and leaves nothing behind.
        if !self.editor.is_blank() {
            let at = if index < self.place { self.place - 1 } else { self.place };
            self.attached.insert(at.min(self.attached.len()), self.editor_input());
            place = if index < self.place { index } else { index + 1 };
        }
        self.place = place;
        self.editor = Editor::of(id, taken_for, (source, returns));
        self.refresh_marks();
        self.notice = None;
        let text = self.editor.source.text().to_owned();
        out.push(Effect::Fill { text, undoable: false, stay: false });
    }

    /// Opens an empty input behind all others.
    pub(super) fn new_tab(&mut self, out: &mut Vec<Effect>) {
        self.left = Left::Editor;
        self.panel = Panel::Input;
        if !self.editor.is_blank() {
            self.attached.insert(self.place.min(self.attached.len()), self.editor_input());
        }
        self.place = self.attached.len();
        self.last_id += 1;
        self.editor = Editor { id: InputId(self.last_id), ..Editor::default() };
        self.notice = None;
        out.push(Effect::Fill { text: String::new(), undoable: false, stay: false });
        out.push(Effect::Show(Default::default()));
    }

    /// The next input that can be shown, or the one before; past the last comes the first.
    pub(super) fn step_tab(&mut self, back: bool, out: &mut Vec<Effect>) {
        let tabs = self.tabs();
        let texts = || tabs.iter().filter(|it| it.is_editable()).map(|it| it.id);
        let at = texts().position(|it| it == self.editor.id).unwrap_or_default();
        let count = texts().count().max(1);
        let step = if back { count - 1 } else { 1 };
        if let Some(id) = texts().nth((at + step) % count) {
            self.open_tab(id, out);
        }
    }

    /// Takes an input away.
    pub(super) fn detach(&mut self, id: InputId, out: &mut Vec<Effect>) {
        if id == self.editor.id {
            let tabs = self.tabs();
            let is_text = |it: &&Attachment| it.id != id && it.is_editable();
            let next = tabs.iter().find(is_text).map(|it| it.id);
            self.editor = Editor::default();
            self.last_id += 1;
            self.editor.id = InputId(self.last_id);
            match next {
                Some(next) => self.open_tab(next, out),
                None => {
                    let text = String::new();
                    out.push(Effect::Fill { text, undoable: false, stay: false });
                }
            }
        } else if let Some(index) = self.attached.iter().position(|it| it.id == id) {
            self.attached.remove(index);
            self.place -= usize::from(index < self.place);
        } else {
            return;
        }
        self.selected = None;
        self.changed(true, out);
    }

    /// Marks the editor's text as the newest answer says.
    pub(super) fn refresh_marks(&mut self) {
        let marks = self.answered.as_ref().map(|it| self.marks(it)).unwrap_or_default();
        self.editor.marks = Shared::new(marks);
    }
}
