//! Writes a text in which most characters are copied from another, and notes which.

use text::{Cooked, Span};

/// A stretch of a text that stands in another text as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Where it starts here.
    pub here: u32,
    /// Where it starts there.
    pub there: u32,
    /// How many bytes it has.
    pub length: u32,
}

#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) text: String,
    pub(crate) pieces: Vec<Piece>,
}

impl Writer {
    /// Where the next character goes.
    pub(crate) fn at(&self) -> usize {
        self.text.len()
    }

    /// Adds something that stands nowhere else.
    pub(crate) fn insert(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a text that stands nowhere else as a JSON string.
    pub(crate) fn insert_string(&mut self, text: &str) {
        let n_pieces = self.pieces.len();
        self.copy_string(&Cooked::plain(text, u32::MAX / 2));
        self.pieces.truncate(n_pieces);
    }

    /// Adds words of ours as a JSON array.
    pub(crate) fn insert_array(&mut self, words: &[String]) {
        let n_pieces = self.pieces.len();
        let words: Vec<Cooked> = words.iter().map(|it| Cooked::plain(it, u32::MAX / 2)).collect();
        self.copy_array(words.iter());
        self.pieces.truncate(n_pieces);
    }

    /// Copies a text as it is.
    pub(crate) fn copy(&mut self, text: &Cooked) {
        for (at, it) in text.as_str().char_indices() {
            self.copy_char(it, text, at);
        }
    }

    /// Copies a text onto one line: line ends become blanks, and what would join the next line to
    /// it is left out.
    pub(crate) fn copy_line(&mut self, text: &Cooked, escape: char) {
        let kept = text.as_str().trim_end().trim_end_matches(escape).len();
        for (at, it) in text.as_str().char_indices().take_while(|(at, _)| *at < kept) {
            match it {
                '\n' | '\r' => self.insert(" "),
                _ => self.copy_char(it, text, at),
            }
        }
    }

    /// Copies a text in quotes, such that an instruction reads it as it is.
    pub(crate) fn copy_quoted(&mut self, text: &Cooked, escape: char) {
        let plain = |it: char| it.is_ascii_alphanumeric() || "_./:,@%+=-".contains(it);
        if !text.is_empty() && text.as_str().chars().all(plain) {
            return self.copy(text);
        }
        self.insert("\"");
        for (at, it) in text.as_str().char_indices() {
            match it {
                '\n' | '\r' => self.insert(" "),
                '"' | '$' => {
                    self.text.push(escape);
                    self.copy_char(it, text, at);
                }
                _ if it == escape => {
                    self.text.push(escape);
                    self.copy_char(it, text, at);
                }
                _ => self.copy_char(it, text, at),
            }
        }
        self.insert("\"");
    }

    /// Writes words as a JSON array.
    pub(crate) fn copy_array<'a>(&mut self, words: impl Iterator<Item = &'a Cooked>) {
        self.insert("[");
        for (index, word) in words.enumerate() {
            self.insert(if index > 0 { ", " } else { "" });
            self.copy_string(word);
        }
        self.insert("]");
    }

    /// Writes a text as a JSON string.
    pub(crate) fn copy_string(&mut self, text: &Cooked) {
        self.insert("\"");
        for (at, it) in text.as_str().char_indices() {
            match it {
                '"' | '\\' => {
                    self.insert("\\");
                    self.copy_char(it, text, at);
                }
                '\n' => self.insert("\\n"),
                '\t' => self.insert("\\t"),
                _ if it.is_ascii_control() => self.insert(&format!("\\u{:04x}", u32::from(it))),
                _ => self.copy_char(it, text, at),
            }
        }
        self.insert("\"");
    }

    fn copy_char(&mut self, it: char, text: &Cooked, at: usize) {
        let place = text.span(at..at + it.len_utf8());
        // An escape is longer or shorter than what it stands for.
        let length = offset(it.len_utf8());
        let here = offset(self.text.len());
        self.text.push(it);
        match self.pieces.last_mut() {
            Some(last)
                if last.here + last.length == here && last.there + last.length == place.start() =>
            {
                last.length += length;
            }
            _ => self.pieces.push(Piece { here, there: place.start(), length }),
        }
    }
}

fn offset(it: usize) -> u32 {
    Span::of(it..it).start()
}
