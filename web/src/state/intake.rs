//! What was handed in: the editor's text, and what lies beside it.

use report::Kind;
use report::wire::{Content, Handed};
use text::Source;

use super::{Effect, Notice, State};
use crate::marks::{Mark, follow};
use crate::shared::Shared;

/// Above this many bytes the editor shows no marks: every keystroke would cost too much.
const MARKED: usize = 200_000;

/// Up to this many lines a replacement is left to the browser's own editing.
const UNDOABLE: usize = 200;

/// Name of a text that came without one.
const UNNAMED: &str = "Dockerfile";

/// Names a file that the page holds for the worker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct FileKey(pub(crate) u32);

/// Something handed in beside the editor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Attachment {
    /// Its name.
    pub(crate) name: String,
    /// What somebody said it is.
    pub(crate) taken_for: Option<Kind>,
    /// Its content.
    pub(crate) body: Body,
}

/// Where the content of an attachment is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Body {
    /// Here.
    Text(String),
    /// In a file that only the worker reads.
    File(FileKey),
}

/// The text under the person's hands. The browser owns it; this is what it said last.
#[derive(Debug)]
pub(crate) struct Editor {
    /// The text, with its name and lines.
    pub(crate) source: Shared<Source>,
    /// What somebody said it is.
    pub(crate) taken_for: Option<Kind>,
    /// Whether the text came with `\r\n` line ends, which no text field keeps.
    pub(crate) carriage_returns: bool,
    /// The width of the longest line, in columns, at least.
    pub(crate) columns: u32,
    /// What is underlined.
    pub(crate) marks: Shared<Vec<Mark>>,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            source: Shared::new(Source::new(UNNAMED, "")),
            taken_for: None,
            carriage_returns: false,
            columns: 0,
            marks: Shared::default(),
        }
    }
}

impl Editor {
    /// Whether there is nothing in it to check.
    pub(crate) fn is_blank(&self) -> bool {
        self.source.text().trim().is_empty()
    }

    /// Whether it is small enough to be marked.
    pub(crate) fn is_marked(&self) -> bool {
        self.source.text().len() <= MARKED
    }

    /// Number of lines as an editor counts them: a final line end starts another.
    pub(crate) fn rows(&self) -> u32 {
        let text = self.source.text();
        self.source.lines() + u32::from(text.is_empty() || text.ends_with('\n'))
    }

    fn set_text(&mut self, name: &str, text: &str) {
        let marks = if self.marks.is_empty() || text.len() > MARKED {
            Vec::new()
        } else {
            follow(&self.marks, self.source.text(), text)
        };
        self.marks = Shared::new(marks);
        self.source = Shared::new(Source::new(name, text));
        self.columns = columns(text);
    }

    fn handed(&self) -> Handed {
        let text = self.source.text();
        let text = if self.carriage_returns { text.replace('\n', "\r\n") } else { text.to_owned() };
        Handed {
            name: self.source.name.to_string(),
            taken_for: self.taken_for,
            content: Content::Text(text),
        }
    }
}

/// The width of the longest line. Characters beyond ASCII count generously, since fonts differ
/// and too wide only means some empty space to scroll to.
fn columns(text: &str) -> u32 {
    const TAB: u32 = 4;
    let width = |line: &str| {
        line.chars().fold(0_u32, |at, it| match it {
            '\t' => at + TAB - at % TAB,
            ' '..='~' => at + 1,
            _ => at + 3,
        })
    };
    text.lines().map(width).max().unwrap_or_default()
}

impl State {
    pub(super) fn edited(&mut self, text: String, at_once: bool, out: &mut Vec<Effect>) {
        if text == self.editor.source.text() {
            return;
        }
        if text.is_empty() {
            self.editor = Editor::default();
        } else {
            let name = self.editor.source.name.clone();
            self.editor.set_text(&name, &text);
        }
        self.changed(at_once, out);
    }

    pub(super) fn replaced(
        &mut self,
        name: String,
        text: String,
        carriage_returns: bool,
        out: &mut Vec<Effect>,
    ) {
        let notice = self.fill(&name, text, out);
        self.editor.carriage_returns = carriage_returns;
        self.changed(true, out);
        self.notice = notice;
    }

    pub(super) fn swap(&mut self, text: String, beside: Vec<Attachment>, out: &mut Vec<Effect>) {
        self.attached = beside;
        let notice = self.fill(UNNAMED, text, out);
        self.changed(true, out);
        self.notice = notice;
    }

    pub(super) fn restore(&mut self, out: &mut Vec<Effect>) {
        if let Some(Notice::Replaced { name, text }) = self.notice.take() {
            self.replaced(name, text, false, out);
        }
    }

    /// Replaces the editor's text. The browser can undo that for short texts; its way takes
    /// quadratic time, so of a long one the page itself keeps what was there.
    fn fill(&mut self, name: &str, text: String, out: &mut Vec<Effect>) -> Option<Notice> {
        let old = std::mem::take(&mut self.editor);
        let lines = |text: &str| text.bytes().filter(|it| *it == b'\n').count();
        let undoable = lines(&text) <= UNDOABLE && lines(old.source.text()) <= UNDOABLE;
        self.editor.set_text(name, &text);
        self.selected = None;
        self.open = Shared::default();
        self.settling = None;
        out.push(Effect::Fill { text, undoable });
        (!undoable && !old.is_blank()).then(|| Notice::Replaced {
            name: old.source.name.to_string(),
            text: old.source.text().to_owned(),
        })
    }

    /// Adds inputs. One that has the name of an earlier one takes its place: files are handed in
    /// again after they were changed.
    pub(super) fn attach(&mut self, mut new: Vec<Attachment>, out: &mut Vec<Effect>) {
        if new.is_empty() {
            return;
        }
        let pasted = |it: &Attachment| matches!(it.body, Body::Text(_));
        self.attached.retain(|old| pasted(old) || new.iter().all(|it| it.name != old.name));
        for it in new.iter_mut().filter(|it| pasted(it)) {
            let taken = |name: &str| self.attached.iter().any(|it| it.name == name);
            let numbered = (2..).map(|n| format!("{} {n}", it.name));
            let name = std::iter::once(it.name.clone()).chain(numbered).find(|it| !taken(it));
            it.name = name.unwrap_or_default();
        }
        self.attached.append(&mut new);
        self.settling = None;
        self.changed(true, out);
    }

    pub(super) fn detach(&mut self, index: usize, out: &mut Vec<Effect>) {
        if index < self.attached.len() {
            self.attached.remove(index);
            self.changed(true, out);
        }
    }

    pub(super) fn taken_for(
        &mut self,
        index: Option<usize>,
        kind: Option<Kind>,
        out: &mut Vec<Effect>,
    ) {
        match index {
            None => self.editor.taken_for = kind,
            Some(index) => {
                let Some(it) = self.attached.get_mut(index) else { return };
                it.taken_for = kind;
            }
        }
        self.changed(true, out);
    }

    /// The inputs in the order in which sources are numbered: the editor first, if it says
    /// anything.
    pub(super) fn documents(&self) -> (Vec<Handed>, Vec<super::FileKey>) {
        let mut files = Vec::new();
        let editor = (!self.editor.is_blank()).then(|| self.editor.handed());
        let mut documents = Vec::from_iter(editor);
        for it in &self.attached {
            let content = match &it.body {
                Body::Text(text) => Content::Text(text.clone()),
                Body::File(key) => {
                    files.push(*key);
                    Content::File(u32::try_from(files.len() - 1).unwrap_or(u32::MAX))
                }
            };
            documents.push(Handed { name: it.name.clone(), taken_for: it.taken_for, content });
        }
        (documents, files)
    }
}
