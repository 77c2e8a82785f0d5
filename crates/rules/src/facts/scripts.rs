//! Scripts that shells run, for the pack that looks through them.

use report::Why;
use text::{Cooked, Span};

use super::Dialect;

/// The text that a shell runs, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// The text with its here-documents.
    pub text: Cooked,
    /// Its language: one of those that follow POSIX.
    pub dialect: Dialect,
    /// Why it is not known which shell runs it, if that is open.
    pub doubt: Option<Why>,
    /// What to put before the text so that the variables of the build are known in it.
    pub prologue: String,
}

impl Script {
    /// The text behind what makes the variables of the build known.
    pub fn whole(&self) -> String {
        format!("{}{}", self.prologue, self.text.as_str())
    }

    /// The place in the source of a range of [`Script::whole`]; nothing for what stands before the
    /// text.
    pub fn span(&self, start: u32, end: u32) -> Option<Span> {
        let before = self.prologue.len();
        let start = (start as usize).checked_sub(before)?;
        let end = (end as usize).checked_sub(before)?;
        Some(self.text.span(start..end.max(start)))
    }
}
