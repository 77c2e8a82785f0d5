//! Variable expansion and quote removal, as BuildKit does it before an instruction acts.
//!
//! Follows `frontend/dockerfile/shell/lex.go` of BuildKit 0.26: `$name`, `${name}`, and the
//! modifiers `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`. What a shell does beyond that
//! is the shell's business.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::ErrorKind;
use crate::scope::{Scope, Value};

/// An expanded word.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Expansion {
    /// The text; a variable without a known value stands in it as `${name}`.
    pub text: String,
    /// Variables whose value is not known.
    pub unknown: Vec<Unknown>,
    /// What BuildKit would refuse; the text then ends there.
    pub error: Option<ErrorKind>,
}

impl Expansion {
    /// The text, if every variable in it has a known value.
    pub fn known(&self) -> Option<&str> {
        (self.unknown.is_empty() && self.error.is_none()).then_some(&self.text)
    }
}

/// A variable whose value is not known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: Reason,
}

/// Why a variable's value is not known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// A build argument without a default.
    BuildArg,
    /// Nothing in the file declares it; the base image may set it.
    Undeclared,
    /// Nothing declares it, and no base image could: it is empty.
    Unset,
    /// Its value is longer than is worth following.
    TooLong,
}

/// Values longer than this are not followed: a few lines of `ENV a=$a$a` would fill the memory.
const LONGEST: usize = 64 * 1024;
/// Patterns are tried at every place of a value, which is only affordable for short ones.
const LONGEST_MATCHED: usize = 4 * 1024;
/// `${a:-${b:-…}}` deeper than this is refused.
const DEEPEST: u8 = 32;

/// Whether every character of a text stands for itself. `escape` is an ASCII character.
pub(crate) fn is_plain(text: &str, escape: char) -> bool {
    text.bytes().all(|it| !matches!(it, b'$' | b'\'' | b'"') && char::from(it) != escape)
}

/// Expands `text` and removes its quotes.
pub(crate) fn expand(text: &str, escape: char, scope: &Scope) -> Expansion {
    if is_plain(text, escape) {
        return Expansion { text: text.to_owned(), ..Expansion::default() };
    }
    let mut lexer = Lexer::new(text, escape, Some(scope));
    let mut out = String::with_capacity(text.len());
    let error = lexer.until(None, false, &mut out).err();
    Expansion { text: out, unknown: lexer.unknown, error }
}

/// The words of a line, split at white space outside quotes. Nothing if BuildKit could not read
/// the line.
pub(crate) fn shell_words(line: &str) -> Option<Vec<Range<usize>>> {
    let mut lexer = Lexer::new(line, '\\', None);
    lexer.raw = true;
    lexer.until(None, true, &mut String::new()).ok()?;
    lexer.words.extend(lexer.word_start.map(|it| it..line.len()));
    Some(lexer.words)
}

/// `text` without its quotes and escapes, if it is a single word.
pub(crate) fn without_quotes(text: &str) -> Option<String> {
    let mut lexer = Lexer::new(text, '\\', None);
    let mut out = String::new();
    lexer.until(None, false, &mut out).ok()?;
    (lexer.words.is_empty() && lexer.word_start == Some(0)).then_some(out)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    escape: char,
    /// Nothing: variables stay as written.
    scope: Option<&'a Scope>,
    /// Quotes and escapes stay.
    raw: bool,
    depth: u8,
    unknown: Vec<Unknown>,
    /// Words of the outermost level.
    words: Vec<Range<usize>>,
    word_start: Option<usize>,
}

type Step = Result<(), ErrorKind>;

impl<'a> Lexer<'a> {
    fn new(text: &'a str, escape: char, scope: Option<&'a Scope>) -> Self {
        Self {
            text,
            at: 0,
            escape,
            scope,
            raw: false,
            depth: 0,
            unknown: Vec::new(),
            words: Vec::new(),
            word_start: None,
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|it| it.chars().next())
    }

    fn next(&mut self) -> Option<char> {
        let it = self.peek()?;
        self.at += it.len_utf8();
        Some(it)
    }

    /// Reads up to and with `stop`, or to the end.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool, out: &mut String) -> Step {
        loop {
            let start = self.at;
            let Some(it) = self.peek() else {
                return if stop.is_some() { Err(ErrorKind::UnclosedBrace) } else { Ok(()) };
            };
            if stop == Some(it) {
                self.next();
                return Ok(());
            }
            self.mark_word(start, it);
            match it {
                '\'' => self.single_quoted(out)?,
                '"' => self.double_quoted(out)?,
                '$' => self.variable(out)?,
                _ => {
                    self.next();
                    if it == self.escape {
                        if self.raw || raw_escapes {
                            out.push(it);
                        }
                        let Some(escaped) = self.next() else { continue };
                        out.push(escaped);
                    } else {
                        if !it.is_whitespace() {
                            self.at += self.run_of_plain(stop);
                        }
                        out.push_str(self.text.get(start..self.at).unwrap_or_default());
                    }
                }
            }
            if out.len() > LONGEST && self.scope.is_some() {
                self.note("", Reason::TooLong);
                self.at = self.text.len();
                out.clear();
                return Ok(());
            }
        }
    }

    /// How many bytes from here on are letters of the same word that stand for themselves.
    fn run_of_plain(&self, stop: Option<char>) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let plain = |it: &u8| {
            let special = matches!(it, b'$' | b'\'' | b'"');
            let it = char::from(*it);
            it.is_ascii_graphic() && !special && it != self.escape && Some(it) != stop
        };
        rest.bytes().take_while(plain).count()
    }

    /// Keeps the outermost words by place.
    fn mark_word(&mut self, at: usize, it: char) {
        if self.depth > 0 {
            return;
        }
        if !it.is_whitespace() {
            self.word_start.get_or_insert(at);
        } else if let Some(start) = self.word_start.take() {
            self.words.push(start..at);
        }
    }

    fn single_quoted(&mut self, out: &mut String) -> Step {
        self.next();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(length) = rest.find('\'') else { return Err(ErrorKind::UnclosedQuote('\'')) };
        let inner = rest.get(..length).unwrap_or_default();
        self.at += length + 1;
        if self.raw {
            out.extend(["'", inner, "'"]);
        } else {
            out.push_str(inner);
        }
        Ok(())
    }

    fn double_quoted(&mut self, out: &mut String) -> Step {
        self.next();
        if self.raw {
            out.push('"');
        }
        loop {
            match self.peek() {
                None => return Err(ErrorKind::UnclosedQuote('"')),
                Some('"') => {
                    self.next();
                    if self.raw {
                        out.push('"');
                    }
                    return Ok(());
                }
                Some('$') => self.variable(out)?,
                Some(it) if it == self.escape => {
                    self.next();
                    let Some(escaped) = self.next() else {
                        return Err(ErrorKind::UnclosedQuote('"'));
                    };
                    // Only what has a meaning inside double quotes can be escaped there.
                    let meant = escaped == '"' || escaped == '$' || escaped == self.escape;
                    if self.raw || !meant {
                        out.push(it);
                    }
                    out.push(escaped);
                }
                Some(it) => {
                    self.next();
                    out.push(it);
                }
            }
        }
    }

    fn variable(&mut self, out: &mut String) -> Step {
        let start = self.at;
        self.next();
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                out.push('$');
                return Ok(());
            }
            return self.plain(name, start, out);
        }
        self.next();
        match self.peek() {
            None => return Err(ErrorKind::UnclosedBrace),
            Some('{' | '}' | ':') => return Err(ErrorKind::BadSubstitution),
            Some(_) => {}
        }
        let name = self.name();
        let Some(modifier) = self.next() else { return Err(ErrorKind::UnclosedBrace) };
        match modifier {
            '}' => self.plain(name, start, out),
            ':' => match self.next() {
                Some(it @ ('-' | '+' | '?')) => self.modified(name, it, true, out),
                it => Err(ErrorKind::UnsupportedModifier(format!(
                    ":{}",
                    it.map(String::from).unwrap_or_default()
                ))),
            },
            '-' | '+' | '?' => self.modified(name, modifier, false, out),
            '#' | '%' => self.trimmed(name, modifier, out),
            '/' => self.replaced(name, out),
            it => Err(ErrorKind::UnsupportedModifier(it.to_string())),
        }
    }

    /// A variable's name, or one of the shell's special parameters.
    fn name(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let run = |fits: fn(&u8) -> bool| rest.bytes().take_while(fits).count();
        let length = match rest.bytes().next() {
            Some(b'0'..=b'9') => run(u8::is_ascii_digit),
            Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => 1,
            _ => run(|it| it.is_ascii_alphanumeric() || *it == b'_'),
        };
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn value(&self, name: &str) -> Result<Cow<'a, str>, Reason> {
        match self.scope.map(|it| it.get(name)) {
            Some(Value::Known(it)) => Ok(Cow::Borrowed(it)),
            Some(Value::Unknown(reason)) => Err(reason),
            None => Err(Reason::Undeclared),
        }
    }

    fn note(&mut self, name: &str, reason: Reason) {
        let it = Unknown { name: name.to_owned(), reason };
        if !self.unknown.contains(&it) {
            self.unknown.push(it);
        }
    }

    fn plain(&mut self, name: &str, start: usize, out: &mut String) -> Step {
        if self.scope.is_none() {
            out.push_str(self.text.get(start..self.at).unwrap_or_default());
            return Ok(());
        }
        match self.value(name) {
            Ok(it) => out.push_str(&it),
            Err(Reason::Unset) => self.note(name, Reason::Unset),
            Err(reason) => self.leave_open(name, reason, out),
        }
        Ok(())
    }

    fn leave_open(&mut self, name: &str, reason: Reason, out: &mut String) {
        self.note(name, reason);
        out.extend(["${", name, "}"]);
    }

    /// The word after a modifier, up to `stop`.
    fn word(&mut self, stop: char, raw_escapes: bool) -> Result<String, ErrorKind> {
        if self.depth >= DEEPEST {
            return Err(ErrorKind::BadSubstitution);
        }
        self.depth += 1;
        let mut word = String::new();
        let result = self.until(Some(stop), raw_escapes, &mut word);
        self.depth -= 1;
        result.map(|()| word)
    }

    fn modified(
        &mut self,
        name: &str,
        modifier: char,
        empty_is_unset: bool,
        out: &mut String,
    ) -> Step {
        let noted = self.unknown.len();
        let word = self.word('}', false)?;
        let value = self.value(name);
        let set = value.as_ref().is_ok_and(|it| !(empty_is_unset && it.is_empty()));
        match modifier {
            '+' if set => out.push_str(&word),
            '-' if !set => out.push_str(&word),
            '-' => {
                // The word was not needed, nor what is unknown in it.
                self.unknown.truncate(noted);
                out.push_str(&value.unwrap_or_default());
            }
            '+' => {
                self.unknown.truncate(noted);
                if let Err(reason) = value {
                    self.note(name, reason);
                }
            }
            _ => match value {
                Ok(it) if set => out.push_str(&it),
                Ok(_) | Err(Reason::Unset) => return Err(ErrorKind::RequiredVariable(name.into())),
                Err(reason) => self.leave_open(name, reason, out),
            },
        }
        Ok(())
    }

    fn trimmed(&mut self, name: &str, side: char, out: &mut String) -> Step {
        let mut pattern = self.word('}', true)?;
        let longest = pattern.starts_with(side);
        if longest {
            pattern.remove(0);
        }
        match self.value(name) {
            Ok(it) if it.len() <= LONGEST_MATCHED => {
                out.push_str(if side == '#' {
                    glob::without_prefix(&it, &pattern, longest)
                } else {
                    glob::without_suffix(&it, &pattern, longest)
                });
            }
            Ok(_) => self.leave_open(name, Reason::TooLong, out),
            Err(Reason::Unset) => self.note(name, Reason::Unset),
            Err(reason) => self.leave_open(name, reason, out),
        }
        Ok(())
    }

    fn replaced(&mut self, name: &str, out: &mut String) -> Step {
        let all = self.peek() == Some('/');
        if all {
            self.next();
        }
        let pattern = self.word('/', true)?;
        let with = self.word('}', true)?;
        match self.value(name) {
            Ok(it) if it.len() <= LONGEST_MATCHED => glob::replace(&it, &pattern, &with, all, out),
            Ok(_) => self.leave_open(name, Reason::TooLong, out),
            Err(Reason::Unset) => self.note(name, Reason::Unset),
            Err(reason) => self.leave_open(name, reason, out),
        }
        Ok(())
    }
}

/// Shell patterns: `*`, `?`, and a backslash before a character that stands for itself.
mod glob {
    /// Ends of all non-empty-or-empty prefixes of `text` that the pattern matches, ascending.
    fn prefix_ends<'a>(text: &'a str, pattern: &'a str) -> impl Iterator<Item = usize> + 'a {
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        ends.filter(move |end| matches(text.get(..*end).unwrap_or_default(), pattern))
    }

    pub(super) fn without_prefix<'a>(text: &'a str, pattern: &str, longest: bool) -> &'a str {
        let mut ends = prefix_ends(text, pattern);
        let end = if longest { ends.last() } else { ends.next() };
        text.get(end.unwrap_or(0)..).unwrap_or(text)
    }

    pub(super) fn without_suffix<'a>(text: &'a str, pattern: &str, longest: bool) -> &'a str {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let mut fits = starts.filter(|at| matches(text.get(*at..).unwrap_or_default(), pattern));
        let start = if longest { fits.next() } else { fits.next_back() };
        text.get(..start.unwrap_or(text.len())).unwrap_or(text)
    }

    pub(super) fn replace(text: &str, pattern: &str, with: &str, all: bool, out: &mut String) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = prefix_ends(rest, pattern).last().filter(|it| *it > 0);
            match end {
                Some(end) => {
                    out.push_str(with);
                    rest = rest.get(end..).unwrap_or_default();
                    if !all {
                        break;
                    }
                }
                None => {
                    out.push(first);
                    rest = rest.get(first.len_utf8()..).unwrap_or_default();
                }
            }
        }
        out.push_str(rest);
    }

    /// Whether the pattern matches the whole text. Linear but for backtracking to the last star.
    pub(super) fn matches(text: &str, pattern: &str) -> bool {
        let (text, pattern): (Vec<char>, Vec<char>) =
            (text.chars().collect(), pattern.chars().collect());
        let (mut t, mut p) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while t < text.len() {
            let (literal, width) = match pattern.get(p) {
                Some('\\') if p + 1 < pattern.len() => (pattern.get(p + 1), 2),
                other => (other, 1),
            };
            if width == 1 && literal == Some(&'*') {
                star = Some((p + 1, t));
                p += 1;
            } else if literal.is_some()
                && (literal == text.get(t) || (width == 1 && literal == Some(&'?')))
            {
                p += width;
                t += 1;
            } else if let Some((after, from)) = star {
                p = after;
                t = from + 1;
                star = Some((after, from + 1));
            } else {
                return false;
            }
        }
        pattern.get(p..).is_some_and(|rest| rest.iter().all(|it| *it == '*'))
    }
}
