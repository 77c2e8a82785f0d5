//! Words of a shell command.

use std::borrow::Cow;

use text::{Cooked, Span};

use super::Script;

/// A word, before the shell expands it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShellWord {
    /// Where it stands.
    pub span: Span,
    /// What it is made of, in order. Quotes are gone; each part says whether it was quoted.
    pub parts: Vec<Part>,
}

/// A part of a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Text that stands for itself.
    Literal {
        /// The text, escapes removed.
        text: Cooked,
        /// Whether quotes or a backslash take its special meaning away.
        quoted: bool,
    },
    /// `$name` or `${name…}`.
    Variable {
        /// The name.
        name: String,
        /// What follows the name inside braces, as in `:-default`.
        operation: String,
        /// All of it, as written.
        raw: Cooked,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `$(…)` or backquotes.
    Commands {
        /// The commands.
        script: Script,
        /// All of it, as written.
        raw: Cooked,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `<(…)` or `>(…)`.
    Process {
        /// The commands.
        script: Script,
        /// All of it, as written.
        raw: Cooked,
    },
    /// `$((…))`.
    Arithmetic {
        /// All of it, as written.
        raw: Cooked,
    },
}

impl Part {
    /// The part as text: literals without quotes, everything else as written.
    pub fn text(&self) -> &str {
        match self {
            Self::Literal { text, .. } => text.as_str(),
            Self::Variable { raw, .. }
            | Self::Commands { raw, .. }
            | Self::Process { raw, .. }
            | Self::Arithmetic { raw } => raw.as_str(),
        }
    }
}

impl ShellWord {
    /// The word's value, if nothing in it has to be expanded. Globs count as text.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match &self.parts[..] {
            [] => Some(Cow::Borrowed("")),
            [Part::Literal { text, .. }] => Some(Cow::Borrowed(text.as_str())),
            parts => {
                let literal = |it: &Part| matches!(it, Part::Literal { .. });
                parts.iter().all(literal).then(|| parts.iter().map(Part::text).collect())
            }
        }
    }

    /// The word as text: quotes removed, what has to be expanded as written.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.parts[..] {
            [one] => Cow::Borrowed(one.text()),
            parts => {
                let length = parts.iter().map(|it| it.text().len()).sum();
                let mut out = String::with_capacity(length);
                parts.iter().for_each(|it| out.push_str(it.text()));
                Cow::Owned(out)
            }
        }
    }

    /// The word's text with its places, for text that is a script or a list itself. What has to
    /// be expanded stands in it as written.
    pub fn cooked(&self) -> Cooked {
        let mut out = Cooked::empty(self.span.start());
        for part in &self.parts {
            let text = match part {
                Part::Literal { text, .. } => text,
                Part::Variable { raw, .. }
                | Part::Commands { raw, .. }
                | Part::Process { raw, .. }
                | Part::Arithmetic { raw } => raw,
            };
            out.append(text);
        }
        out
    }

    /// Whether the word is exactly this text.
    pub fn is(&self, text: &str) -> bool {
        self.literal().is_some_and(|it| it == text)
    }
}
