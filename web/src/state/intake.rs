//! What was handed in: the editor's text, and what lies beside it.

use report::Kind;
use report::wire::{Content, Handed};
use text::Source;

use super::{Effect, Left, Notice, State};
use crate::marks::{Mark, follow};
use crate::shared::Shared;
use crate::sort;

/// Above this many bytes the editor shows no marks: every keystroke would cost too much.
const MARKED: usize = 200_000;

/// Up to this many lines a replacement is left to the browser's own editing.
const UNDOABLE: usize = 200;

/// Name of a text that came without one.
pub(super) const UNNAMED: &str = "Dockerfile";

/// Name of a text that was pasted beside the editor.
pub(crate) const PASTED: &str = "pasted";

/// Names a file that the page holds for the worker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct FileKey(pub(crate) u32);

/// Names an input for as long as it is there, whatever becomes of its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct InputId(pub(crate) u32);

/// Something handed in beside the editor.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Attachment {
    /// Which input it is; numbered when it is taken in.
    pub(crate) id: InputId,
    /// Its name.
    pub(crate) name: String,
    /// What somebody said it is.
    pub(crate) taken_for: Option<Kind>,
    /// Its content.
    pub(crate) body: Body,
}

impl Attachment {
    /// A text.
    pub(crate) fn text(name: &str, text: &str) -> Self {
        let carriage_returns = sort::has_carriage_returns(text);
        let source = Source::new(name, &sort::without_carriage_returns(text));
        let body = Body::Text(Shared::new(source), carriage_returns);
        Self { id: InputId::default(), name: name.to_owned(), taken_for: None, body }
    }

    /// Whether it can be looked at in the editor.
    pub(crate) fn is_editable(&self) -> bool {
        match &self.body {
            Body::Text(source, _) => sort::is_editable(source.text().len() as u64),
            Body::File(_) => false,
        }
    }

    /// A file.
    pub(crate) fn file(name: &str, key: FileKey) -> Self {
        let body = Body::File(key);
        Self { id: InputId::default(), name: name.to_owned(), taken_for: None, body }
    }
}

/// Where the content of an attachment is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Body {
    /// Here, with bare line feeds; the flag tells whether it came with `\r\n` line ends.
    Text(Shared<Source>, bool),
    /// In a file that only the worker reads.
    File(FileKey),
}

/// The text under the person's hands. The browser owns it; this is what it said last.
#[derive(Debug)]
pub(crate) struct Editor {
    /// Which input it is.
    pub(crate) id: InputId,
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
            id: InputId::default(),
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

    /// An input that comes under the person's hands.
    pub(super) fn of(id: InputId, taken_for: Option<Kind>, text: Posted) -> Self {
        let (source, carriage_returns) = text;
        let columns = columns(source.text());
        Self { id, taken_for, carriage_returns, columns, marks: Shared::default(), source }
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
}

/// A text as it is under the person's hands, and whether it came with `\r\n` line ends.
pub(crate) type Posted = (Shared<Source>, bool);

/// Inputs as they were at some time, in the order of sources; files have no text.
pub(crate) type Texts = Vec<(InputId, Option<Posted>)>;

/// A text as the engine is told it: with the line ends that it came with.
pub(crate) fn as_handed((source, carriage_returns): &Posted) -> String {
    let text = source.text();
    if *carriage_returns { text.replace('\n', "\r\n") } else { text.to_owned() }
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
            self.editor = Editor { id: self.editor.id, ..Editor::default() };
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

    pub(super) fn swap(
        &mut self,
        name: String,
        text: String,
        mut beside: Vec<Attachment>,
        out: &mut Vec<Effect>,
    ) {
        beside.iter_mut().for_each(|it| it.id = self.new_id());
        // What came at once and was left as it came is no loss.
        let was_empty = self.is_empty() || self.swapped == Some(self.work.revision);
        let old = self.editor.source.clone();
        let all =
            (std::mem::replace(&mut self.attached, beside), std::mem::take(&mut self.choices));
        self.place = 0;
        self.fill(&name, text, out);
        self.changed(true, out);
        self.swapped = Some(self.work.revision);
        self.notice = (!was_empty).then(|| Notice::Replaced {
            name: old.name.to_string(),
            text: old.text().to_owned(),
            beside: Some(all),
        });
    }

    /// Whether a file is still handed in, or can be brought back.
    pub(crate) fn keeps(&self, file: FileKey) -> bool {
        let before = match &self.notice {
            Some(Notice::Replaced { beside: Some(it), .. }) => &it.0[..],
            _ => &[],
        };
        self.attached.iter().chain(before).any(|it| it.body == Body::File(file))
    }

    pub(super) fn restore(&mut self, out: &mut Vec<Effect>) {
        match self.notice.take() {
            Some(Notice::Replaced { name, text, beside }) => {
                if let Some(it) = beside {
                    (self.attached, self.choices) = it;
                }
                self.replaced(name, text, false, out);
            }
            Some(Notice::Mended { said: _, text }) => self.refill(text, out),
            other => self.notice = other,
        }
    }

    /// Replaces the editor's text. The browser can undo that for short texts; its way takes
    /// quadratic time, so of a long one the page itself keeps what was there.
    fn fill(&mut self, name: &str, text: String, out: &mut Vec<Effect>) -> Option<Notice> {
        let id = self.editor.id;
        let old = std::mem::replace(&mut self.editor, Editor { id, ..Editor::default() });
        let undoable = is_undoable(&text) && is_undoable(old.source.text());
        self.editor.set_text(name, &text);
        self.left = Left::Editor;
        self.selected = None;
        self.open = Shared::default();
        self.settling = None;
        out.push(Effect::Fill { text, undoable, stay: false });
        (!undoable && !old.is_blank()).then(|| Notice::Replaced {
            name: old.source.name.to_string(),
            text: old.source.text().to_owned(),
            beside: None,
        })
    }

    /// Puts another version of the editor's text in its place.
    pub(super) fn refill(&mut self, text: String, out: &mut Vec<Effect>) {
        let name = self.editor.source.name.clone();
        let undoable = is_undoable(&text) && is_undoable(self.editor.source.text());
        self.editor.set_text(&name, &text);
        out.push(Effect::Fill { text, undoable, stay: true });
        self.changed(true, out);
    }

    /// Adds inputs. One that has the name of an earlier one takes its place: files are handed in
    /// again after they were changed. What was pasted has no name of its own.
    pub(super) fn attach(&mut self, mut new: Vec<Attachment>, out: &mut Vec<Effect>) {
        if new.is_empty() {
            return;
        }
        let pasted = |it: &Attachment| it.name.starts_with(PASTED);
        let kept = |old: &Attachment| pasted(old) || new.iter().all(|it| it.name != old.name);
        self.place = self.attached.iter().take(self.place).filter(|it| kept(it)).count();
        self.attached.retain(kept);
        for it in &mut new {
            it.id = self.new_id();
            if pasted(it) {
                let taken = |name: &str| self.attached.iter().any(|it| it.name == name);
                let numbered = (2..).map(|n| format!("{PASTED} {n}"));
                let mut names = std::iter::once(PASTED.to_owned()).chain(numbered);
                it.name = names.find(|it| !taken(it)).unwrap_or_default();
            }
            self.attached.push(it.clone());
        }
        self.settling = None;
        self.changed(true, out);
    }

    pub(super) fn taken_for(&mut self, id: InputId, kind: Option<Kind>, out: &mut Vec<Effect>) {
        if self.editor.id == id {
            self.editor.taken_for = kind;
        } else {
            let Some(it) = self.attached.iter_mut().find(|it| it.id == id) else { return };
            it.taken_for = kind;
        }
        self.changed(true, out);
    }

    /// Takes one of several names for what is meant.
    pub(super) fn pick(&mut self, chosen: String, of: &[String], out: &mut Vec<Effect>) {
        self.choices.picks.retain(|it| !of.contains(it));
        if !chosen.is_empty() {
            self.choices.picks.push(chosen);
        }
        self.changed(true, out);
    }

    /// Takes a settings file in the place of an earlier one; an empty one is none.
    pub(super) fn configured(&mut self, text: String, out: &mut Vec<Effect>) {
        let is_none = text.trim().is_empty();
        self.say(
            if is_none { "The settings are left out." } else { "The settings are applied." }
                .to_owned(),
            out,
        );
        self.choices.settings = (!is_none).then_some(text);
        self.changed(true, out);
    }

    /// Takes the list of a build context in the place of an earlier one; an empty one is none.
    pub(super) fn surrounded(&mut self, text: String, out: &mut Vec<Effect>) {
        self.choices.context = (!text.trim().is_empty()).then_some(text);
        self.settling = None;
        self.changed(true, out);
    }

    fn new_id(&mut self) -> InputId {
        self.last_id += 1;
        InputId(self.last_id)
    }

    /// The inputs in the order in which sources are numbered, an empty editor left out: what is
    /// handed over, the files beside it, and the texts as they are now.
    pub(super) fn documents(&self) -> (Vec<Handed>, Vec<FileKey>, Texts) {
        let (mut documents, mut files, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let editor = (!self.editor.is_blank()).then(|| self.editor_input());
        for it in self.inputs(editor.as_ref()) {
            let (content, text) = match &it.body {
                Body::Text(source, carriage_returns) => {
                    let text = (source.clone(), *carriage_returns);
                    (Content::Text(as_handed(&text)), Some(text))
                }
                Body::File(key) => {
                    files.push(*key);
                    let index = u32::try_from(files.len() - 1).unwrap_or(u32::MAX);
                    (Content::File(index), None)
                }
            };
            documents.push(Handed { name: it.name.clone(), taken_for: it.taken_for, content });
            texts.push((it.id, text));
        }
        (documents, files, texts)
    }
}

/// Whether the browser itself may put a text in or bring it back.
fn is_undoable(text: &str) -> bool {
    text.bytes().filter(|it| *it == b'\n').count() <= UNDOABLE
}
