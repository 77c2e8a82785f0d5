//! A second look at a text that nothing was recognized in: as it stood before somebody pasted it.
//!
//! Mail puts `>` before every line, editors number lines, terminals colour words, word processors
//! bend quotes, people leave out what they do not want to show. All of that is made blank, byte for
//! byte in the same place, so that every place in the mended text is one in the text itself.

use crate::recognize::is_json;

/// What was mended.
pub(super) struct Mended {
    /// The text, as long as before.
    pub(super) text: String,
    /// Where something was left out, if anything was.
    pub(super) left_out: Option<usize>,
}

/// The text without what pastes add; nothing when there is no such thing in it.
pub(super) fn mended(text: &str) -> Option<Mended> {
    let mut out = without_signs(text);
    for step in
        [without_changes, without_margin, without_rules, without_prose, in_rows, with_opening]
    {
        if let Some(next) = step(&out) {
            out = next;
        }
    }
    let mut left_out = None;
    if is_json(&out) {
        (out, left_out) = without_gaps(&out);
    }
    // Every place must still be one: nothing moved, no character was taken apart.
    let is_same_size = out.len() == text.len();
    (is_same_size && out != text).then_some(Mended { text: out, left_out })
}

/// As many blanks as something has bytes.
fn blank(out: &mut String, bytes: usize) {
    out.extend(std::iter::repeat_n(' ', bytes));
}

/// Colours of terminals, odd blanks, bent quotes.
fn without_signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_open = false;
    while let Some(it) = rest.chars().next() {
        let mut length = it.len_utf8();
        match it {
            '\u{1b}' => {
                let ends = |it: char| it.is_ascii_alphabetic() || it == '~';
                let sequence = rest.strip_prefix("\u{1b}[").and_then(|it| it.find(ends));
                length = sequence.map_or(length, |it| it + 3);
                blank(&mut out, length);
            }
            '\u{a0}' | '\u{200b}' | '\u{2007}' | '\u{202f}' | '\u{feff}' => {
                blank(&mut out, length);
            }
            '\u{201c}' | '\u{201d}' | '\u{201e}' => {
                // The blanks belong outside of what is quoted.
                is_open = !is_open;
                if is_open {
                    blank(&mut out, length - 1);
                    out.push('"');
                } else {
                    out.push('"');
                    blank(&mut out, length - 1);
                }
            }
            _ => out.push(it),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// A file as it is after the changes that a patch shows.
fn without_changes(text: &str) -> Option<String> {
    let is_patch = text.lines().any(|it| it.starts_with("@@ ")) && text.contains("+++ ");
    if !is_patch {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut is_inside = false;
    for line in text.split_inclusive('\n') {
        let is_head = ["diff ", "index ", "--- ", "+++ ", "@@ ", "new file", "\\ "]
            .into_iter()
            .any(|it| line.starts_with(it));
        is_inside |= line.starts_with("@@ ");
        let body = line.trim_end_matches(['\n', '\r']);
        match line.strip_prefix(['+', ' ']) {
            Some(rest) if is_inside && !is_head => {
                out.push(' ');
                out.push_str(rest);
            }
            _ => {
                blank(&mut out, body.len());
                out.push_str(line.get(body.len()..)?);
            }
        }
    }
    Some(out)
}

/// `>` of quoted mail, and numbers of lines.
fn without_margin(text: &str) -> Option<String> {
    let filled = || text.lines().filter(|it| !it.trim().is_empty());
    let number = |line: &str| -> Option<(usize, u32)> {
        let start = line.len() - line.trim_start().len();
        let digits = line.get(start..)?.bytes().take_while(u8::is_ascii_digit).count();
        let value = line.get(start..start + digits)?.parse().ok()?;
        let mut end = start + digits;
        let next = line.get(end..)?.chars().next();
        if let Some(mark @ (':' | '|' | '.' | ')')) = next {
            end += mark.len_utf8();
        } else if next.is_some_and(|it| !it.is_whitespace() && it != '\u{2502}') {
            return None;
        } else if next == Some('\u{2502}') {
            end += '\u{2502}'.len_utf8();
        }
        Some((end, value))
    };
    let quoted = |line: &str| {
        let start = line.len() - line.trim_start().len();
        let marks = line.get(start..)?.bytes().take_while(|it| matches!(it, b'>' | b'|')).count();
        (marks > 0).then_some(start + marks)
    };
    let numbers: Vec<Option<(usize, u32)>> = filled().map(number).collect();
    let is_numbered = numbers.len() > 1
        && numbers.windows(2).all(|it| matches!(it, [Some(a), Some(b)] if a.1 < b.1));
    let first = filled().next()?.trim_start();
    let is_quoted = first.starts_with('>') && filled().all(|it| quoted(it).is_some());
    if !is_numbered && !is_quoted {
        return None;
    }
    let end = |line: &str| match is_numbered {
        true => number(line).map(|it| it.0),
        false => quoted(line),
    };
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = end(line).unwrap_or_default();
        blank(&mut out, end);
        out.push_str(line.get(end..).unwrap_or_default());
    }
    Some(out)
}

/// The lines between the cells of a Markdown table of a history: five columns or four.
fn without_rules(text: &str) -> Option<String> {
    let first = text.lines().map(str::trim).find(|it| !it.is_empty())?;
    if !first.starts_with('|') || !first.to_ascii_uppercase().contains("CREATED BY") {
        return None;
    }
    let bars = |line: &str| -> Vec<usize> {
        let all = line.match_indices('|').map(|it| it.0);
        all.filter(|at| !line.get(..*at).is_some_and(|it| it.ends_with('\\'))).collect()
    };
    let columns = bars(first).len();
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let is_rule = line.contains("--") && line.trim().chars().all(|it| "|-: ".contains(it));
        let all = bars(line);
        // What made a row stands in the third column, and may have bars of its own.
        let own = all.len().saturating_sub(columns);
        let inside: Vec<usize> = all.iter().skip(3).take(own).copied().collect();
        for (at, it) in line.char_indices() {
            let is_bar = it == '|' && all.contains(&at) && !inside.contains(&at);
            let is_tick = it == '`' || (it == '\\' && line.get(at + 1..).is_some_and(starts_bar));
            match it {
                '-' | ':' if is_rule => out.push(' '),
                _ if is_bar || is_tick => out.push(' '),
                _ => out.push(it),
            }
        }
    }
    Some(out)
}

fn starts_bar(text: &str) -> bool {
    text.starts_with('|')
}

/// Words before the document: of a person, or of the engine.
fn without_prose(text: &str) -> Option<String> {
    let mut at = 0;
    // A Dockerfile may start with a mistake; words stand apart from it, or announce it.
    let mut is_apart = true;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let trimmed = line.trim();
        let after = std::mem::replace(&mut is_apart, trimmed.is_empty() || trimmed.ends_with(':'));
        let is_start = image::history::is_table(trimmed)
            || matches!(trimmed, "[" | "{" | "[{")
            || trimmed.starts_with("[{\"")
            || trimmed.starts_with("{\"")
            || (trimmed.starts_with("FROM ") && after)
            || trimmed.starts_with("services:")
            || trimmed.starts_with("apiVersion:");
        if is_start && index > 0 {
            let mut out = String::with_capacity(text.len());
            for it in text.get(..at)?.chars() {
                match it {
                    '\n' | '\r' => out.push(it),
                    _ => blank(&mut out, it.len_utf8()),
                }
            }
            out.push_str(text.get(at..)?);
            return Some(out);
        }
        if is_start || index > 40 {
            return None;
        }
        at += line.len();
    }
    None
}

/// A table whose line ends have become blanks: every row starts with its id.
fn in_rows(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.contains('\n') || !trimmed.contains(" CREATED BY ") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut rows = 0;
    while let Some(at) = rest.find(' ') {
        out.push_str(rest.get(..at)?);
        rest = rest.get(at + 1..)?;
        let word = rest.split(' ').next().unwrap_or_default();
        let digits = word.strip_prefix("sha256:").unwrap_or(word);
        let is_id = word == "<missing>"
            || (matches!(digits.len(), 12 | 64) && digits.bytes().all(|it| it.is_ascii_hexdigit()));
        out.push(if is_id { '\n' } else { ' ' });
        rows += usize::from(is_id);
    }
    out.push_str(rest);
    (rows > 0).then_some(out)
}

/// An object whose opening bracket was not copied: a blank before it becomes one.
fn with_opening(text: &str) -> Option<String> {
    let start = text.len() - text.trim_start_matches([' ', '\t']).len();
    let name = text.get(start..)?.strip_prefix('"')?;
    let (name, rest) = name.split_once('"')?;
    let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric());
    if start == 0 || !is_name || !rest.trim_start().starts_with(':') {
        return None;
    }
    let mut out = " ".repeat(start - 1);
    out.push('{');
    out.push_str(text.get(start..)?);
    Some(out)
}

/// JSON without the dots that stand for what was left out, and with nothing in place of words that
/// stand for a value. Gives where the first of them stands.
fn without_gaps(text: &str) -> (String, Option<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut left_out = None;
    let mut rest = text;
    let at = |rest: &str| text.len() - rest.len();
    while let Some(it) = rest.chars().next() {
        let dots = dots(rest);
        let length = match it {
            '"' => {
                let length = string_length(rest);
                out.push_str(rest.get(..length).unwrap_or_default());
                length
            }
            _ if dots > 0 => {
                left_out.get_or_insert(at(rest));
                blank(&mut out, dots);
                dots
            }
            '<' | '*' | 'A'..='Z' | 'a'..='z' => {
                let ends = |it: char| matches!(it, ',' | '}' | ']' | '\n' | '\r' | '"' | ':');
                let length = rest.find(ends).unwrap_or(rest.len());
                let word = rest.get(..length).unwrap_or_default();
                let is_value = out.trim_end().ends_with([':', '[', ',']);
                let known = matches!(word.trim_end(), "true" | "false" | "null");
                if known || !is_value {
                    out.push_str(word);
                } else if length >= 4 {
                    left_out.get_or_insert(at(rest));
                    out.push_str("null");
                    blank(&mut out, length - 4);
                } else {
                    left_out.get_or_insert(at(rest));
                    out.push('0');
                    blank(&mut out, length - 1);
                }
                length
            }
            _ => {
                out.push(it);
                it.len_utf8()
            }
        };
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    (out, left_out)
}

/// The length of dots at the start of a text, with a comma behind them.
fn dots(text: &str) -> usize {
    let end = text.trim_start_matches(['.', '\u{2026}']);
    let length = text.len() - end.len();
    if length < 3 {
        return 0;
    }
    let blanks = end.len() - end.trim_start_matches([' ', '\t']).len();
    let comma = end.get(blanks..).is_some_and(|it| it.starts_with(','));
    length + if comma { blanks + 1 } else { 0 }
}

/// The length of the string that a text starts with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, it) in text.char_indices().skip(1) {
        match it {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = mended(text).map(|it| it.text);
        assert_eq!(got.as_deref(), Some(expected));
    }

    #[test]
    fn what_pastes_add_is_made_blank() {
        check("> FROM a\n> RUN b\n", "  FROM a\n  RUN b\n");
        check("1: FROM a\n2: RUN b\n", "   FROM a\n   RUN b\n");
        check(
            "--- a\n+++ b\n@@ -1 +1 @@\n FROM a\n-RUN b\n+RUN c\n",
            "     \n     \n           \n FROM a\n      \n RUN c\n",
        );
        check("\u{1b}[1mFROM\u{1b}[0m a", "    FROM     a");
        check("FROM\u{a0}a", "FROM  a");
        check("{\u{201c}a\u{201d}: 1}", "{  \"a\"  : 1}");
        check("Hello,\n\nFROM a\n", "      \n\nFROM a\n");
        check("  \"Id\": 1,\n\"Os\": 2}", " {\"Id\": 1,\n\"Os\": 2}");
    }

    #[test]
    fn tables_get_their_rows_back() {
        check(
            "IMAGE CREATED CREATED BY SIZE COMMENT <missing> 2 days ago x 0B <missing> y",
            "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago x 0B\n<missing> y",
        );
        check(
            "| IMAGE | CREATED BY | SIZE |\n|---|---|---|\n| a | b \\| c | 0B |\n",
            "  IMAGE   CREATED BY   SIZE  \n             \n  a   b  | c   0B  \n",
        );
    }

    #[test]
    fn what_was_left_out_is_noticed() {
        let check = |text: &str, expected: &str, at: usize| {
            let it = mended(text).unwrap();
            assert_eq!((&*it.text, it.left_out), (expected, Some(at)));
        };
        check("[\"...\", ...]", "[\"...\",    ]", 8);
        check("{\"a\": {...}, \"b\": 1}", "{\"a\": {   }, \"b\": 1}", 7);
        check("{\"a\": <redacted>, \"b\": xx}", "{\"a\": null      , \"b\": 0 }", 6);
        assert!(mended("{\"a\": true}").is_none() && mended("FROM a\n").is_none());
    }
}
