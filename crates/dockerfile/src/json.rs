//! The JSON array form of an instruction's arguments.

use text::Cooked;

use crate::Word;

/// What an argument that starts with a bracket turned out to be.
#[derive(Debug)]
pub(crate) enum Array {
    /// An array of strings, decoded.
    Strings(Vec<Word>),
    /// An array with something else in it, which BuildKit refuses.
    Mixed,
    /// No JSON array; BuildKit takes the text for a shell command or for plain words.
    NotJson,
}

/// Reads all of `text` as a JSON array.
pub(crate) fn array(text: &Cooked) -> Array {
    let mut reader = Reader { text, at: 0 };
    reader.blanks();
    if !reader.eat(b'[') {
        return Array::NotJson;
    }
    let mut words = Vec::new();
    let mut mixed = false;
    reader.blanks();
    if !reader.eat(b']') {
        loop {
            reader.blanks();
            match reader.peek() {
                Some(b'"') => match reader.string() {
                    Some(word) => words.push(word),
                    None => return Array::NotJson,
                },
                _ if reader.other(0) => mixed = true,
                _ => return Array::NotJson,
            }
            reader.blanks();
            if reader.eat(b']') {
                break;
            }
            if !reader.eat(b',') {
                return Array::NotJson;
            }
        }
    }
    reader.blanks();
    if reader.peek().is_some() {
        Array::NotJson
    } else if mixed {
        Array::Mixed
    } else {
        Array::Strings(words)
    }
}

/// Nested values deeper than this are taken for no JSON; nothing real nests here at all.
const DEPTH: u8 = 64;

struct Reader<'a> {
    text: &'a Cooked,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_str().as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A string; the word spans the quotes and what is between them.
    fn string(&mut self) -> Option<Word> {
        let start = self.at;
        self.at += 1;
        let mut decoded = Cooked::empty(self.text.span(self.at..self.at).start());
        loop {
            let rest = self.text.as_str().get(self.at..)?;
            let plain = rest.find(['"', '\\']).unwrap_or(rest.len());
            // A raw control character is not allowed in a JSON string.
            if rest.get(..plain)?.bytes().any(|it| it < 0x20) {
                return None;
            }
            self.push(&mut decoded, plain);
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    let span = self.text.span(start..self.at);
                    return Some(Word { span, text: decoded });
                }
                _ => self.escape(&mut decoded)?,
            }
        }
    }

    /// Takes the next `length` bytes over as they stand, piece by piece where the line was joined.
    fn push(&mut self, decoded: &mut Cooked, length: usize) {
        let part = self.text.slice(self.at..self.at + length);
        if part.is_contiguous() {
            decoded.push(part.as_str(), part.whole().start());
        } else {
            for (index, it) in part.as_str().char_indices() {
                let end = index + it.len_utf8();
                let raw = part.span(index..end).start();
                decoded.push(part.as_str().get(index..end).unwrap_or_default(), raw);
            }
        }
        self.at += length;
    }

    fn escape(&mut self, decoded: &mut Cooked) -> Option<()> {
        let raw = self.text.span(self.at..self.at).start();
        self.at += 1;
        let letter = self.peek()?;
        self.at += 1;
        let it = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code_point()?,
            _ => return None,
        };
        decoded.push(it.encode_utf8(&mut [0; 4]), raw);
        Some(())
    }

    /// A `\u` escape; a lone surrogate becomes the replacement character, as Go has it.
    fn code_point(&mut self) -> Option<char> {
        let first = self.hex()?;
        if let 0xd800..=0xdbff = first {
            let back = self.at;
            if self.eat(b'\\')
                && self.eat(b'u')
                && let Some(second @ 0xdc00..=0xdfff) = self.hex()
            {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            self.at = back;
        }
        Some(char::from_u32(first).unwrap_or('\u{fffd}'))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.as_str().get(self.at..self.at + 4)?;
        let valid = digits.bytes().all(|it| it.is_ascii_hexdigit());
        self.at += 4;
        u32::from_str_radix(digits, 16).ok().filter(|_| valid)
    }

    /// Passes over a value that is no string. Says whether there was one.
    fn other(&mut self, depth: u8) -> bool {
        if depth > DEPTH {
            return false;
        }
        match self.peek() {
            Some(b'"') => self.string().is_some(),
            Some(open @ (b'[' | b'{')) => self.nested(open, depth),
            Some(_) => self.scalar(),
            None => false,
        }
    }

    fn scalar(&mut self) -> bool {
        let rest = self.text.as_str().get(self.at..).unwrap_or_default();
        let end = rest.find([',', ']', '}', ' ', '\t', ':']).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        self.at += end;
        let number = || {
            let digits = word.strip_prefix('-').unwrap_or(word);
            digits.starts_with(|it: char| it.is_ascii_digit()) && word.parse::<f64>().is_ok()
        };
        matches!(word, "true" | "false" | "null") || number()
    }

    fn nested(&mut self, open: u8, depth: u8) -> bool {
        let close = if open == b'[' { b']' } else { b'}' };
        self.at += 1;
        self.blanks();
        if self.eat(close) {
            return true;
        }
        loop {
            self.blanks();
            if open == b'{' {
                if self.peek() != Some(b'"') || self.string().is_none() {
                    return false;
                }
                self.blanks();
                if !self.eat(b':') {
                    return false;
                }
                self.blanks();
            }
            if !self.other(depth + 1) {
                return false;
            }
            self.blanks();
            if self.eat(close) {
                return true;
            }
            if !self.eat(b',') {
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Option<Vec<String>> {
        match array(&Cooked::plain(text, 0)) {
            Array::Strings(it) => Some(it.iter().map(|it| it.as_str().to_owned()).collect()),
            Array::Mixed | Array::NotJson => None,
        }
    }

    #[test]
    fn arrays_of_strings_are_decoded() {
        assert_eq!(
            strings(r#" [ "a", "b\"\u0041\ud83d\ude00" ] "#).unwrap(),
            ["a", "b\"A\u{1f600}"]
        );
        assert_eq!(strings("[]").unwrap(), [""; 0]);
    }

    #[test]
    fn anything_else_is_not_json_or_mixed() {
        for text in
            ["['a']", "[\"a\",]", "[\"a\"", "[\"a\"] b", "[\"\\x\"]", "[a]", "", "[\"a\" \"b\"]"]
        {
            assert!(matches!(array(&Cooked::plain(text, 0)), Array::NotJson), "{text}");
        }
        for text in ["[1]", "[\"a\", [\"b\"]]", "[{\"a\": [null, -1.5e3]}]", "[true]"] {
            assert!(matches!(array(&Cooked::plain(text, 0)), Array::Mixed), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(matches!(array(&Cooked::plain(&deep, 0)), Array::NotJson));
    }

    #[test]
    fn words_keep_their_places() {
        let Array::Strings(words) = array(&Cooked::plain(r#"["a", "b\nc"]"#, 10)) else { panic!() };
        assert_eq!((words[1].span.start(), words[1].span.end()), (16, 22));
        assert_eq!(words[1].text.span(2..3).start(), 20);
    }
}
