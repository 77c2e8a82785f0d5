//! A cursor over JSON text: values with their places, and no tree.
//!
//! The text of an inspect output is kept as it was handed in, and a value is looked for when it is
//! wanted. So every value has its place, nothing is built that is not read, and a text that is cut
//! off can still be read up to where it breaks. No function here recurses or fails.

use text::{Cooked, Span};

/// A value in a JSON text.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    text: &'a str,
    start: usize,
}

/// What kind of value it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
    /// None of these.
    Broken,
}

/// Where and why a text is not JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Byte offset.
    pub at: u32,
    /// What is wrong there.
    pub what: &'static str,
}

/// Nesting deeper than this is refused. Real inputs nest less than twenty deep.
pub const DEEPEST: usize = 128;

impl<'a> Json<'a> {
    /// The first value of a text, behind a byte order mark if there is one; nothing when there is
    /// only white space.
    pub fn first(text: &'a str) -> Option<Self> {
        let start = skip_blanks(text, mark(text));
        (start < text.len()).then_some(Self { text, start })
    }

    /// The value that starts at a place of a text, behind blanks; nothing at its end.
    pub fn at(text: &'a str, start: usize) -> Option<Self> {
        let start = skip_blanks(text, start);
        (start < text.len()).then_some(Self { text, start })
    }

    /// The objects of a text from a place on: the items of arrays, or objects after each other.
    pub fn objects(text: &'a str, start: usize) -> Vec<Self> {
        let mut objects = Vec::new();
        let mut next = Self::at(text, start);
        while let Some(it) = next {
            match it.shape() {
                Shape::Array => objects.extend(it.items()),
                _ => objects.push(it),
            }
            next = it.next();
        }
        objects.retain(|it| it.shape() == Shape::Object);
        objects
    }

    /// The value after this one in a text that holds several, with or without commas between.
    pub fn next(self) -> Option<Self> {
        let mut start = skip_blanks(self.text, self.end());
        if self.text.as_bytes().get(start) == Some(&b',') {
            start = skip_blanks(self.text, start + 1);
        }
        (start < self.text.len() && start > self.start).then_some(Self { start, ..self })
    }

    /// Its shape, by its first character.
    pub fn shape(self) -> Shape {
        let rest = self.text.get(self.start..).unwrap_or_default();
        match rest.bytes().next() {
            Some(b'{') => Shape::Object,
            Some(b'[') => Shape::Array,
            Some(b'"') => Shape::String,
            Some(b'-' | b'0'..=b'9') => Shape::Number,
            _ if rest.starts_with("true") || rest.starts_with("false") => Shape::Boolean,
            _ if rest.starts_with("null") => Shape::Null,
            _ => Shape::Broken,
        }
    }

    /// Its place. The place of a value that is cut off ends with the text.
    pub fn span(self) -> Span {
        Span::of(self.start..self.end())
    }

    /// Its text as it stands.
    pub fn raw(self) -> &'a str {
        self.text.get(self.start..self.end()).unwrap_or_default()
    }

    /// The member of that name. Of several the last counts, as in Go. `null` counts as absent.
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        let members = self.members().filter(|(name, _)| name.is_text(key));
        let last = members.last().map(|(_, value)| value);
        last.filter(|it| it.shape() != Shape::Null)
    }

    /// The members of an object: names and values. Nothing for other shapes.
    pub fn members(self) -> impl Iterator<Item = (Json<'a>, Json<'a>)> {
        let mut at = self.inside(Shape::Object);
        std::iter::from_fn(move || {
            let name = Self { start: at?, ..self };
            at = None;
            if name.shape() != Shape::String {
                return None;
            }
            let colon = skip_blanks(self.text, name.end());
            if self.text.as_bytes().get(colon) != Some(&b':') {
                return None;
            }
            let value = Self { start: skip_blanks(self.text, colon + 1), ..self };
            if value.shape() == Shape::Broken {
                return None;
            }
            at = value.after_comma();
            Some((name, value))
        })
    }

    /// The items of an array. Nothing for other shapes.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let mut at = self.inside(Shape::Array);
        std::iter::from_fn(move || {
            let value = Self { start: at?, ..self };
            at = None;
            if value.shape() == Shape::Broken {
                return None;
            }
            at = value.after_comma();
            Some(value)
        })
    }

    /// The text of a string, decoded, with its places.
    pub fn string(self) -> Option<Cooked> {
        if self.shape() != Shape::String {
            return None;
        }
        let end = self.end();
        let closed = end > self.start + 1 && self.text.as_bytes().get(end - 1) == Some(&b'"');
        let inner = self.start + 1..if closed { end - 1 } else { end };
        let body = self.text.get(inner.clone())?;
        let mut out = Cooked::empty(Span::of(inner.clone()).start());
        let mut at = 0;
        while let Some(length) = body.get(at..)?.find('\\') {
            out.push(body.get(at..at + length)?, offset(inner.start + at));
            at += length;
            let (decoded, used) = decode(body.get(at..)?);
            // What stands for itself behind a backslash has its own place.
            let own = usize::from(used == 1 + decoded.len_utf8());
            out.push(decoded.encode_utf8(&mut [0; 4]), offset(inner.start + at + own));
            at += used;
        }
        out.push(body.get(at..)?, offset(inner.start + at));
        Some(out)
    }

    /// Whether it is a string of exactly this text.
    pub fn is_text(self, text: &str) -> bool {
        self.string().is_some_and(|it| it.as_str() == text)
    }

    /// The value of a boolean.
    pub fn boolean(self) -> Option<bool> {
        match self.raw() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The value of a number that fits.
    pub fn number(self) -> Option<f64> {
        if self.shape() == Shape::Number { self.raw().parse().ok() } else { None }
    }

    /// Where the first member or item starts.
    fn inside(self, shape: Shape) -> Option<usize> {
        if self.shape() != shape {
            return None;
        }
        let at = skip_blanks(self.text, self.start + 1);
        (at < self.text.len()).then_some(at)
    }

    fn after_comma(self) -> Option<usize> {
        let at = skip_blanks(self.text, self.end());
        let comma = self.text.as_bytes().get(at) == Some(&b',');
        comma.then(|| skip_blanks(self.text, at + 1))
    }

    /// The end of the value: its closing bracket or quote, or the end of the text.
    fn end(self) -> usize {
        let bytes = self.text.as_bytes();
        match self.shape() {
            Shape::String => string_end(bytes, self.start),
            Shape::Object | Shape::Array => {
                let mut depth = 0_usize;
                let mut at = self.start;
                while let Some(it) = bytes.get(at) {
                    match it {
                        b'"' => {
                            at = string_end(bytes, at);
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => {
                            depth -= 1;
                            if depth == 0 {
                                return at + 1;
                            }
                        }
                        _ => {}
                    }
                    at += 1;
                }
                bytes.len()
            }
            Shape::Number | Shape::Boolean | Shape::Null | Shape::Broken => {
                let ends = |it: &u8| {
                    matches!(it, b',' | b'}' | b']' | b'{' | b'[' | b'"' | b':')
                        || it.is_ascii_whitespace()
                };
                let rest = bytes.get(self.start..).unwrap_or_default();
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                // Something that is no value at all is passed over, one character at least.
                let mut end = self.start + length.max(1);
                while !self.text.is_char_boundary(end) {
                    end += 1;
                }
                end.min(bytes.len())
            }
        }
    }
}

/// Whether a text is JSON throughout: one value, or several in a row. Gives the first place where
/// it is not.
pub fn check(text: &str) -> Result<(), Broken> {
    let mut checker =
        Checker { bytes: text.as_bytes(), at: skip_blanks(text, mark(text)), open: Vec::new() };
    while checker.at < text.len() {
        checker.value()?;
        checker.at = skip_blanks(text, checker.at);
    }
    Ok(())
}

struct Checker<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Brackets that are open.
    open: Vec<u8>,
}

impl Checker<'_> {
    fn broken<T>(&self, what: &'static str) -> Result<T, Broken> {
        Err(Broken { at: offset(self.at.min(self.bytes.len())), what })
    }

    fn blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(|it| is_blank(*it)) {
            self.at += 1;
        }
    }

    /// One value with everything inside it.
    fn value(&mut self) -> Result<(), Broken> {
        loop {
            self.blanks();
            match self.bytes.get(self.at) {
                Some(it @ (b'{' | b'[')) => {
                    if self.open.len() >= DEEPEST {
                        return self.broken("brackets nest too deep");
                    }
                    self.open.push(*it);
                    self.at += 1;
                    self.blanks();
                    if self.close() {
                        // An empty one.
                    } else if self.open.last() == Some(&b'{') {
                        self.name()?;
                        continue;
                    } else {
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(_) => self.scalar()?,
                None => return self.broken("the text ends where a value is expected"),
            }
            if !self.after_value()? {
                return Ok(());
            }
        }
    }

    /// Closes brackets behind a value. Says whether another value follows.
    fn after_value(&mut self) -> Result<bool, Broken> {
        loop {
            let Some(open) = self.open.last().copied() else { return Ok(false) };
            self.blanks();
            if self.bytes.get(self.at) == Some(&b',') {
                self.at += 1;
                self.blanks();
                if open == b'{' {
                    self.name()?;
                }
                return Ok(true);
            }
            if !self.close() {
                return match self.bytes.get(self.at) {
                    None => self.broken("the text ends before its brackets are closed"),
                    Some(_) if open == b'{' => self.broken("a comma or `}` is expected"),
                    Some(_) => self.broken("a comma or `]` is expected"),
                };
            }
        }
    }

    fn close(&mut self) -> bool {
        let fits = match self.bytes.get(self.at) {
            Some(b'}') => self.open.last() == Some(&b'{'),
            Some(b']') => self.open.last() == Some(&b'['),
            _ => false,
        };
        if fits {
            self.open.pop();
            self.at += 1;
        }
        fits
    }

    fn name(&mut self) -> Result<(), Broken> {
        match self.bytes.get(self.at) {
            Some(b'"') => self.string()?,
            Some(b'}') => return self.broken("a comma stands before the closing bracket"),
            Some(_) => return self.broken("a name in double quotes is expected"),
            None => return self.broken("the text ends where a name is expected"),
        }
        self.blanks();
        if self.bytes.get(self.at) != Some(&b':') {
            return self.broken("a colon is expected");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Broken> {
        let start = self.at;
        let end = string_end(self.bytes, start);
        if end <= start + 1
            || self.bytes.get(end - 1) != Some(&b'"')
            || self.is_escaped(start, end - 1)
        {
            self.at = end;
            return self.broken("the text ends inside a string");
        }
        let inner = self.bytes.get(start + 1..end - 1).unwrap_or_default();
        if let Some(index) = inner.iter().position(|it| *it < 0x20) {
            self.at = start + 1 + index;
            return self.broken("a line end or control character stands in a string");
        }
        self.at = end;
        Ok(())
    }

    /// Whether an odd number of backslashes stands before `at`.
    fn is_escaped(&self, start: usize, at: usize) -> bool {
        let before = self.bytes.get(start + 1..at).unwrap_or_default();
        before.iter().rev().take_while(|it| **it == b'\\').count() % 2 == 1
    }

    fn scalar(&mut self) -> Result<(), Broken> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let ends = |it: &u8| matches!(it, b',' | b'}' | b']') || is_blank(*it);
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        let word =
            rest.get(..length).and_then(|it| std::str::from_utf8(it).ok()).unwrap_or_default();
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            return self.broken("a value is expected");
        }
        self.at += length;
        Ok(())
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let plain = digits
        .bytes()
        .all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'e' | b'E' | b'+' | b'-'));
    let starts = digits.bytes().next().is_some_and(|it| it.is_ascii_digit());
    starts && plain && word.parse::<f64>().is_ok()
}

/// Where the string that starts at `start` ends, its closing quote included.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(it) = bytes.get(at) {
        match it {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The character of an escape and how many bytes it takes. A lone half of a surrogate pair becomes
/// the replacement character.
fn decode(escape: &str) -> (char, usize) {
    let hex = |from: usize| {
        let digits = escape.get(from..from + 4)?;
        digits
            .bytes()
            .all(|it| it.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?
    };
    match escape.as_bytes().get(1) {
        Some(b'b') => ('\x08', 2),
        Some(b'f') => ('\x0c', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => match (hex(2), escape.get(6..8), hex(8)) {
            (Some(high @ 0xd800..=0xdbff), Some("\\u"), Some(low @ 0xdc00..=0xdfff)) => {
                let joined = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                (char::from_u32(joined).unwrap_or('\u{fffd}'), 12)
            }
            (Some(one), _, _) => (char::from_u32(one).unwrap_or('\u{fffd}'), 6),
            (None, _, _) => ('u', 2),
        },
        Some(_) => {
            let it = escape.chars().nth(1).unwrap_or('\\');
            (it, 1 + it.len_utf8())
        }
        None => ('\\', 1),
    }
}

/// Length of the byte order mark at the start.
fn mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|it| is_blank(**it)).count()
}

fn offset(at: usize) -> u32 {
    Span::of(at..at).start()
}
