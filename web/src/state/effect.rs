//! What the state wants done outside: `app` carries it out.

use report::wire::{Browse, Choices, Handed, Progress, Want};
use text::Span;

use super::{FileKey, Timer};

/// Something to be done outside.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Effect {
    /// Close the airlock and prove it.
    CloseAirlock,
    /// Start a worker; an earlier one ends.
    StartWorker,
    /// End the worker.
    StopWorker,
    /// Have the documents checked; files are handed over beside them.
    Post {
        job: u32,
        revision: u32,
        documents: Vec<Handed>,
        files: Vec<FileKey>,
        choices: Choices,
        want: Want,
        cancelled: Option<Progress>,
    },
    /// Have the worker stop what it does.
    Stop,
    /// Ask for rows of the files of a saved image.
    Browse { browse: Browse, first: u32, count: u32 },
    /// Ring after so many milliseconds.
    After(u32, Timer),
    /// Have a screen reader say this when it is done with what it says.
    Say(String),
    /// Put this into the editor.
    Fill {
        /// The text.
        text: String,
        /// Whether the browser's own undo is to bring the old text back.
        undoable: bool,
        /// Whether it is another version of the same text, so that the view stays where it is.
        stay: bool,
    },
    /// Write this into the editor, as if it were typed.
    Type(&'static str),
    /// Select this part of the editor's text and bring it into view.
    Show(Span),
    /// Open or close the palette's window.
    Modal(bool),
    /// Have the browser ask for files.
    OpenFiles,
    /// Hand in the saved image among the examples.
    SampleImage,
    /// Bring the keyboard's place to an element.
    Focus(&'static str),
    /// Pack a text into what a link can carry; locked, if somebody wants to give a passphrase.
    Pack(String, bool),
    /// Offer a text as a file.
    Save { name: &'static str, text: String },
    /// Put a text on the clipboard.
    Copy(String),
    /// Have the browser print the page.
    Print,
    /// Load the page again.
    Reload,
}
