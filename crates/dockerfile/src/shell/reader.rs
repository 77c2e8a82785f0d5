//! Characters and words of a shell text.

use text::{Cooked, Span};

use super::{Part, Script, ShellWord};

/// Nesting deeper than this is kept as it stands.
pub(super) const DEEPEST: u8 = 40;
/// How often each byte of a text may be looked at.
const FUEL: usize = 64;
/// Arithmetic longer than this is not looked for the end of.
const LONGEST_ARITHMETIC: usize = 4096;

/// A position in a shell text.
pub(super) struct Reader<'a> {
    pub(super) cooked: &'a Cooked,
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) depth: u8,
    /// The last here-document read ahead: the end of the line it is named on, and the end of its
    /// last line.
    pub(super) heredoc: Option<(usize, usize)>,
    /// Bytes that may still be looked at. Reading again after something turned out not to be
    /// closed is what hostile input would abuse; sound text never needs a tenth of this.
    fuel: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(cooked: &'a Cooked, depth: u8) -> Self {
        Self {
            cooked,
            text: cooked.as_str(),
            at: 0,
            depth,
            heredoc: None,
            fuel: FUEL * cooked.as_str().len() + 1024,
        }
    }

    /// Pays for looking at so many bytes; nothing when that is too much.
    pub(super) fn spend(&mut self, bytes: usize) -> Option<()> {
        match self.fuel.checked_sub(bytes + 1) {
            Some(left) => {
                self.fuel = left;
                Some(())
            }
            None => {
                self.fuel = 0;
                None
            }
        }
    }

    /// Whether reading was given up.
    pub(super) fn is_exhausted(&self) -> bool {
        self.fuel == 0
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|it| it.starts_with(with.as_bytes()))
    }

    pub(super) fn span(&self, start: usize) -> Span {
        self.cooked.span(start..self.at)
    }

    /// Passes blanks, escaped line ends and comments, but no line end.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(b'\\') if self.peek_at(1) == Some(b'\n') => self.at += 2,
                Some(b'\\') if self.starts("\\\r\n") => self.at += 3,
                Some(b'#') => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                _ => return,
            }
        }
    }

    /// Passes a line end, and the here-documents behind it.
    pub(super) fn line_end(&mut self) {
        self.at = match self.heredoc {
            Some((line_end, behind)) if line_end == self.at => behind,
            _ => self.at + 1,
        };
    }

    /// Reads a word; nothing when no word starts here.
    pub(super) fn word(&mut self) -> Option<ShellWord> {
        let start = self.at;
        let mut parts = Vec::new();
        loop {
            let plain = self.plain(&mut parts);
            match self.peek() {
                Some(b'\'') => self.single(&mut parts, false)?,
                Some(b'"') => self.double(&mut parts)?,
                Some(b'\\') => self.escaped(&mut parts),
                Some(b'$') => self.dollar(&mut parts, false)?,
                Some(b'`') => self.backquoted(&mut parts, false)?,
                Some(b'<' | b'>') if self.peek_at(1) == Some(b'(') => self.process(&mut parts)?,
                _ if plain => {}
                _ => break,
            }
        }
        self.spend(self.at - start)?;
        (self.at > start).then(|| ShellWord { span: self.span(start), parts })
    }

    /// Text without any special meaning. Says whether there was some.
    fn plain(&mut self, parts: &mut Vec<Part>) -> bool {
        let rest = self.rest().as_bytes();
        let length = rest.iter().take_while(|it| !ends_plain(**it)).count();
        if length == 0 {
            return false;
        }
        let text = self.cooked.slice(self.at..self.at + length);
        self.at += length;
        push_literal(parts, text, false);
        true
    }

    fn single(&mut self, parts: &mut Vec<Part>, escapes: bool) -> Option<()> {
        let start = self.at + 1;
        let rest = self.text.get(start..)?;
        let length = if escapes {
            let mut escaped = false;
            rest.bytes().position(|it| {
                let ends = it == b'\'' && !escaped;
                escaped = it == b'\\' && !escaped;
                ends
            })?
        } else {
            rest.find('\'')?
        };
        self.at = start + length + 1;
        push_literal(parts, self.cooked.slice(start..start + length), true);
        Some(())
    }

    fn double(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        self.at += 1;
        // An empty pair of quotes is a word of its own.
        push_literal(parts, self.cooked.slice(self.at..self.at), true);
        loop {
            let rest = self.rest();
            let length = rest.find(['"', '\\', '$', '`'])?;
            push_literal(parts, self.cooked.slice(self.at..self.at + length), true);
            self.at += length;
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'$' => self.dollar(parts, true)?,
                b'`' => self.backquoted(parts, true)?,
                _ => {
                    let keeps =
                        !matches!(self.peek_at(1), Some(b'"' | b'\\' | b'$' | b'`' | b'\n'));
                    let from = if keeps { self.at } else { self.at + 1 };
                    let next = self.text.get(self.at + 1..)?.chars().next()?;
                    let to = self.at + 1 + next.len_utf8();
                    if next != '\n' {
                        push_literal(parts, self.cooked.slice(from..to), true);
                    }
                    self.at = to;
                }
            }
        }
    }

    fn escaped(&mut self, parts: &mut Vec<Part>) {
        let next = self.text.get(self.at + 1..).and_then(|it| it.chars().next());
        let Some(next) = next else {
            // A backslash at the very end stands for itself.
            push_literal(parts, self.cooked.slice(self.at..self.at + 1), true);
            self.at += 1;
            return;
        };
        let start = self.at + 1;
        self.at = start + next.len_utf8();
        if next != '\n' {
            push_literal(parts, self.cooked.slice(start..self.at), true);
        }
    }

    fn dollar(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Option<()> {
        let start = self.at;
        match self.peek_at(1) {
            Some(b'{') => self.guarded(|it| it.braced(parts, quoted)),
            Some(b'(') if self.peek_at(2) == Some(b'(') && self.arithmetic(parts) => Some(()),
            Some(b'(') => {
                let (script, raw) = self.nested(2)?;
                parts.push(Part::Commands { script, raw, quoted });
                Some(())
            }
            Some(b'\'') if !quoted => {
                self.at += 1;
                self.single(parts, true)
            }
            Some(b'"') if !quoted => {
                self.at += 1;
                self.double(parts)
            }
            _ => {
                self.at += 1;
                let name = self.variable_name();
                self.at += name.len();
                let raw = self.cooked.slice(start..self.at);
                if name.is_empty() {
                    push_literal(parts, raw, quoted);
                } else {
                    let (name, operation) = (name.to_owned(), String::new());
                    parts.push(Part::Variable { name, operation, raw, quoted });
                }
                Some(())
            }
        }
    }

    fn variable_name(&self) -> &'a str {
        let rest = self.rest();
        let length = match rest.bytes().next() {
            Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => 1,
            _ => rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count(),
        };
        rest.get(..length).unwrap_or_default()
    }

    /// `${…}`, whose inside may hold quotes and further expansions.
    fn braced(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Option<()> {
        let start = self.at;
        self.at += 2;
        // `${#name}` and `${!name}` tell of the variable just the same.
        if matches!(self.peek(), Some(b'#' | b'!')) && self.peek_at(1) != Some(b'}') {
            self.at += 1;
        }
        let name = self.variable_name().to_owned();
        self.at += name.len();
        let operation = self.at;
        let mut inside = Vec::new();
        loop {
            let rest = self.rest();
            self.at += rest.find(['}', '\'', '"', '\\', '$', '`'])?;
            match self.peek()? {
                b'}' => break,
                b'\'' if !quoted => self.single(&mut inside, false)?,
                b'"' => self.double(&mut inside)?,
                b'\\' => self.escaped(&mut inside),
                b'$' => self.dollar(&mut inside, quoted)?,
                b'`' => self.backquoted(&mut inside, quoted)?,
                _ => self.at += 1,
            }
        }
        let operation = self.text.get(operation..self.at).unwrap_or_default().to_owned();
        self.at += 1;
        let raw = self.cooked.slice(start..self.at);
        parts.push(Part::Variable { name, operation, raw, quoted });
        // Commands inside a default run too.
        parts.extend(inside.into_iter().filter_map(hidden));
        Some(())
    }

    /// `$((…))`; says whether it was one, since `$((a); (b))` is not.
    fn arithmetic(&mut self, parts: &mut Vec<Part>) -> bool {
        let inner = self.text.get(self.at + 3..).unwrap_or_default();
        let mut depth = 0_u32;
        for (index, it) in inner.bytes().take(LONGEST_ARITHMETIC).enumerate() {
            if self.spend(0).is_none() {
                return false;
            }
            match it {
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b')' => {
                    if inner.as_bytes().get(index + 1) != Some(&b')') {
                        return false;
                    }
                    let end = self.at + 3 + index + 2;
                    parts.push(Part::Arithmetic { raw: self.cooked.slice(self.at..end) });
                    self.at = end;
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    fn process(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        let (script, raw) = self.nested(2)?;
        parts.push(Part::Process { script, raw });
        Some(())
    }

    /// Commands in parentheses whose opening is `skip` bytes long.
    fn nested(&mut self, skip: usize) -> Option<(Script, Cooked)> {
        let start = self.at;
        self.at += skip;
        let script = self.guarded(|it| Some(super::parser::script(it, &mut Vec::new())))?;
        if self.peek() != Some(b')') {
            self.at = start;
            return None;
        }
        self.at += 1;
        Some((script, self.cooked.slice(start..self.at)))
    }

    /// Commands in backquotes; inside, a backslash before a backquote, a backslash or a dollar
    /// sign goes away before the commands are read.
    fn backquoted(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Option<()> {
        let start = self.at;
        let mut inner = Cooked::empty(self.cooked.span(start..start).start());
        self.at += 1;
        loop {
            let length = self.rest().find(['`', '\\'])?;
            inner.append(&self.cooked.slice(self.at..self.at + length));
            self.at += length;
            if self.peek() == Some(b'`') {
                self.at += 1;
                break;
            }
            let drops = matches!(self.peek_at(1), Some(b'`' | b'\\' | b'$'));
            let from = if drops { self.at + 1 } else { self.at };
            let to = self.at + if drops { 2 } else { 1 };
            inner.append(&self.cooked.slice(from..to));
            self.at = to;
        }
        let raw = self.cooked.slice(start..self.at);
        let depth = self.depth + 1;
        let mut script = Script::default();
        if depth < DEEPEST {
            let mut reader = Reader { fuel: self.fuel, ..Reader::new(&inner, depth) };
            script = super::parser::script(&mut reader, &mut Vec::new());
            self.fuel = reader.fuel;
        }
        parts.push(Part::Commands { script, raw, quoted });
        Some(())
    }

    /// One level deeper, if that is still allowed.
    pub(super) fn guarded<T>(&mut self, f: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }
}

fn ends_plain(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\r'
            | b'\n'
            | 0x0b
            | 0x0c
            | b';'
            | b'&'
            | b'|'
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'\''
            | b'"'
            | b'\\'
            | b'$'
            | b'`'
    )
}

/// Literals of the same kind that follow each other are one.
fn push_literal(parts: &mut Vec<Part>, text: Cooked, quoted: bool) {
    match parts.last_mut() {
        Some(Part::Literal { text: last, quoted: was }) if *was == quoted => last.append(&text),
        Some(_) if text.is_empty() => {}
        Some(_) => parts.push(Part::Literal { text, quoted }),
        None => {
            // Most words have no other part: room for more would be most of what a script takes.
            parts.reserve_exact(1);
            parts.push(Part::Literal { text, quoted });
        }
    }
}

/// What has to be visited inside a braced variable.
fn hidden(part: Part) -> Option<Part> {
    match part {
        Part::Commands { script, raw, quoted } => {
            let raw = Cooked::empty(raw.whole().start());
            Some(Part::Commands { script, raw, quoted })
        }
        Part::Literal { .. }
        | Part::Variable { .. }
        | Part::Process { .. }
        | Part::Arithmetic { .. } => None,
    }
}
