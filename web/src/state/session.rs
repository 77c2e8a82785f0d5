//! The inputs for elsewhere: as a file with everything in it, as a link without secrets.

use report::wire::{Content, Session};

use super::{Attachment, Effect, Notice, State};
use crate::sort;

/// A link in the making.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sharing {
    /// What is in it, as texts with their names.
    pub(crate) texts: Vec<(String, String)>,
    /// The same as it is packed.
    session: String,
    /// What stands behind the `#`, once it is packed.
    pub(crate) fragment: Option<String>,
}

impl State {
    /// Writes the inputs to a file. What only the checker reads stays out of it.
    pub(super) fn save_session(&mut self, out: &mut Vec<Effect>) {
        let (mut documents, files, _) = self.documents();
        documents.retain(|it| matches!(it.content, Content::Text(_)));
        let session = Session { documents, choices: self.choices.clone() };
        let Some(text) = session.to_text() else { return };
        out.push(Effect::Save { name: "plimsoll-session.json", text });
        let rest = if files.is_empty() {
            ""
        } else {
            " Files that the editor does not show are not in it."
        };
        let what = format!("The session holds the inputs as they are, secrets included.{rest}");
        self.say(what.clone(), out);
        self.notice = Some(Notice::Input(what));
    }

    /// Takes the inputs of a session in place of those that are here.
    pub(super) fn open_session(&mut self, text: &str, by_link: bool, out: &mut Vec<Effect>) {
        let Some(session) = report::read::session(text) else {
            let what = "The inputs that came with it cannot be read. They may be cut off, or of \
                        another version.";
            self.notice = Some(Notice::Input(what.to_owned()));
            return;
        };
        let choices = session.choices;
        let mut texts = session.documents.into_iter().filter_map(|it| match it.content {
            Content::Text(text) => {
                let mut attachment = Attachment::text(&it.name, &text);
                attachment.taken_for = it.taken_for;
                Some((attachment, text))
            }
            Content::File(_) => None,
        });
        let Some((first, text)) = texts.next() else { return };
        let beside = texts.map(|it| it.0).collect();
        let returns = sort::has_carriage_returns(&text);
        self.swap(first.name, sort::without_carriage_returns(&text), beside, out);
        self.editor.carriage_returns = returns;
        self.editor.taken_for = first.taken_for;
        self.choices = choices;
        self.changed(true, out);
        if by_link {
            let what =
                "The content came with the link itself. Secrets were masked when it was made.";
            self.notice = Some(Notice::Input(what.to_owned()));
        }
    }

    /// The engine has masked what is to be shared.
    pub(super) fn share(&mut self, text: String, out: &mut Vec<Effect>) {
        let session = report::read::session(&text);
        let documents = session.map(|it| it.documents).unwrap_or_default();
        let texts = documents.into_iter().filter_map(|it| match it.content {
            Content::Text(text) => Some((it.name, text)),
            Content::File(_) => None,
        });
        let texts: Vec<(String, String)> = texts.collect();
        if texts.is_empty() {
            let what = "Only Dockerfiles are shared by link. Save the report, or the session.";
            self.notice = Some(Notice::Input(what.to_owned()));
            return;
        }
        self.sharing = Some(Sharing { texts, session: text.clone(), fragment: None });
        out.push(Effect::Pack(text, false));
    }

    /// The same link, but only for those who know a passphrase.
    pub(super) fn lock(&self, out: &mut Vec<Effect>) {
        out.extend(self.sharing.as_ref().map(|it| Effect::Pack(it.session.clone(), true)));
    }

    pub(super) fn shared(&mut self, fragment: String, out: &mut Vec<Effect>) {
        // Nobody has to give a passphrase.
        if fragment.is_empty() {
            return;
        }
        if let Some(sharing) = &mut self.sharing {
            let length = fragment.len();
            sharing.fragment = Some(fragment);
            self.say(format!("The link is ready, {length} characters."), out);
        }
    }
}
